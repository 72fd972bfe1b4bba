"""The controls of the tensor lab: the section, the operation, its values, and where the result is kept."""

import contextlib
from dataclasses import replace

import streamlit as st

import wb_core as wb
from wb_core.tensorlab import NAMES, OPERATIONS, SECTIONS, Call, Fix, Operation, Shelf, Step, read_call

from ..i18n import _
from ..sentences import explain
from ..session import state
from ..widgets import fields, focus
from . import board, list_editor, param_widgets, paste
from .board import CellEdit
from .lab import TensorLab
from .view import FIRST_CALL, TensorView

SECTION = "tensors.section"
TARGET = "tensors.target"
BOARD = "tensors.board"


def operation_key(section: str) -> str:
    """The key of the choice of operations in a section."""
    return f"tensors.operation.{section}"


def of_section(section: str) -> list[str]:
    """The ids of the operations in a section."""
    return [name for name, operation in OPERATIONS.items() if operation.section == section]


def go_to(lab: TensorLab, call: Call) -> None:
    """Set the controls, before they are drawn, to this call."""
    section = call.operation.section
    state.put(SECTION, section)
    state.put(operation_key(section), call.operation.id)
    param_widgets.fill(call, lab.shelf)


def follow(lab: TensorLab) -> None:
    """Apply a link when it first arrives."""
    view = TensorView(**fields.values(TensorView))
    if view != lab.seen:
        lab.follow(view)
        go_to(lab, read_call(view.do))
        lab.seen = view


def shared(lab: TensorLab) -> TensorView:
    """The shelf and the displayed line for the link, as far as they fit."""
    parts = {"do": lab.call.text if lab.call else FIRST_CALL, "shelf": lab.text}
    view = TensorView()
    for name, text in parts.items():
        with contextlib.suppress(wb.ConfigError):  # too long for a link
            view = replace(view, **{name: text})
    fields.fill(view)
    lab.seen = view
    return view


def lacks(lab: TensorLab, view: TensorView) -> str:
    """A sentence on what a link with this view does not carry; "" without one."""
    if view.shelf != lab.text:
        return _("This shelf is too long for a link. The link opens the one from the start.")
    calls = [step.call for step in lab.shelf.program if isinstance(step, Step)]
    if any(call.operation.is_random and _unseeded(call) for call in [*calls, *([lab.call] if lab.call else [])]):
        return _("Random numbers without a seed are drawn again when the link is opened.")
    return ""


def _unseeded(call: Call) -> bool:
    return not {"none", None}.isdisjoint((call.args.get("how", ""), call.args.get("seed", 0)))


def operation() -> Operation:
    """The chosen operation."""
    section = state.get(SECTION) or OPERATIONS[FIRST_CALL].section
    return OPERATIONS[state.get(operation_key(section)) or of_section(section)[0]]


def lacks_tensors(lab: TensorLab) -> bool:
    """Whether the operation needs a tensor and the shelf is empty."""
    needs = any(
        isinstance(param, param_widgets.Source | param_widgets.Sources) for param in operation().params.values()
    )
    return needs and not lab.shelf.tensors


def chosen(lab: TensorLab) -> tuple[Call | None, wb.ConfigError | None]:
    """The call of the controls; or the last valid call of this operation, and what is wrong now."""
    wanted = operation()
    param_widgets.settle(wanted, lab.shelf)
    paste.settle()
    try:
        call = Call.of(wanted, param_widgets.given(wanted, lab.shelf))
    except wb.ConfigError as error:
        lab.show_invalid(error)
        same = lab.call is not None and lab.call.operation is wanted
        return (lab.call if same else None), error
    lab.show(call)
    return call, None


def sections(lab: TensorLab) -> None:
    """Draw the choice of sections."""
    state.prime(SECTION, OPERATIONS[FIRST_CALL].section)
    st.segmented_control(
        _("What to do"),
        [section for section in SECTIONS if focus.shows(section) or section == state.get(SECTION)],
        format_func=lambda section: _(SECTIONS[section]),
        key=SECTION,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        persist_state="session",
        on_change=_carry,
        args=(lab,),
    )


