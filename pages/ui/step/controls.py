"""The controls of the step page: the code of an epoch, whose lines are buttons, the epoch, and the what-if."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import streamlit as st

import wb_core as wb
from wb_core.base.fields import Choice, Number, defaults, specs
from wb_core.kinds.line.microscope import CODE, WHAT_IFS, WhatIf

from ..i18n import _
from ..labs.line import verdict
from ..session import state
from ..widgets import fields
from ..widgets.choice import one_of
from ..widgets.numbers import number
from .runs import Runs
from .view import StepView, back, forward, next_epoch


def chosen() -> StepView:
    """The view that the controls describe."""
    return StepView(**fields.values(StepView))


def show() -> str:
    """Draw the choice between the run and the slips, and return it."""
    spec = specs(StepView)["show"]
    assert isinstance(spec, Choice)  # noqa: S101
    options = {name: text for name, (text, _torch_name) in spec.options.items()}
    return one_of(_(spec.label), options, fields.key_of(StepView, "show"))


def within(view: StepView, runs: Runs) -> StepView:
    """The view, moved to the last epoch if it is beyond the run; so is the slider, which is drawn later."""
    last = max(0, runs.main.microscope.epochs - 1)
    if view.epoch <= last:
        return view
    state.put(fields.key_of(view, "epoch"), last)
    return replace(view, epoch=last)


def notice(asked: StepView, view: StepView, runs: Runs) -> None:
    """Say if the epoch in the link does not exist, and if the run diverged."""
    run = runs.main.run
    warnings = []
    if not run.done:
        sentence = _("Stopped after {epoch} of {epochs} epochs. You can look at these.")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.info(sentence.format(epoch=f"{run.epoch:,}", epochs=f"{run.epochs:,}"), icon=":material/pause_circle:")
            st.button(_("Train the rest"), on_click=runs.main.resume)
    elif asked != view:
        sentence = _("This run has no epoch {asked}, so you see its last one, {last}.")
        warnings.append(sentence.format(asked=f"{asked.epoch:,}", last=f"{view.epoch:,}"))
    if run.diverged_at == view.epoch:
        warnings.append(_("The numbers overflow in this epoch (the run diverges), so it's the last one."))
    if warnings:
        st.warning(" ".join(warnings), icon=":material/warning:")


def draw(view: StepView, runs: Runs) -> None:
    """Draw the code, the buttons under it, the epoch, and the choice of a what-if."""
    epochs = runs.main.microscope.epochs
    draw_code(view, _go_to)
    with st.container(horizontal=True, gap="small", key="walk"):
        _button(_("Back"), "Left", back, view, epochs, _("Go back one line."))
        _button(_("Next line"), "Right", forward, view, epochs, _("Run the next line."), primary=True)
        _button(_("Next epoch"), "Shift+Right", next_epoch, view, epochs, _("The same line, one epoch later."))
    with st.container(key="where"):
        fields.draw(StepView, "epoch", disabled=epochs == 1, most=max(epochs - 1, 1))
        fields.draw(StepView, "what_if")
        if runs.control:
            with st.container(key="why"):
                st.markdown(_(WHAT_IFS[view.what_if].why))
                st.markdown(_outcome(runs.main.run, runs.control.run))
        else:
            # Its suggestion changes the settings, and so the displayed run.
            verdict.draw(runs.main.run, runs.main.diagnosis, follow=_follow, can_resume=False)
        st.caption(_settings(runs.config))
        if runs.main.microscope.start:
            st.caption(_("This run starts from your checkpoint's parameters, which aren't part of the link."))
        st.page_link("linear.py", label=_("Change the settings in the linear-regression lab"), icon=":material/tune:")


Step = Callable[[StepView, int], StepView | None]


def _button(
    label: str, shortcut: str, step: Step, view: StepView, epochs: int, explanation: str, *, primary: bool = False
) -> None:
    st.button(
        label,
        shortcut=shortcut,
        type="primary" if primary else "secondary",
        disabled=step(view, epochs) is None,
        on_click=_take,
        args=(step, epochs),
        help=explanation,
    )


def _take(step: Step, epochs: int) -> None:
    """Take a step from the visitor's current place, which may be further than where the button was drawn."""
    to = step(chosen(), epochs)
    if to is not None:
        fields.put(StepView, {"epoch": to.epoch, "line": to.line})


