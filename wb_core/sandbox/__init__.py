"""A sandbox for uploaded files, which are untrusted input: another process opens them.

    pool.py      keeps a worker ready and sends it the file
    process.py   starts the workers (on top of wb_core/base/processes.py)
    worker.py    the worker process: one child per file, with limited memory and time
    protocol.py  what pool and child say to each other

What opens a file is an `Opener`, a module that the worker imports: `wb_core.checkpoints.sandbox.opener` for
checkpoints, `wb_core.tables.opener` for tables. Each has a `Sandbox` with a worker of its own.
"""
