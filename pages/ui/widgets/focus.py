"""Which controls of a page are in view. In a lesson that are few; a click opens the others."""

import contextlib
from collections.abc import Collection, Iterator

from ..session import state


class Focus:
    """The names of the settings in view; None for all."""

    def __init__(self) -> None:
        self.names: frozenset[str] | None = None


def on(names: Collection[str] | None) -> None:
    """Show only the controls of these settings from now on; None shows all."""
    state.of(Focus).names = None if names is None else frozenset(names)


def shows(name: str) -> bool:
    """Whether the control of this setting is in view."""
    names = state.of(Focus).names
    return names is None or name in names


def narrow() -> bool:
    """Whether only some controls are in view."""
    return state.of(Focus).names is not None


@contextlib.contextmanager
def everything() -> Iterator[None]:
    """Show all controls that are drawn meanwhile, because the visitor has just asked for them."""
    focus = state.of(Focus)
    names, focus.names = focus.names, None
    try:
        yield
    finally:
        focus.names = names
