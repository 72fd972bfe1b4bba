"""The kinds of training whose sliders can be live."""

from .kind import LiveKind
from .line import LINE
from .points import POINTS

LIVE: dict[str, LiveKind] = {live.kind.id: live for live in (LINE, POINTS)}
"""By the id of the kind."""
