"""The controls of the tensor lab: the section, the operation, its values, and where the result is kept."""

import streamlit as st

import wb_core as wb
from wb_core.tensorlab import NAMES, OPERATIONS, SECTIONS, Call, Fix, Operation, read_call, write_call

from .. import fields, state
from ..i18n import _
from . import grid, widgets
from .board import Written
from .lab import TensorLab
from .view import FIRST_CALL, TensorView

SECTION = "tensors.section"
TARGET = "tensors.target"


def operation_key(section: str) -> str:
    """The key of the choice of operations in a section."""
    return f"tensors.operation.{section}"


def of_section(section: str) -> list[str]:
    """The ids of the operations in a section."""
    return [name for name, operation in OPERATIONS.items() if operation.section == section]


def go_to(call: Call) -> None:
    """Let the controls, which are not drawn yet, say this call."""
    section = call.operation.section
    state.put(SECTION, section)
    state.put(operation_key(section), call.operation.id)
    widgets.fill(call)


def follow(lab: TensorLab) -> None:
    """Take over what a link says, the first time that it says it."""
    view = TensorView(**fields.values(TensorView))
    if view != lab.seen:
        lab.follow(view)
        go_to(read_call(view.do))
        lab.seen = view


def shared(lab: TensorLab) -> TensorView:
    """The shelf and the line on show, for the link."""
    view = TensorView(shelf=lab.text, do=FIRST_CALL if lab.call is None else write_call(lab.call))
    fields.fill(view)
    lab.seen = view
    return view


def operation() -> Operation:
    """The operation that is chosen."""
    section = state.get(SECTION, OPERATIONS[FIRST_CALL].section)
    return OPERATIONS[state.get(operation_key(section), of_section(section)[0])]


def chosen(lab: TensorLab) -> tuple[Call | None, wb.ConfigError | None]:
    """The call that the controls say, or what is wrong with them."""
    wanted = operation()
    widgets.settle(wanted, lab.shelf)
    try:
        call = Call.of(wanted, widgets.given(wanted, lab.shelf))
    except wb.ConfigError as error:
        return None, error
    lab.show(call)
    return call, None


def sections() -> None:
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
    )


def draw(lab: TensorLab) -> None:
    """Draw the choice of operations, the values of the chosen one, and the place for its result."""
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
        )
    st.markdown(_(wanted.teaches))
    if not lab.shelf.tensors and any(isinstance(p, widgets.Source | widgets.Sources) for p in wanted.params.values()):
        st.info(_("The shelf is empty. Make a tensor first, under “Create”, or take back the last step."))
        return
    with st.container(key="params"):
        widgets.draw(wanted, lab.shelf, {"values": lambda: grid.buttons(lab)})
    if (
        wanted.lucky
        and lab.call is not None
        and "none" in (lab.call.args.get("how"), str(lab.call.args.get("seed", "")).lower())
    ):
        st.button(_("Draw again"), icon=":material/casino:", on_click=lab.draw_again)


def keep(lab: TensorLab, call: Call | None) -> None:
    """Draw the button that puts the result onto the shelf, and the choice of its name."""
    if call is None or not call.operation.keeps:
        return
    state.put(TARGET, lab.kept.name if lab.kept else lab.target)

    def choose() -> None:
        lab.target, lab.kept = state.get(TARGET), None

    with st.container(horizontal=True, vertical_alignment="bottom", key="keep"):
        st.segmented_control(
            _("Name of the result"),
            list(NAMES),
            key=TARGET,
            required=True,
            on_change=choose,
            label_visibility="collapsed",
        )
        name = lab.target if lab.kept is None else lab.kept.name
        if lab.kept is not None:
            st.button(
                _("{name} is on the shelf").format(name=name),
                icon=":material/check:",
                disabled=True,
                key="tensors.keep",
            )
        else:
            label = _("Replace {name}") if name in lab.shelf.tensors else _("Keep as {name}")
            st.button(
                label.format(name=name),
                type="primary",
                icon=":material/shelves:",
                on_click=lab.keep,
                key="tensors.keep",
            )


def mend(lab: TensorLab, fix: Fix) -> None:
    """Take a repair: its steps on the shelf, and its call in the controls."""
    lab.mend(fix)
    go_to(fix.call)


def write(lab: TensorLab, typed: Written) -> None:
    """Take over what was typed into a cell: into the list that makes a tensor, or into a tensor."""
    call = lab.call
    if call is None or call.operation.id != "tensor" or lab.kept is not None or typed.panel != "result":
        lab.write(typed.panel, typed.cell, typed.text)
        return
    try:
        grid.write(call, typed.cell, typed.text)
    except wb.WorkbenchError as error:
        lab.complain(error)
