"""The words of the wall."""

from typing import Any

from wb_core.lessons import LESSONS

from ...figures.sweep import OUTCOME_LABELS
from ...i18n import _
from .. import names
from ..stage.choices import PAGES


def words() -> dict[str, Any]:
    """All texts of the wall, in the reader's language."""
    return {
        "seats": _("Room {code}: {count} seats, {here} here now"),
        "lost": _("The room can't be reached. It comes back by itself."),
        "empty": _("Nobody is here yet. Others come in with the code {code}."),
        "seat": _("Seat {number}"),
        "rehearsal": _("(rehearsal)"),
        "names": {word: _(word) for word in (*names.COLORS, *names.ANIMALS)},
        "kinds": {page: _(title) for page, title in PAGES.items()},
        "show": _("Show"),
        "projector": _("Full screen"),
        "small": _("Leave full screen"),
        "lab": _("Open in the lab"),
        "close": _("Close"),
        "table": _("All seats as a table"),
        "columns": [_("Seat"), _("Now"), _("Verdict"), _("Lesson")],
        **_film(),
        **_charts(),
        **_tiles(),
    }


def _film() -> dict[str, Any]:
    return {
        "film": _("Epoch of all"),
        "play": _("Play"),
        "pause": _("Pause"),
        "at_epoch": _("epoch {epoch} of {last}"),
    }


def _charts() -> dict[str, Any]:
    return {
        "epoch": _("epoch"),
        "loss": _("test loss"),
        "weight": _("weight"),
        "bias": _("bias"),
        "losses_title": _("Test loss at epoch {epoch}: best {best}, median {median}"),
        "loss_title": _("Test loss {best} at epoch {epoch}"),
        "losses_key": _("○ still training · □ ended · ✕ exploded · dashed: not going well · band: up and down"),
        "ends_title": _("The lines of all at epoch {epoch}"),
        "ends_outside": _("The lines of all at epoch {epoch}, outside: {outside}"),
        "ends_key": _("◆ now · ★ target"),
        "no_map": _("no loss map: their data differ"),
        "other_data": _("◇ other data than the map"),
    }


def _tiles() -> dict[str, Any]:
    return {
        "sort": _("Sort by"),
        "orders": {"seat": _("seat"), "loss": _("loss"), "accuracy": _("accuracy"), "progress": _("lesson")},
        "only_stuck": _("Only who is stuck ({count})"),
        "stuck": _("stuck"),
        "done": _("done"),
        "away": _("away"),
        "nothing": _("nothing yet"),
        "no_epoch": _("exploded at once"),
        "loss_is": _("test loss {loss}"),
        "right": _("{percent}% right"),
        "tries": _("tries: {tries}"),
        "in_lesson": _("{lesson}: {done} of {count} done"),
        "own_lesson": _("a lesson of your own"),
        "lessons": {lesson.id: {"title": _(lesson.title), "place": at} for at, lesson in enumerate(LESSONS, start=1)},
        "verdicts": {code: _(label) for code, label in OUTCOME_LABELS.items() if code},
    }
