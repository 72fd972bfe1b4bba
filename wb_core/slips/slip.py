"""A slip: lines of code that do not do what they should, and the same lines repaired."""

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """A few lines of Python, run exactly as shown; `marked` are the numbers, from 0, of the lines that differ."""

    code: str
    marked: tuple[int, ...]


@dataclass(frozen=True)
class Slip:
    """A common mistake. The texts are English message ids for the pages to translate.

    `lesson` says what happens and what it means, `avoid` how to notice or avoid it, `where` its place in the course.
    Both snippets start with the code `before`. `raises` has the exceptions of the faulty one; if it is empty, no error
    occurs, and `compare` says which results differ. `note` says what is special about running it here.
    """

    id: str
    title: str
    where: str
    lesson: str
    avoid: str
    before: str
    faulty: Snippet
    repaired: Snippet
    raises: tuple[type[Exception], ...] = ()
    compare: str = ""
    note: str = ""


def snippet(text: str) -> Snippet:
    """Read a snippet from an indented text whose lines start with two spaces, or with `> ` for a marked line."""
    lines = textwrap.dedent(text).strip("\n").splitlines()
    marked = tuple(index for index, line in enumerate(lines) if line.startswith("> "))
    return Snippet("\n".join(line[2:] for line in lines), marked)
