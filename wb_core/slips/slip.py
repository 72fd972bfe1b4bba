"""What a slip is: lines of the notes that do not do what they mean, and the same lines repaired."""

import textwrap
from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """A few lines of Python, as they are shown and as they are run; `marked` are the lines to look at, from 0."""

    code: str
    marked: tuple[int, ...]


@dataclass(frozen=True)
class Slip:
    """A slip of the notes. The words are English message ids for the pages to translate.

    `lesson` says what happens and what it means, `avoid` how to notice or avoid it, `where` the place in the notes.
    `before` is the code that both snippets need and start with. `raises` is what the faulty one ends in; where it is
    empty nothing complains, and `compare` says which results differ. `note` is what is special about running it here.
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
    """Read a snippet out of an indented text, in which each line stands two columns in, and `> ` marks a line."""
    lines = textwrap.dedent(text).strip("\n").splitlines()
    marked = tuple(index for index, line in enumerate(lines) if line.startswith("> "))
    return Snippet("\n".join(line[2:] for line in lines), marked)
