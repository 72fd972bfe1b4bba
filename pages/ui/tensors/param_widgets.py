"""A parameter of an operation -> its widget. Words, bounds and options come from the registry."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from wb_core.tensorlab import Call, Operation, Shelf
from wb_core.tensorlab.index import Index, part_code
from wb_core.tensorlab.lists import Sizes, Values
from wb_core.tensorlab.params import NAMES, Dim, Flag, Param, Pick, Scalar, Source, Sources, Whole

from ..i18n import _
from ..session import state
from ..widgets import fields

MAX_INDEX_PARTS = 6  # of an index: one for each dimension
NONE = "–"
COMMON = ("a", "b", "tensors", "times", "dim", "other", "number", "convert", "shape", "size", "seed")
"""Parameters whose values carry over from one operation to the next."""


def key_of(operation: Operation, name: str) -> str:
    """The key of a parameter's widget."""
    return f"tensors.{operation.id}.{name}"


def fill(call: Call, shelf: Shelf) -> None:
    """Put the values of a call into its widgets, before they are drawn."""
    for name, param in call.operation.params.items():
        key, value = key_of(call.operation, name), call.args[name]
        if not isinstance(param, Index):
            state.put(key, _shown(param, value))
            continue
        parts = [part_code(part) for part in value]
        tensor = shelf.tensors.get(call.args["a"])
        dims = len(parts) if tensor is None else tensor.ndim
        for place in range(MAX_INDEX_PARTS):
            state.put(f"{key}.{place}", parts[place] if place < len(parts) else ":")
        state.put(f"{key}.more", parts[dims] if dims < len(parts) else NONE)


def carry(call: Call, operation: Operation) -> None:
    """Put the values of a call into the widgets of another operation, for the parameters that both have."""
    for name, param in operation.params.items():
        if name in COMMON and type(call.operation.params.get(name)) is type(param):
            state.put(key_of(operation, name), _shown(param, call.args[name]))


def given(operation: Operation, shelf: Shelf) -> dict[str, Any]:
    """The current values of an operation's widgets, not yet checked by `Call.of`."""
    values: dict[str, Any] = {}
    for name, param in operation.params.items():
        key = key_of(operation, name)
        if isinstance(param, Index):
            dims = _dims(operation, shelf)
            parts = [state.get(f"{key}.{place}", _first_part(place)) for place in range(dims)]
            more = state.get(f"{key}.more", NONE)
            values[name] = tuple(parts + ([] if more == NONE and parts else [more]))
        else:
            value = state.get(key, _shown(param, param.default))
            values[name] = None if value == NONE else value
    return values


def settle(operation: Operation, shelf: Shelf) -> None:
    """Replace names of tensors that no longer exist in the widgets, if any tensor does."""
    there = list(shelf.tensors)
    for name, param in operation.params.items():
        key = key_of(operation, name)
        chosen = state.get(key, _shown(param, param.default))
        if isinstance(param, Source) and there and chosen not in there:
            state.put(key, there[min(NAMES.index(param.default), len(there) - 1)])
        if isinstance(param, Sources) and not set(chosen or ()) <= set(there):
            state.put(key, [one for one in chosen if one in there])


def draw(operation: Operation, shelf: Shelf, below: Mapping[str, Callable[[], None]]) -> None:
    """Draw the widgets of an operation that apply now; `below` draws more under some of them."""
    values = given(operation, shelf)
    params = operation.params.items()
    fields.names_beside({key_of(operation, name): (param.torch, _(param.label)) for name, param in params})
    for name, param in params:
        if param.applies(values):
            _draw(operation, name, param, shelf)
            below.get(name, _nothing)()


def _nothing() -> None:
    """Most widgets have nothing below them."""


def _draw(operation: Operation, name: str, param: Param, shelf: Shelf) -> None:
    key = key_of(operation, name)
    if isinstance(param, Index):
        _draw_index(key, param, operation, shelf)
        return
    state.prime(key, _shown(param, param.default))
    common: dict[str, Any] = {"label": _(param.label), "help": _(param.help), "key": key, "persist_state": "session"}
    match param:
        case Source():
            st.segmented_control(options=list(shelf.tensors), required=True, **common)
        case Sources():
            st.pills(options=list(shelf.tensors), selection_mode="multi", wrap=True, **common)
        case Dim():
            dims = _dims(operation, shelf)
            options = [*([NONE] if param.optional else []), *range(dims + 1), -1]
            value = state.get(key)
            options += [] if value in options else [value]
            st.selectbox(options=options, format_func=lambda o: _(param.none) if o == NONE else str(o), **common)
        case Whole():
            st.number_input(value=None, min_value=param.low, max_value=param.high, step=1, **common)
        case Pick() if len(param.options) <= 4 and name != "dtype":
            st.segmented_control(
                options=list(param.options),
                format_func=lambda o: _(param.options[o][0]),
                required=True,
                wrap=True,
                **common,
            )
        case Pick():
            st.selectbox(options=list(param.options), format_func=lambda o: _(param.options[o][0]), **common)
        case Flag():
            st.toggle(**common)
        case Values():
            st.text_area(height=68, max_chars=4000, **common)
        case Sizes() | Scalar():
            st.text_input(max_chars=400, **common)


def _draw_index(key: str, param: Index, operation: Operation, shelf: Shelf) -> None:
    tensor = shelf.tensors.get(str(state.get(key_of(operation, "a"), "A")))
    sizes: Sequence[int] = () if tensor is None else tuple(tensor.shape)
    st.markdown("**" + _(param.label) + "**", help=_(param.help))
    with st.container(key="index"):
        for place, size in enumerate(sizes):
            label = _("dim {dim} (size {size})").format(dim=place, size=size)
            _draw_part(f"{key}.{place}", label, _first_part(place), _parts(size))
        _draw_part(f"{key}.more", _("one more"), NONE, [NONE, ":", "0"])


def _draw_part(key: str, label: str, first: str, options: list[str]) -> None:
    state.prime(key, first)
    value = state.get(key)
    options += [] if value in options else [value]
    st.selectbox(label, options, key=key, accept_new_options=True, persist_state="session")


def _parts(size: int) -> list[str]:
    """Suggested index parts for a dimension of this size; others can be typed."""
    numbers = [str(number) for number in range(min(size, 10))]
    return [":", *numbers, "-1", *(["0:2", "1:", "::2"] if size > 1 else []), "0:1"]


def _first_part(place: int) -> str:
    return "0" if place == 0 else ":"


def _dims(operation: Operation, shelf: Shelf) -> int:
    """The number of dimensions of the first tensor, or of the result for operations that add one."""
    chosen = state.get(key_of(operation, "tensors" if "tensors" in operation.params else "a"), "A")
    tensor = shelf.tensors.get(chosen[0] if chosen else "A")
    return (0 if tensor is None else tensor.ndim) + operation.adds_dim


def _shown(param: Param, value: Any) -> Any:
    """A value in the widget's form."""
    if isinstance(param, Sizes):
        return ", ".join(map(str, value))
    if isinstance(param, Values):
        return param.code(value)
    if isinstance(param, Scalar):
        return repr(value)
    if isinstance(param, Sources):
        return list(value)
    return NONE if isinstance(param, Dim) and value is None else value