def _go_to(line: str) -> None:
    fields.put(StepView, {"line": line})


def _follow(suggestion: wb.Suggestion) -> None:
    fields.put(wb.LinearConfig, suggestion.changes)


def _outcome(run: wb.Run, control: wb.Run) -> str:
    """How the changed run ended, next to the one it is compared with."""
    if run.diverged_at is not None:
        return _("This run ended early in epoch {epoch}: the numbers overflowed.").format(epoch=f"{run.diverged_at:,}")
    changed, other = (r.history.row(-1)["test_loss"] if r.epoch else math.nan for r in (run, control))
    if control.diverged_at is not None:
        sentence = _(
            "Test loss at the end of the run: **{changed}**. Without this change the run ends early in epoch "
            "{epoch}: its numbers overflow."
        )
        return sentence.format(changed=number(changed), epoch=f"{control.diverged_at:,}")
    if run.done and control.done:
        sentence = _("Test loss at the end of the run: **{changed}**. Without this change: **{control}**.")
    else:
        sentence = _("Test loss where the run was stopped: **{changed}**. Without this change: **{control}**.")
    return sentence.format(changed=number(changed), control=number(other))


def _settings(config: wb.LinearConfig) -> str:
    """The settings of the run in one line: the main ones, and all others that differ from their default."""
    choices = [fields.torch_name(config, name) for name in ("model", "loss", "optimizer")]
    first = defaults(config)
    numbers = [
        f"{name} {getattr(config, name):.10g}"
        for name, spec in specs(config).items()
        if isinstance(spec, Number) and (name in ("lr", "epochs", "seed") or getattr(config, name) != first[name])
    ]
    return " · ".join([*choices, *numbers])


NBSP = "\u00a0"
CURRENT_LINE_CSS = (
    ".st-key-code-{line} {{ background: light-dark(#dcdcf8, #34375c); border-radius: 0.25rem; "
    "box-shadow: inset 3px 0 light-dark(#4a4cc2, #a3a6ff); }}"
)
MARK_SIGNS = {"moved": "⇅", "changed": "✎"}


def draw_code(view: StepView, go: Callable[[str], None]) -> None:
    """Draw the lines in the order in which they run; pressing one calls `go` with its name."""
    change = WHAT_IFS[view.what_if]
    with st.container(key="code", gap=None):
        # Marked by a CSS rule: with another key the line would be a new element, and lose the focus.
        st.html(f"<style>{CURRENT_LINE_CSS.format(line=view.line)}{''.join(_mark_rules(change))}</style>")
        st.html("<code>for epoch in range(epochs):</code>")
        for line in change.order:
            skipped = change.marks.get(line) == "skipped"
            with st.container(key=f"code-{line}", gap=None):
                for at, text in enumerate(change.code.get(line, CODE[line]).splitlines()):
                    code = text.replace(" ", NBSP)
                    label = f"`{NBSP * 4}`~~`{code}`~~" if skipped else f"`{NBSP * 4}{code}`"
                    st.button(label, key=f"code.{line}.{at}", type="tertiary", on_click=go, args=(line,))


def _mark_rules(change: WhatIf) -> Iterator[str]:
    """The CSS rules for a sign after the lines that are moved or changed."""
    for line, mark in change.marks.items():
        if mark in MARK_SIGNS:
            yield f".st-key-code-{line} button::after {{ content: '{MARK_SIGNS[mark]}'; padding-left: 0.6rem; }}"
