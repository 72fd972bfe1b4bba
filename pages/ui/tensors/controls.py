"""The controls of the tensor lab: the section, the operation, its values, and where the result is kept."""

import contextlib
from dataclasses import replace

import streamlit as st

import wb_core as wb
from wb_core.tensorlab import NAMES, OPERATIONS, SECTIONS, Call, Fix, Operation, read_call

from ..i18n import _
from ..sentences import explain
from ..session import state
from ..widgets import fields
from . import board, grid, widgets
from .board import Written
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
    """Let the controls, which are not drawn yet, say this call."""
    section = call.operation.section
    state.put(SECTION, section)
    state.put(operation_key(section), call.operation.id)
    widgets.fill(call, lab.shelf)


def follow(lab: TensorLab) -> None:
    """Take over what a link says, the first time that it says it."""
    view = TensorView(**fields.values(TensorView))
    if view != lab.seen:
        lab.follow(view)
        go_to(lab, read_call(view.do))
        lab.seen = view


def shared(lab: TensorLab) -> TensorView:
    """The shelf and the line on show, for the link, as far as a link has room for them."""
    parts = {"do": lab.call.text if lab.call else FIRST_CALL, "shelf": lab.text}
    view = TensorView()
    for name, text in parts.items():
        with contextlib.suppress(wb.ConfigError):  # too long for a link
            view = replace(view, **{name: text})
    fields.fill(view)
    lab.seen = view
    return view


def operation() -> Operation:
    """The operation that is chosen."""
    section = state.get(SECTION) or OPERATIONS[FIRST_CALL].section
    return OPERATIONS[state.get(operation_key(section)) or of_section(section)[0]]


def stranded(lab: TensorLab) -> bool:
    """Whether the operation needs a tensor, and there is none."""
    needs = any(isinstance(param, widgets.Source | widgets.Sources) for param in operation().params.values())
    return needs and not lab.shelf.tensors


def chosen(lab: TensorLab) -> tuple[Call | None, wb.ConfigError | None]:
    """The call that the controls say; or the last one of this operation that was right, and what is wrong now."""
    wanted = operation()
    widgets.settle(wanted, lab.shelf)
    try:
        call = Call.of(wanted, widgets.given(wanted, lab.shelf))
    except wb.ConfigError as error:
        same = lab.call is not None and lab.call.operation is wanted
        return (lab.call if same else None), error
    lab.show(call)
    return call, None


def sections(lab: TensorLab) -> None:
    """Draw the choice of sections."""
    state.prime(SECTION, OPERATIONS[FIRST_CALL].section)
    st.segmented_control(
        _("What to do"),
        list(SECTIONS),
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
    names = of_section(wanted.section)
    if len(names) > 1:
        key = operation_key(wanted.section)
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
    st.markdown(_(wanted.teaches))
    if stranded(lab):
        st.info(_("The shelf is empty. Make a tensor first, under “Create”, or undo the last step."))
        return
    with st.container(key="params"):
        widgets.draw(wanted, lab.shelf, {"values": lambda: grid.buttons(lab)})
    if error is not None:
        st.error(explain(error), icon=":material/error:")
        # What is on show is the last result, and it looks like it.
        st.html("<style>.st-key-outcome, .st-key-about { opacity: 0.45; }</style>")
    unseeded = lab.call is not None and not {"none", None}.isdisjoint(
        (lab.call.args.get("how", ""), lab.call.args.get("seed", 0))
    )
    if wanted.lucky and unseeded:
        st.button(_("Draw again"), icon=":material/casino:", on_click=lab.draw_again)


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
    """Keep what the controls say now, which may be newer than what was on show when the button was drawn."""
    take_typed(lab)
    call, error = chosen(lab)
    if call is not None and error is None:
        lab.keep(call)


def _carry(lab: TensorLab) -> None:
    """Take the values that two operations have in common from the last one to the new one."""
    if lab.call is not None:
        widgets.carry(lab.call, operation())


def mend(lab: TensorLab, fix: Fix) -> None:
    """Take a repair: its steps on the shelf, and its call in the controls."""
    lab.mend(fix)
    go_to(lab, fix.call)


def take_typed(lab: TensorLab) -> None:
    """Take over what was typed into a cell before a button was pressed, if both have come at once."""
    typed = board.pending(BOARD)
    if typed is not None:
        write(lab, typed)


def write(lab: TensorLab, typed: Written) -> None:
    """Take over what was typed into a cell: into the list that makes a tensor, or into a tensor; but only once."""
    if typed.moment == lab.written_at:
        return
    lab.written_at = typed.moment
    call = lab.call
    if call is None or call.operation.id != "tensor" or lab.kept is not None or typed.panel != "result":
        lab.write(typed.panel, typed.cell, typed.text)
        return
    try:
        grid.write(call, typed.cell, typed.text)
    except wb.WorkbenchError as error:
        lab.complain(error)
