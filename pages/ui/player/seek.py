"""The epoch that the page wants the player to show, once."""

import uuid

from ..session import state


class Seek:
    """The last wish of this session."""

    def __init__(self) -> None:
        self.wish: dict[str, object] | None = None


def to(epoch: int) -> None:
    """Show this epoch in the page's player, in a callback before the script run."""
    state.of(Seek).wish = {"id": uuid.uuid4().hex, "epoch": epoch}
