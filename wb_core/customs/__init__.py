"""The customs desk: a file that somebody uploads is hostile until shown otherwise.

    front.py     size and kind of the file, from its bytes alone
    archive.py   a zip must be laid out as torch writes it, to the byte
    desk.py      keeps a worker ready, and hands the file over
    process.py   what a worker runs (see wb_core/processes.py for how it is started, talked to and ended)
    worker.py    the other process: one child for each file, with little memory and little time
    opening.py   opens the file in that child, and proves that every number comes from it
    parcel.py    what the child sends back: plain bytes, checked again on arrival
    codes.py     every reason to refuse a file, and its sentence

`front` and `archive` only look. `opening` alone lets torch read the file, and it runs in the child alone.
"""
