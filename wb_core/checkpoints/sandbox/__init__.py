"""A sandbox for uploaded files, which are untrusted input.

    sniff.py     checks the size and detects the format, from the bytes alone
    archive.py   checks that a zip is laid out exactly as torch writes it
    pool.py      keeps a worker ready and sends it the file
    process.py   starts the workers (on top of wb_core/base/processes.py)
    worker.py    the worker process: one child per file, with limited memory and time
    loader.py    opens the file in that child, and verifies that every value comes from the file
    stand_ins.py harmless stand-ins for objects in the file that are not tensors
    tables.py    finds the tables of tensors in the content
    protocol.py  the child's answer as plain bytes, checked on arrival
    codes.py     the reasons to refuse a file, with their sentences

Only `loader` lets torch read the file, and it runs only in the child.
"""
