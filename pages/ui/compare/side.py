"""The models side by side: what each kept run on pictures answered to the same test pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import streamlit as st

import wb_core as wb
from wb_core.kinds.images.data import SIZES, true_classes
from wb_core.records import belongs

from ..i18n import N_, _
from ..session import state
from ..widgets.choice import one_of
from . import classes, gallery
from .tray import Entry

HEAPS = {"disagree": N_("They disagree"), "all_wrong": N_("All models wrong")}
STEP, MOST = 12, 48  # pictures at first, with each press, and at most


@dataclass
class SideView:
    """How many pictures are on show, by data set and heap, where they are more than at first."""

    shown: dict[tuple[str, str], int] = field(default_factory=dict)

    def count(self, dataset: str, heap: str) -> int:
        return self.shown.get((dataset, heap), STEP)

    def more(self, dataset: str, heap: str) -> None:
        self.shown[dataset, heap] = min(self.count(dataset, heap) + STEP, MOST)


def draw(entries: Sequence[Entry]) -> None:
    """Draw what is known of the answers of these runs on pictures; nothing where there is none."""
    answered = [entry for entry in entries if entry.run.answers is not None]
    if not answered:
        return
    st.subheader(_("Models side by side"), anchor=False)
    groups: dict[str, list[Entry]] = {}
    for entry in answered:
        if isinstance(entry.run.config, wb.ImageConfig):  # as all that have answers
            groups.setdefault(entry.run.config.dataset, []).append(entry)
    if len(groups) > 1:
        _say(
            _("These models were tested on two sets of pictures. Only those with the same set are shown side by side.")
        )
    if silent := [entry for entry in entries if entry not in answered]:
        _say(
            _("There are no saved predictions for {names}: an older file, or a run that exploded.").format(
                names=_names(silent)
            )
        )
    for dataset in sorted(groups, key=list(SIZES).index):
        with st.container(key=f"side-{dataset}"):
            title = _("The set with {count} test pictures").format(count=f"{SIZES[dataset][1]:,}")
            _group(dataset, groups[dataset], title if len(groups) > 1 else "")


def _group(dataset: str, entries: Sequence[Entry], title: str) -> None:
    """The runs that were tested on one set of pictures."""
    if title:
        st.html(_title(title))
    pictures = _pictures(dataset)
    y = true_classes(dataset) if pictures is None else pictures.y
    known = [entry for entry in entries if belongs(entry.run, y)]
    if strange := [entry for entry in entries if entry not in known]:
        _say(_("The predictions of {names} don't match the pictures on this server.").format(names=_names(strange)))
    if not known:
        return
    side = wb.SideBySide([entry.run.answers for entry in known if entry.run.answers is not None], y)
    wide = 0.28 + 0.05 * len(known)
    left, right = st.columns([wide, 1 - wide], gap="medium") if len(known) < 4 else (st.container(), st.container())
    with left:
        st.html(_title(_("Right predictions per class"), "accuracy") + classes.html(known, side))
        st.caption(_("▼ marks the class a model gets wrong most often."))
    with right:
        _answers(dataset, known, side, pictures)


def _answers(dataset: str, entries: Sequence[Entry], side: wb.SideBySide, pictures: wb.Pictures | None) -> None:
    """On how many pictures they differ, and some of these."""
    counts = {"disagree": len(side.disagree), "all_wrong": len(side.all_wrong)}
    told = {name: f"{count:,}" for name, count in counts.items()} | {"all": f"{len(side.y):,}"}
    alone = len(entries) == 1
    if alone:
        sentence = _("{all_wrong} of {all} predictions are wrong. Save another model to see what it predicts for them.")
    else:
        sentence = _("They disagree on {disagree} of {all} pictures; all are wrong on {all_wrong}.")
    _say(sentence.format(**told), _("Confident but wrong") if alone else _("Where the models differ"))
    if pictures is None:
        _say(_("The pictures aren't on this server, so you only see the numbers."))
        return
    heap = "all_wrong" if alone else one_of(_("Which pictures"), HEAPS, f"side.heap.{dataset}")
    places = side.all_wrong if heap == "all_wrong" else side.disagree
    if not len(places):
        _say(_("There's no such picture."))
        return
    st.caption(
        _(
            "Above: the true class. Below: what each model predicts and how confident it is (`softmax`): ✓ right, ✗ "
            "wrong. The most confident come first."
        )
    )
    view = state.of(SideView)
    shown = places[: view.count(dataset, heap)].tolist()
    st.html(gallery.html(entries, side, pictures, shown))
    if len(shown) < min(len(places), MOST):
        st.button(
            _("More pictures"),
            icon=":material/expand_more:",
            key=f"side.more.{dataset}",
            on_click=view.more,
            args=(dataset, heap),
        )


def _pictures(dataset: str) -> wb.Pictures | None:
    """The test pictures of a set, if they are on this server."""
    try:
        return wb.fashion_mnist(dataset).test
    except wb.DataError:
        return None


def _title(text: str, torch: str = "") -> str:
    small = f" <code>{escape(torch)}</code>" if torch else ""
    return f'<h4 class="wb-title">{escape(text)}{small}</h4>'


def _say(text: str, title: str = "") -> None:
    """A sentence, below a title or without. Names may stand in it: they are no markup."""
    st.html(f'{_title(title) if title else ""}<p class="wb-finding">{escape(text)}</p>')


def _names(entries: Sequence[Entry]) -> str:
    return ", ".join(entry.run.name for entry in entries)