def draw(lab: TensorLab, error: wb.ConfigError | None) -> None:
    """Draw the choice of operations, the values of the chosen one, and what is wrong with them."""
    wanted = operation()
    with st.container(key="operations"):
        _operations(lab, wanted.section)
        st.markdown(_(wanted.teaches))
    if lacks_tensors(lab):
        st.info(_("The shelf is empty. Make a tensor first, under “Create”, or undo the last step."))
        return
    with st.container(key="params"):
        param_widgets.draw(wanted, lab.shelf, {"values": list_editor.draw_below})
    if error is not None:
        st.error(explain(error), icon=":material/error:")
        # The last valid result stays displayed, dimmed.
        st.html("<style>.st-key-outcome, .st-key-about { opacity: 0.45; }</style>")
    if wanted.is_random and lab.call is not None and _unseeded(lab.call):
        st.button(_("Draw again"), icon=":material/casino:", on_click=lab.draw_again)


def _operations(lab: TensorLab, section: str) -> None:
    names = of_section(section)
    if len(names) == 1:
        return
    key = operation_key(section)
    state.prime(key, names[0])
    st.pills(
        _("Operation"),
        names,
        format_func=lambda name: _(OPERATIONS[name].name),
        key=key,
        required=True,
        wrap=True,
        label_visibility="collapsed",
        persist_state="session",
        on_change=_carry,
        args=(lab,),
    )


def keep(lab: TensorLab, call: Call, *, there: bool) -> None:
    """Draw the button that puts the result onto the shelf, if it is `there`, and the choice of its name."""
    if not call.operation.keeps:
        return
    name = lab.kept.name if lab.kept else lab.target
    state.put(TARGET, name)
    st.segmented_control(
        _("Name of the result"),
        list(NAMES),
        key=TARGET,
        required=True,
        on_change=lambda: lab.name_next(state.get(TARGET) or name),
        label_visibility="collapsed",
    )
    label = (
        _("Saved as {name}") if lab.kept else _("Replace {name}") if name in lab.shelf.tensors else _("Save as {name}")
    )
    st.button(
        label.format(name=name),
        key="tensors.keep",
        type="secondary" if lab.kept else "primary",
        icon=":material/check:" if lab.kept else ":material/shelves:",
        disabled=lab.kept is not None or not there,
        on_click=_keep,
        args=(lab,),
    )


def _keep(lab: TensorLab) -> None:
    """Keep the result of the current controls, which may be newer than the button."""
    take_typed(lab)
    call, error = chosen(lab)
    if call is not None and error is None:
        lab.keep(call)


def _carry(lab: TensorLab) -> None:
    """Carry over the values that the new operation shares with the last one."""
    if lab.call is not None:
        param_widgets.carry(lab.call, operation())


def repair(lab: TensorLab, fix: Fix) -> None:
    """Apply a repair: its steps to the shelf, and its call to the controls."""
    lab.repair(fix)
    go_to(lab, fix.call)


def take_typed(lab: TensorLab) -> None:
    """Apply an edit that arrived together with the press of a button, before the button's action."""
    typed = board.pending_edit(BOARD)
    if typed is not None:
        write(lab, typed)


def shelf(lab: TensorLab) -> Shelf:
    """The shelf, with an edit that arrived together with the press of a button."""
    take_typed(lab)
    shared(lab)  # the link of what is checked
    return lab.shelf


def write(lab: TensorLab, typed: CellEdit) -> None:
    """Apply an edit once: to the list that makes a tensor, or to a tensor."""
    if typed.moment == lab.written_at:
        return
    lab.written_at = typed.moment
    call = lab.call
    if call is None or call.operation.id != "tensor" or lab.kept is not None or typed.panel != "result":
        lab.write(typed.panel, typed.cell, typed.text)
        return
    try:
        list_editor.write(call, typed.cell, typed.text)
    except wb.WorkbenchError as error:
        lab.complain(error)
