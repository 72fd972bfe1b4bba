"""Compares image models: the accuracy of each kept run per class, and the predictions of all runs for test images."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import streamlit as st

import wb_core as wb
from wb_core.kinds.images.data import CLASSES, SIZES, true_classes
from wb_core.records import belongs

from ..figures.compare import CURVE_STYLES
from ..i18n import N_, _
from ..labs.images import pixels
from ..session import state
from ..widgets.choice import one_of
from ..widgets.table import Cell, Markup, scrollable, table
from .charts import swatch
from .tray import Entry

GROUPS = {"disagree": N_("They disagree"), "all_wrong": N_("All models wrong")}
PAGE_SIZE, MAX_PICTURES = 12, 48  # images per press of the button, and in total


@dataclass
class PictureCounts:
    """The number of displayed images by data set and group, if it is not `PAGE_SIZE`."""

    shown: dict[tuple[str, str], int] = field(default_factory=dict)

    def count(self, dataset: str, group: str) -> int:
        return self.shown.get((dataset, group), PAGE_SIZE)

    def more(self, dataset: str, group: str) -> None:
        self.shown[dataset, group] = min(self.count(dataset, group) + PAGE_SIZE, MAX_PICTURES)


def draw(entries: Sequence[Entry]) -> None:
    """Draw the comparison of the runs that have predictions, if any."""
    with_predictions = [entry for entry in entries if entry.run.predictions is not None]
    if not with_predictions:
        return
    st.subheader(_("Models side by side"), anchor=False)
    groups: dict[str, list[Entry]] = {}
    for entry in with_predictions:
        groups.setdefault(entry.run.config.dataset, []).append(entry)
    if len(groups) > 1:
        _paragraph(
            _("These models were tested on two sets of pictures. Only those with the same set are shown side by side.")
        )
    if without_predictions := [entry for entry in entries if entry not in with_predictions]:
        _paragraph(
            _("There are no saved predictions for {names}: an older file, or a run that exploded.").format(
                names=_names(without_predictions)
            )
        )
    for dataset in sorted(groups, key=list(SIZES).index):
        with st.container(key=f"side-{dataset}"):
            title = _("The set with {count} test pictures").format(count=f"{SIZES[dataset][1]:,}")
            _group(dataset, groups[dataset], title if len(groups) > 1 else "")


def _group(dataset: str, entries: Sequence[Entry], title: str) -> None:
    """Draw the comparison of the runs tested on one data set."""
    if title:
        st.html(_title(title))
    pictures = _pictures(dataset)
    y = true_classes(dataset) if pictures is None else pictures.y
    known = [entry for entry in entries if belongs(entry.run, y)]
    if mismatched := [entry for entry in entries if entry not in known]:
        _paragraph(
            _("The predictions of {names} don't match the pictures on this server.").format(names=_names(mismatched))
        )
    if not known:
        return
    side = wb.SideBySide([entry.run.predictions for entry in known if entry.run.predictions is not None], y)
    wide = 0.28 + 0.05 * len(known)
    left, right = st.columns([wide, 1 - wide], gap="medium") if len(known) < 4 else (st.container(), st.container())
    with left:
        st.html(_title(_("Right predictions per class"), "accuracy") + class_table(known, side))
        st.caption(_("▼ marks the class a model gets wrong most often."))
    with right:
        _differences(dataset, known, side, pictures)


def _differences(dataset: str, entries: Sequence[Entry], side: wb.SideBySide, pictures: wb.Pictures | None) -> None:
    """Draw the number of images on which the models disagree, and some of these images."""
    counts = {"disagree": len(side.disagree), "all_wrong": len(side.all_wrong)}
    count_texts = {name: f"{count:,}" for name, count in counts.items()} | {"all": f"{len(side.y):,}"}
    alone = len(entries) == 1
    if alone:
        sentence = _("{all_wrong} of {all} predictions are wrong. Save another model to see what it predicts for them.")
    else:
        sentence = _("They disagree on {disagree} of {all} pictures; all are wrong on {all_wrong}.")
    _paragraph(sentence.format(**count_texts), _("Confident but wrong") if alone else _("Where the models differ"))
    if pictures is None:
        _paragraph(_("The pictures aren't on this server, so you only see the numbers."))
        return
    group = "all_wrong" if alone else one_of(_("Which pictures"), GROUPS, f"side.heap.{dataset}")
    places = side.all_wrong if group == "all_wrong" else side.disagree
    if not len(places):
        _paragraph(_("There's no such picture."))
        return
    st.caption(
        _(
            "Above: the true class. Below: what each model predicts and how confident it is (`softmax`): ✓ right, ✗ "
            "wrong. The most confident come first."
        )
    )
    view = state.of(PictureCounts)
    shown = places[: view.count(dataset, group)].tolist()
    st.html(gallery(entries, side, pictures, shown))
    if len(shown) < min(len(places), MAX_PICTURES):
        st.button(
            _("More pictures"),
            icon=":material/expand_more:",
            key=f"side.more.{dataset}",
            on_click=view.more,
            args=(dataset, group),
        )


def _pictures(dataset: str) -> wb.Pictures | None:
    """The test images of a data set, or None if this server does not have them."""
    try:
        return wb.fashion_mnist(dataset).test
    except wb.DataError:
        return None


def _title(text: str, torch: str = "") -> str:
    small = f" <code>{escape(torch)}</code>" if torch else ""
    return f'<h4 class="wb-title">{escape(text)}{small}</h4>'


def _paragraph(text: str, title: str = "") -> None:
    """Draw an escaped sentence, optionally with a title."""
    st.html(f'{_title(title) if title else ""}<p class="wb-finding">{escape(text)}</p>')


def _names(entries: Sequence[Entry]) -> str:
    return ", ".join(entry.run.name for entry in entries)


def class_table(entries: Sequence[Entry], side: wb.SideBySide) -> str:
    """The accuracy of each run (columns) per class (rows) as an HTML table, with bars and marked weakest classes."""
    heads = [Markup(f"<span>{swatch(entry.style, entry.run.name)}</span>") for entry in entries]
    digits = 0 if int(side.counts.max()) <= 100 else 1
    rates = side.class_accuracy.tolist()
    rows = [
        [
            Cell(name, header=True),
            *(
                _cell(rates[place][number], digits, CURVE_STYLES[entry.style][0], weakest=number in side.weakest[place])
                for place, entry in enumerate(entries)
            ),
        ]
        for number, name in enumerate(CLASSES)
    ]
    html = table([_("Class"), *heads], rows, attributes={"style": f"--runs:{len(entries)}"})
    return scrollable(html, css="wb-classes", label=_("Right predictions per class"))


def _cell(rate: float, digits: int, color: str, *, weakest: bool) -> Cell:
    word = escape(_("the weakest"))
    mark = f'<span role="img" aria-label="{word}" title="{word}">▼</span> ' if weakest else ""
    bar = f'<i style="--part:{rate / 100:.3f};--run:{color}"></i>'
    return Cell(Markup(f"{mark}{rate:.{digits}f}%{bar}"), css="wb-weakest" if weakest else "")


def gallery(entries: Sequence[Entry], side: wb.SideBySide, pictures: wb.Pictures, places: Sequence[int]) -> str:
    """The images at these indices with each run's prediction, as HTML."""
    cards = "".join(_picture(entries, side, pictures, place) for place in places)
    return f'<div class="wb-side">{cards}</div>'


def _picture(entries: Sequence[Entry], side: wb.SideBySide, pictures: wb.Pictures, place: int) -> str:
    truth = CLASSES[int(side.y[place])]
    alt = _("Test picture {number}: {name}").format(number=f"{place:,}", name=truth)
    predictions = zip(
        entries,
        side.predicted[:, place].tolist(),
        side.confidence[:, place].tolist(),
        side.right[:, place].tolist(),
        strict=True,
    )
    lines = "".join(
        _prediction(entry, CLASSES[number], percent, right=right) for entry, number, percent, right in predictions
    )
    return (
        f'<figure><figcaption><img src="{pixels.png(pictures.pixels[place])}" alt="{escape(alt)}">'
        f"<b>{escape(truth)}</b></figcaption><ul>{lines}</ul></figure>"
    )


def _prediction(entry: Entry, name: str, confidence: int, *, right: bool) -> str:
    sign, kind = (pixels.RIGHT, "wb-right") if right else (pixels.WRONG, "wb-wrong")
    return (
        f'<li class="{kind}">{swatch(entry.style, entry.run.name)}<span>{sign} {escape(name)}</span>'
        f"<small>{confidence}%</small></li>"
    )
