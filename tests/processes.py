"""Processes as Linux shows them in /proc."""

import contextlib
from pathlib import Path


def is_alive(pid):
    """Whether a process exists and is not a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children_of(pid):
    """The pids of a process's children; empty if it has ended."""
    children = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # this thread has ended meanwhile
                children += map(int, (task / "children").read_text().split())
    return children


def descendants_of(pid):
    """The pids of a process's children, grandchildren and so on."""
    children = children_of(pid)
    return children + [pid for child in children for pid in descendants_of(child)]
