"""The predictions panel: nine test images, the confusion matrix, and the most confident mistakes."""

import functools
from html import escape

import streamlit as st
import torch

from ....i18n import N_, _
from ....session import state
from ....widgets import clickable
from ....widgets.choice import one_of
from ....widgets.table import Cell, Markup, table
from .. import pixels
from ..lab import ImageLab, Result
from ..verdict import tested_model
from ..view import NINE, ImageView, some

RATES = "images.rates"
MAX_PICTURES = 18
CONFIDENT = 90  # percent


def draw(lab: ImageLab) -> None:
    if (result := tested_model(lab)) is None:
        return
    view = state.of(ImageView)
    left, right = st.columns([0.4, 0.6], gap="medium")
    with left:
        _gallery(result, view)
    with right:
        _confusion(result, view)
    _confident_mistakes(result, view)


def _gallery(result: Result, view: ImageView) -> None:
    """Draw nine test images, and the class probabilities of the selected one."""
    places = some(NINE, len(result.predictions.y), seed=view.gallery)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Nine test pictures"), anchor=False, width="content")
        st.button(_("Show nine more"), icon=":material/casino:", on_click=view.more_gallery, key="images.nine")
    st.caption(_("What the model predicts and how confident it is, with mistakes in red. Pick one to see every score."))
    _pictures(result, view, places, "gallery", columns=3)


def _pictures(result: Result, view: ImageView, places: list[int], where: str, *, columns: int) -> None:
    """Draw selectable test images, and the class probabilities of the selected one."""
    predictions, data = result.predictions, result.run.data
    chosen = view.place_in(where, len(predictions.y))
    if chosen not in places:  # none selected, or one that was displayed before
        chosen = places[0] if where == "gallery" else None
    html = (pixels.answered(data.test.pixels[n], n, predictions, data.classes, n == chosen) for n in places)
    clickable.draw(
        f'<div class="wb-pictures wb-answers wb-{where}" data-columns="{columns}">{"".join(html)}</div>',
        f"images.{where}",
        functools.partial(view.choose, most=len(predictions.y), where=where),
    )
    if chosen is not None:
        st.html(_probabilities(result, chosen))


def _probabilities(result: Result, place: int) -> str:
    """The class probabilities of one image as bars, as HTML."""
    predictions, data = result.predictions, result.run.data
    true = int(predictions.y[place])
    title = _("What the model sees here ({name})").format(name=data.classes[true])
    rows = []
    for number, (name, probability) in enumerate(
        zip(data.classes, predictions.probabilities[place].tolist(), strict=True)
    ):
        mark = "wb-right" if number == true else "wb-wrong" if number == int(predictions.predicted[place]) else ""
        sign = pixels.RIGHT if number == true else pixels.WRONG if mark else ""
        rows.append(
            f'<div class="wb-belief {mark}"><span>{escape(name)} {sign}</span>'
            f'<i style="--part:{probability:.4f}"></i><b>{probability:.1%}</b></div>'
        )
    picture = f'<img class="wb-large" src="{pixels.png(data.test.pixels[place])}" alt="{escape(data.classes[true])}">'
    return f'<h4 class="wb-small">{escape(title)}</h4><div class="wb-beliefs">{picture}<div>{"".join(rows)}</div></div>'


def _confusion(result: Result, view: ImageView) -> None:
    """Draw the confusion matrix; a click on a cell shows its images."""
    predictions, names = result.predictions, result.run.data.classes
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(_("Confusion matrix"), anchor=False, width="content")
        rates = one_of(_("Numbers"), {"counts": N_("Counts"), "rates": N_("Rates")}, RATES)
    st.caption(_("One row per true class, one column per predicted class. Pick a cell to see its pictures."))
    clickable.draw(
        confusion_html(predictions.confusion, names, view.cell, rates=rates == "rates"),
        "images.confusion",
        functools.partial(view.choose_cell, classes=len(names)),
    )
    if view.cell is None:
        return
    true, said = (names[number] for number in view.cell)
    places = predictions.cell(*view.cell).tolist()
    count = len(places)
    st.markdown(
        _("**{true}**, mistaken for **{said}** ({count}), most confident first").format(
            true=true, said=said, count=f"{count:,}"
        )
        if view.cell[0] != view.cell[1]
        else _("**{true}**, recognized ({count}), most confident first").format(true=true, count=f"{count:,}")
    )
    if places:
        _pictures(result, view, places[:MAX_PICTURES], "cell", columns=9)


def confusion_html(counts: torch.Tensor, names: tuple[str, ...], chosen: tuple[int, int] | None, *, rates: bool) -> str:
    """The confusion matrix (classes, classes) as an HTML table of buttons, shaded green if right and red if wrong."""
    shares = counts / counts.sum(dim=1, keepdim=True).clamp_min(1)
    rows = []
    for true, name in enumerate(names):
        cells = []
        for said, other in enumerate(names):
            count, share = int(counts[true, said]), float(shares[true, said])
            text = f"{share:.0%}" if rates else f"{count:,}"
            told = _("{true} mistaken for {said}: {count}").format(true=name, said=other, count=text)
            kind = "wb-right" if true == said else "wb-wrong"
            cells.append(
                Markup(
                    f'<button type="button" class="{kind}" style="--part:{share:.3f}" data-click="{true}-{said}" '
                    f'aria-pressed="{str(chosen == (true, said)).lower()}" aria-label="{escape(told)}" '
                    f'title="{escape(told)}">{text if count else "·"}</button>'
                )
            )
        rows.append([Cell(name, header=True), *cells])
    axes = escape(_("true ↓ · predicted →"))
    corner = Cell(Markup(f"<small>{axes}</small>"), css="wb-axes")
    heads = [corner, *(Markup(f"<span>{escape(name)}</span>") for name in names)]
    html = table(heads, rows, css="wb-confusion", attributes={"data-columns": str(len(names))})
    return f'<div class="wb-scroll">{html}</div>'


def _confident_mistakes(result: Result, view: ImageView) -> None:
    st.subheader(_("Confident but wrong"), anchor=False)
    places = result.predictions.mistakes.tolist()
    if not places:
        st.markdown(_("No wrong predictions."))
        return
    wrong, everything = len(places), len(result.predictions.y)
    st.caption(
        _(
            "{wrong} of {all} predictions are wrong; in {count} of them the model is at least {percent}% confident. "
            "These are the most confident ones."
        ).format(
            wrong=f"{wrong:,}",
            all=f"{everything:,}",
            count=f"{result.predictions.confident_mistakes(CONFIDENT):,}",
            percent=CONFIDENT,
        )
    )
    _pictures(result, view, places[:NINE], "surest", columns=9)
