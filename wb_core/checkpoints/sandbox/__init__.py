"""Opens uploaded checkpoints in a sandbox (wb_core/sandbox).

    sniff.py     checks the size and detects the format, from the bytes alone
    archive.py   checks that a zip is laid out exactly as torch writes it
    desk.py      hands the file to another process
    opener.py    opens it there, in a child of the worker, with limited memory and time
    loader.py    loads it, and verifies that every value comes from the file
    stand_ins.py harmless stand-ins for objects in the file that are not tensors
    tables.py    finds the tables of tensors in the content
    protocol.py  the child's answer as plain bytes, checked on arrival
    codes.py     the reasons to refuse a file, with their sentences

Only `loader` lets torch read the file, and it runs only in the child.
"""
