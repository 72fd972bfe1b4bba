"""Answers widget values that no widget can have by the widget's default.

Streamlit believes the browser. A value of another type raises in its widget, before any page could check it, and again
in every later script run of the visit. There is no hook for this, so one method of Streamlit is replaced;
`tests/pages/test_widget_values.py` notices if a newer Streamlit reads the values elsewhere.
"""

import functools
import logging
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import Serialized, WStates

NUMBERS = {"int_value", "double_value"}
"""The fields of a number input, which says "double_value" of itself and may send either."""

log = logging.getLogger(__name__)


def check_widget_values() -> None:
    """Check values from browsers from now on, in the whole process."""
    if not hasattr(WStates.__getitem__, "__wrapped__"):
        WStates.__getitem__ = _checked(WStates.__getitem__)  # type: ignore[method-assign]


def _checked(read: Any) -> Any:
    @functools.wraps(read)
    def checked(values: WStates, widget: str) -> Any:
        sent, known = values.states.get(widget), values.widget_metadata.get(widget)
        if not isinstance(sent, Serialized) or known is None:
            return read(values, widget)
        field = sent.value.WhichOneof("value")
        try:
            # A cleared value has no field. After one, Streamlit does not know the widget's field until it is drawn.
            if None in (field, known.value_type) or field == known.value_type or {field, known.value_type} <= NUMBERS:
                return read(values, widget)
        except Exception as error:  # noqa: BLE001  # each widget fails in its own way
            log.info("a widget got an impossible value: %r", error)
        values.states[widget] = Serialized(WidgetState(id=widget))
        return read(values, widget)

    return checked
