"""The experiment of the start page: how big may the steps of a training be?"""

from dataclasses import dataclass, replace

import streamlit as st

import wb_core as wb
from wb_core.base.fields import check_fields, setting, specs

from .. import training
from ..figures.linear import fit_chart
from ..i18n import N_, _, language, translator
from ..labs.line import verdict
from ..labs.line.lab import LinearLab
from ..lessons.progress import Progress
from ..live.offer import offer
from ..player import play
from ..session import state
from ..widgets import fields


@dataclass(frozen=True, kw_only=True)
class StartConfig:
    """The one setting of the start page."""

    lr: float = setting(0.1, specs(wb.LinearConfig)["lr"])

    def __post_init__(self) -> None:
        check_fields(self)


class StartLab(LinearLab):
    """The run of the start page, apart from that of the linear-regression lab."""


CONFIG = wb.LinearConfig(start=0, end=2, step=0.04, noise=0.08, loss="mse", epochs=120)
"""Points for which the slider of the learning rate has every outcome, from too small to too big."""

_RIGHT = N_("**Just right.** After {epochs} steps the line lies in the middle of the points.")

OUTCOMES = {
    "too_slow": N_("**Too small.** After {epochs} tiny steps the line is still far from the points."),
    "learning": N_("**A little small.** After {epochs} steps the line is close to the points, but not there yet."),
    "good": _RIGHT,
    "converged": _RIGHT,
    "optimum": _RIGHT,
    "bouncing": N_("**A little big.** The steps jump over the best line, from one side to the other."),
    "exploding": N_(
        "**Too big.** Every step overshoots further than the one before, until the line leaves the picture."
    ),
}
"""One sentence for each label of a run; its bold words stand alone while the slider is held."""


def draw() -> None:
    """Draw the question, the slider and one sentence about what has happened, and at their right the line."""
    lab, now = state.of(StartLab), _config()
    with st.container(key="experiment"):
        left, right = st.columns([0.34, 0.66], gap="large")
    with left:
        st.header(_("How big a step?"), anchor=False)
        st.markdown(
            _(
                "PyTorch looks for the line behind the blue points, step by step. You decide how big its steps are: "
                "drag the **learning rate**."
            )
        )
        controls = st.container(key="start-controls")
        with st.container(key="status"):
            status = st.empty()
        with st.container(key="begin-words"):  # which narrow screens have below the chart
            st.markdown(
                _(
                    "In every **epoch** (one look at all blue points) it takes one step towards a better line. The "
                    "green points are for the **test**; the orange diamonds are what the line predicts there."
                )
            )
        with st.container(horizontal=True, gap="small", key="begin"):
            label = _("Continue the lessons") if state.of(Progress).passed else _("Start the lessons")
            with st.container(width="content", key="begin-path"):
                st.page_link("lessons.py", label=label, icon=":material/school:", width="content")
            st.page_link("linear.py", label=_("Play freely"), icon=":material/science:", width="content")
    with controls:
        fields.name_beside(StartConfig)
        fields.draw(StartConfig, "lr")
        with st.container(key="track-legend"):
            st.caption(_("Yellow is far off, dark is close. Ring: the best. ×: too big."))
    if not lab.trained:
        lab.train(now)
    lab.follow(now)
    if lab.training:
        training.train(lab, status, key="start")
        lab.ended()
    with right:
        play(
            lab.recording,
            (fit_chart(lab.recording, translator(language())),),
            (),
            token=lab.token,
            show=lab.show,
            live=offer(now, trained=True, controls=StartConfig, at_once=True, outcomes=_words()),
            key="start.player",
        )
    with status.container():
        _outcome(lab)


def _config() -> wb.LinearConfig:
    try:
        return replace(CONFIG, **fields.values(StartConfig))
    except wb.ConfigError:  # what no slider sends
        return CONFIG


def _words() -> dict[str, str]:
    """The bold words of each outcome."""
    return {label: _(text).split("**")[1].rstrip(".") for label, text in OUTCOMES.items()}


def _outcome(lab: LinearLab) -> None:
    run = lab.run
    # Without advice, which takes longer than all else on this page.
    diagnosis = wb.diagnose(run.history, run.config, limits=lab.limits, diverged_at=run.diverged_at, advise=False)
    text = OUTCOMES[diagnosis.verdict]
    box, icon = verdict.look(diagnosis.label, diagnosis.good)
    box(_(text).format(epochs=run.epochs), icon=icon)
