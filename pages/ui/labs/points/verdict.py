"""Says the outcome of a run on points in the plane, with its numbers."""

import html
from collections.abc import Mapping

import streamlit as st

import wb_core as wb

from ...i18n import N_, _
from ...widgets.numbers import number
from .. import run_verdict
from ..run_link import linked
from ..run_verdict import Look, Words
from .lab import PointsLab

LOOKS: dict[str, Look] = {
    "learned": (st.success, ":material/check_circle:"),
    "overfitting": (st.warning, ":material/call_split:"),
    "too_slow": (st.info, ":material/hourglass_top:"),
    "too_small": (st.warning, ":material/compress:"),
    "over_regularised": (st.warning, ":material/fitness_center:"),
    "bouncing": (st.warning, ":material/swap_vert:"),
    "dead_units": (st.warning, ":material/power_off:"),
    "exploding": (st.warning, ":material/warning:"),
}
"""The box and icon of each label."""

TEXTS = {
    "learned": N_(
        "**Learned.** The network gets {accuracy}% of its training points right, and {test}% of the test points, which "
        "it has never seen."
    ),
    "overfitting": N_(
        "**Overfitting** since epoch {since}. From there the test loss rose from {best} to {test_loss} while the train "
        "loss fell: the network learns its {count} training points by heart, noise and all."
    ),
    "too_slow": N_(
        "**Too slow.** The network gets {accuracy}% of its training points right so far, and it can do better."
    ),
    "too_small": N_(
        "**Too small.** The network gets {accuracy}% of its training points right. With other starts it gets "
        "{possible}% at most: its {units} hidden units can't bend the border enough."
    ),
    "too_small line": N_(
        "**Too small.** The network gets {accuracy}% of its training points right. Without a hidden layer with a bend, "
        "the border is a straight line, whatever the weights are."
    ),
    "over_regularised decay": N_(
        "**Held back by weight decay.** It pulls the weights toward 0, {pull}% as hard as the points pull them away, "
        "so the border stays too simple: {accuracy}% of the training points are right."
    ),
    "over_regularised dropout": N_(
        "**Held back by dropout.** In every step it leaves about {left} units of a layer on, too few for this border: "
        "{accuracy}% of the training points are right."
    ),
    "dead_units": N_(
        "**Dead units.** Since epoch {since}, all {units} units of hidden layer {layer} are 0 for every training "
        "point. No gradient passes through a 0, so they never wake up."
    ),
    "bouncing": N_(
        "**Bouncing.** In the second half of the run the train loss goes up in {ups}% of the epochs and changes by "
        "{swing}% in each: the steps are too big to settle."
    ),
    "bouncing thrown": N_(
        "**Bouncing.** Steps that were too big threw the train loss up to {thrown} times the first one, and the "
        "network never recovered."
    ),
    "exploding": N_(
        "**Exploded** in epoch {epoch}. The steps were so big that the numbers overflowed and became NaN (“not a "
        "number”); every later step would only make more of them. You see the last epoch before that."
    ),
}
"""The first sentence, by the label and how it came about."""

FALLS = N_("In the last quarter of the run the train loss fell by {falls}%.")
NOISY = N_("The noise mixes the classes, so no sensible border gets all of them right.")
DEAD = N_("{dead} of its {units} hidden units are dead: 0 for every training point, so they don't learn.")
PERCENTS = {"accuracy", "possible", "pull", "ups", "swing", "falls", "test"}
COUNTS = {"since", "epoch", "units", "layer", "left", "dead", "count"}
CLEAR = 97
"""Classes that this percentage of points can be told by are not mixed."""


def status(lab: PointsLab, config: wb.PointsConfig) -> None:
    """Draw one or two sentences about the displayed run: its outcome, or why it has none."""
    run_verdict.status(lab, config, WORDS)


def outcome(lab: PointsLab, config: wb.PointsConfig) -> None:
    """Draw the first words of the outcome, which has its sentences below the charts."""
    run = lab.run
    if run.epoch or run.diverged_at is not None:
        diagnosis = lab.diagnosis(linked(lab, config).epochs)
        css = f"wb-outcome wb-with-hint wb-{_look(diagnosis)[0].__name__}"
        words = sentences(run, diagnosis)[0].split("**")[1]
        st.html(f'<p class="{css}">{html.escape(words)}</p>')


def _look(diagnosis: wb.Diagnosis) -> Look:
    return LOOKS[diagnosis.label]


def sentences(run: wb.Run, diagnosis: wb.Diagnosis) -> list[str]:
    """The sentences of a diagnosis, with their numbers."""
    evidence = dict(diagnosis.evidence)
    if run.epoch:
        last = run.history.row(-1)
        evidence = {"accuracy": last["train_accuracy"], "test": last["test_accuracy"], **evidence}
        evidence["count"] = len(run.data.y_train)
        if diagnosis.label == "overfitting":  # judged on smooth curves, said in the numbers of the chart
            evidence |= {"best": run.history.row(int(evidence["since"]))["test_loss"], "test_loss": last["test_loss"]}
    texts = [_(TEXTS[_key(run.config, diagnosis)]).format(**_written(evidence))]
    if diagnosis.label == "too_slow" and evidence["falls"] >= 1:
        texts.append(_(FALLS).format(**_written(evidence)))
    if diagnosis.label == "learned" and evidence["reachable"] < CLEAR and evidence["accuracy"] < CLEAR:
        texts.append(_(NOISY))
    for finding in diagnosis.findings:
        texts.append(_(DEAD).format(**_written(finding.evidence)))
    return texts


def _key(config: wb.PointsConfig, diagnosis: wb.Diagnosis) -> str:
    """The key of the first sentence in `TEXTS`."""
    label, evidence = diagnosis.label, diagnosis.evidence
    if label == "over_regularised":
        return f"{label} decay" if "pull" in evidence else f"{label} dropout"
    if label == "too_small" and (not config.hidden or config.activation == "none"):
        return "too_small line"
    if label == "bouncing" and evidence["thrown"] >= 1.5:
        return "bouncing thrown"
    return label


def _written(evidence: Mapping[str, float]) -> dict[str, str]:
    written = {}
    for name, value in evidence.items():
        if name in PERCENTS:
            written[name] = f"{value:.1f}".removesuffix(".0")
        elif name in COUNTS:
            written[name] = f"{value:,.0f}"
        else:
            written[name] = f"{value:.1f}" if name == "thrown" else number(value)
    return written


def _untrained(config: wb.PointsConfig) -> str:
    return _("Not trained yet. The picture is what the network says with its random start.")


WORDS = Words(
    _look,
    sentences,
    _untrained,
    N_("This start comes from a file, or from a weight that you typed. Continue training begins here."),
)
