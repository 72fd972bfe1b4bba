"""The question with which the image lab begins: can it learn shirts? With ten of them, and what the model predicts."""

import functools
from html import escape

import streamlit as st

import wb_core as wb

from ...i18n import _
from ...widgets import focus
from ...widgets.markup import coded
from . import pixels
from .lab import ImageLab, Result

SHIRT, SHOWN = 6, 10


def draw(lab: ImageLab, config: wb.ImageConfig) -> None:
    """Draw the question, the shirts and, after a test, the answer; not in a lesson, which asks something else.

    `config` is that of the controls.
    """
    if focus.narrow():
        return
    dataset = config.dataset if lab.report is None else lab.report.job.config.dataset
    try:
        data, shirts = wb.fashion_mnist(dataset), _shirts(dataset)
    except wb.DataError:
        return
    sentence = _answer(lab.result) if lab.result else _ask(data.classes)
    pictures = "".join(_picture(place, png, lab.result, data.classes) for place, png in shirts)
    title = escape(_("Can it learn shirts?"))
    st.html(
        f'<div class="wb-question"><h2>{title}</h2><p>{coded(sentence)}</p>'
        f'<div class="wb-pictures" data-columns="{SHOWN}">{pictures}</div></div>'
    )


@functools.lru_cache(4)
def _shirts(dataset: str) -> tuple[tuple[int, str], ...]:
    """The first shirts among the test pictures: their places and images."""
    test = wb.fashion_mnist(dataset).test
    places = (test.y == SHIRT).nonzero().flatten()[:SHOWN].tolist()
    return tuple((place, pixels.png(test.pixels[place])) for place in places)


def _ask(names: tuple[str, ...]) -> str:
    return _(
        "Shirts are the hardest class, easily taken for {others}. The model never trains on these ten. "
        "Press Train and see how many it gets right."
    ).format(others=", ".join(names[number] for number in (0, 2, 4)))


def _answer(result: Result) -> str:
    """How many shirts the model gets right, what it takes the others for, and what to try."""
    counts = result.predictions.confusion[SHIRT].clone()
    right, everything = int(counts[SHIRT]), int(counts.sum())
    sentence = _("It gets {right} of {all} test shirts right.").format(right=f"{right:,}", all=f"{everything:,}")
    counts[SHIRT] = 0
    if int(counts.max()):
        most = result.run.data.classes[int(counts.argmax())]
        sentence += " " + _("Its most common mistake: {name}.").format(name=most)
    return sentence + " " + _("Can you get more? Try another model, more hidden units or more epochs.")


def _picture(place: int, png: str, result: Result | None, names: tuple[str, ...]) -> str:
    kind, caption = "", "?"
    if result is not None:
        right = bool(result.predictions.right[place])
        kind, sign = ("wb-right", pixels.RIGHT) if right else ("wb-wrong", pixels.WRONG)
        caption = f"{sign} {names[int(result.predictions.predicted[place])]}"
    alt = escape(_("A shirt"))
    return (
        f'<figure class="wb-picture {kind}"><img src="{png}" alt="{alt}">'
        f'<figcaption class="wb-said">{escape(caption)}</figcaption></figure>'
    )
