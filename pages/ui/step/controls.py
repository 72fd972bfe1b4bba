"""The controls of the walk: where one is, where one goes, and what is done differently."""

from dataclasses import replace

import streamlit as st

import wb_core as wb
from wb_core.fields import Number, defaults, specs
from wb_core.microscope import WHAT_IFS

from .. import doctor, fields, state
from ..i18n import _
from ..numbers import number
from . import code, walk
from .runs import StepLab
from .view import StepView


def chosen() -> StepView:
    """Where the controls say that the visitor is."""
    return StepView(**fields.values(StepView))


def show() -> str:
    """Draw the choice between the walk and the slips, and return it."""
    spec = specs(StepView)["show"]
    key = fields.key_of(StepView, "show")
    state.prime(key, defaults(StepView)["show"])
    chosen: str = st.segmented_control(
        _(spec.label),
        list(spec.options),
        format_func=lambda option: _(spec.options[option][0]),
        key=key,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen


def within(view: StepView, lab: StepLab) -> StepView:
    """The view, moved to the last epoch if it is beyond the run; the slider, which is not drawn yet, follows."""
    last = lab.scope.microscope.epochs - 1
    if view.epoch <= last:
        return view
    state.put(fields.key_of(view, "epoch"), last)
    return replace(view, epoch=last)


def notice(asked: StepView, view: StepView, lab: StepLab) -> None:
    """Say when the epoch that was asked for does not exist, and when the run ended by itself."""
    run = lab.scope.run
    said = []
    if asked != view:
        told = _("This run has no epoch {asked}: its last one, {last}, is shown instead.")
        said.append(told.format(asked=f"{asked.epoch:,}", last=f"{view.epoch:,}"))
    if run.diverged_at == view.epoch:
        said.append(_("In this epoch the numbers grow beyond all bounds (the run diverges), so it is the last one."))
    if said:
        st.warning(" ".join(said), icon=":material/warning:")


def draw(view: StepView, lab: StepLab) -> None:
    """Draw the code, the buttons under it, the epoch, and the choice of what is done differently."""
    epochs = lab.scope.microscope.epochs
    code.draw(view, fields.fill)
    with st.container(horizontal=True, gap="small", key="walk"):
        _button(_("Back"), "Left", walk.back(view), _("Go back by one line."))
        _button(_("Next line"), "Right", walk.forward(view, epochs), _("Run the next line."), primary=True)
        _button(_("Next epoch"), "Shift+Right", walk.next_epoch(view, epochs), _("The same line, one epoch later."))
    with st.container(key="where"):
        fields.draw(StepView, "epoch", disabled=epochs == 1, most=max(epochs - 1, 1))
        fields.draw(StepView, "what_if")
        if lab.control:
            with st.container(key="why"):
                st.markdown(_(WHAT_IFS[view.what_if].why))
                st.markdown(_outcome(lab.scope.run, lab.control.run))
        else:
            _diagnosis(lab.scope.run)
        st.caption(_settings(lab.config))
        if lab.scope.microscope.start:
            st.caption(_("This run starts from the numbers of your checkpoint, which the link does not carry."))
        st.page_link("linear.py", label=_("Change the settings in the linear-regression lab"), icon=":material/tune:")


def _button(label: str, shortcut: str, to: StepView | None, explanation: str, *, primary: bool = False) -> None:
    st.button(
        label,
        shortcut=shortcut,
        type="primary" if primary else "secondary",
        disabled=to is None,
        on_click=fields.fill,
        args=(to,),
        help=explanation,
    )


def _diagnosis(run: wb.Run) -> None:
    """What became of the run. What the doctor suggests is put into the settings, and so under the microscope."""
    diagnosis = wb.diagnose(run.history, run.config, diverged_at=run.diverged_at)
    doctor.draw(run, diagnosis, follow=_follow, can_resume=False)


def _follow(suggestion: wb.Suggestion) -> None:
    fields.put(wb.LinearConfig, suggestion.changes)


def _outcome(run: wb.Run, control: wb.Run) -> str:
    """How the changed run ended, beside the one that it is compared with."""
    if run.diverged_at is not None:
        return _("Here the run ended by itself in epoch {epoch}: the numbers grew beyond all bounds.").format(
            epoch=f"{run.diverged_at:,}"
        )
    ends = [number(r.history.row(-1)["test_loss"]) for r in (run, control)]
    return _("The test loss at the end of the run: **{changed}**, and without this change **{control}**.").format(
        changed=ends[0], control=ends[1]
    )


def _settings(config: wb.LinearConfig) -> str:
    """The settings of the run in a line: the main ones, and whatever else is not at its default."""
    choices = [specs(config)[name].options[getattr(config, name)][1] for name in ("model", "loss", "optimizer")]
    first = defaults(config)
    numbers = [
        f"{name} {getattr(config, name):.10g}"
        for name, spec in specs(config).items()
        if isinstance(spec, Number) and (name in ("lr", "epochs", "seed") or getattr(config, name) != first[name])
    ]
    return " · ".join([*choices, *numbers])
