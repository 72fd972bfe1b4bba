"""The sandbox for uploads: an uploaded file is hostile until shown otherwise.

    sniff.py     size and kind of the file, from its bytes alone
    archive.py   a zip must be laid out as torch writes it, to the byte
    pool.py      keeps a worker ready, and hands the file over
    process.py   what a worker runs (see wb_core/base/processes.py for how it is started, talked to and ended)
    worker.py    the other process: one child for each file, with little memory and little time
    loader.py    opens the file in that child, and proves that every number comes from it
    protocol.py  what the child sends back: plain bytes, checked again on arrival
    codes.py     every reason to refuse a file, and its sentence

`sniff` and `archive` only look. `loader` alone lets torch read the file, and it runs in the child alone.
"""
