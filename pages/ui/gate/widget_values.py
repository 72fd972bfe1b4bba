"""Answers values from the browser that a widget cannot have by the widget's value from before, at first its default.

Streamlit believes the browser. A value of another type raises in its widget, before any page could check it, and again
in every later script run of the visit. There is no hook for this, so two methods of Streamlit are replaced;
`tests/pages/test_widget_values.py` notices if a newer Streamlit reads the values elsewhere.
"""

import logging
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import WidgetMetadata, unpack_widget_state_value
from streamlit.runtime.state.session_state import Serialized, WStates

NUMBERS = {"int_value", "double_value"}
"""The fields of a number input, which says "double_value" of itself and may send either."""

RETURNED = {*NUMBERS, "double_array_value", "string_array_value"}
"""Fields of widgets with bounds or options, which replace a value outside of them."""

log = logging.getLogger(__name__)


def check_widget_values() -> None:
    """Check values from browsers from now on, in the whole process."""
    if WStates.set_widget_from_proto is not _set:
        WStates.set_widget_from_proto = _set  # type: ignore[method-assign]
        WStates.__getitem__ = _get  # type: ignore[method-assign]


_streamlit_sets, _streamlit_gets = WStates.set_widget_from_proto, WStates.__getitem__


def _set(values: WStates, sent: WidgetState) -> None:
    known = values.widget_metadata.get(sent.id)
    if known is None or _can_be(sent, known):
        _streamlit_sets(values, sent)


def _get(values: WStates, widget: str) -> Any:
    sent, known = values.states.get(widget), values.widget_metadata.get(widget)
    if isinstance(sent, Serialized) and known is not None and not _can_be(sent.value, known):
        values.states[widget] = Serialized(WidgetState(id=widget))  # it came before the widget was known
    return _streamlit_gets(values, widget)


def _can_be(sent: WidgetState, known: WidgetMetadata[Any]) -> bool:
    """Whether a widget can have this value: of its type, within its bounds, one of its options."""
    field = sent.WhichOneof("value")
    if field is None:  # cleared
        return True
    # After a cleared value, Streamlit does not know the widget's field until it is drawn again.
    if known.value_type not in (None, field) and not {field, known.value_type} <= NUMBERS:
        return False
    try:
        given = unpack_widget_state_value(sent)
        value = known.deserializer(given)
        return field not in RETURNED or _same(known.serializer(value), given)
    except Exception as error:  # noqa: BLE001  # each widget fails in its own way
        log.info("a widget got an impossible value: %r", error)
        return False


def _same(value: Any, given: Any) -> bool:
    return value == given if isinstance(given, int | float) else [*value] == [*given]
