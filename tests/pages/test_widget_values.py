"""Values that no widget can have, as a visitor can send them over the websocket, are answered by the default."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.session_state import WStates

import wb_core as wb
from pages.ui.gate.widget_values import check_widget_values
from tests.pages import app as pages

PAGES = ("home", "tensors", "linear", "step", "images", "sweep", "compare", "device")

SELECTIONS = ['{"selection": 5}', '{"selection": {"points": 5}}', '{"selection": {"points": [5, {"customdata": []}]}}']

# By field of the protocol, values that a browser never sends for any widget here, but could.
IMPOSSIBLE = {
    "bool_value": [True],
    "int_value": [-(2**63), 10**18],
    "double_value": [float("nan"), 1e308, -1.0],
    "string_value": ["", "nobody offers this", "../../etc", "9" * 5000, *SELECTIONS],
    "bytes_value": [b"\xff\x00"],
    "double_array_value": [[], [float("inf")], [1.0, 2.0, 3.0], [2.5]],
    "int_array_value": [[2**40]],
    "string_array_value": [[], ["nobody offers this"], ["a", "b", "c"]],
    "json_value": ["{", "5", "[1]", "[" * 100_000, '{"edit": 5, "ticket": {}, "clicked": [], "inspect": 1}'],
    "json_trigger_value": [
        "[" * 100_000,
        '[5, {"event": 5}, {"event": "edit", "value": 5}, {"event": "edit", "value": {"cell": -1, "text": 3}}]',
        '[{"event": "clicked", "value": {"clicked": 5}}, {"event": "clicked", "value": "nobody offers this"}]',
        '[{"event": "inspect", "value": 99999999}, {"event": "ticket", "value": "\\ud800"}]',
    ],
}
FIELDS = [*IMPOSSIBLE]
ROUNDS, OF_OTHER_TYPES = max(map(len, IMPOSSIBLE.values())), 3


@pytest.fixture(autouse=True)
def _as_on_the_server(monkeypatch):
    monkeypatch.setattr(WStates, "__getitem__", WStates.__getitem__)  # undone after the test
    check_widget_values()


def state_of(widget, field, value):
    state = WidgetState(id=widget)
    if field.endswith("array_value"):
        getattr(state, field).data.extend(value)
        getattr(state, field).SetInParent()
    else:
        setattr(state, field, value)
    return state


def widgets_of(app):
    """The ids of the page's widgets, and the field that each uses."""
    known = app.session_state._state._state._new_widget_state.widget_metadata
    return {widget: metadata.value_type for widget, metadata in known.items()}


def send(app, field, value, keys):
    """Run the page as if the browser had sent this value for the widgets of these keys."""
    chosen = [widget for widget in widgets_of(app) if any(widget.endswith(f"-{key}") for key in keys)]
    assert len(chosen) == len(keys)
    app._run(WidgetStates(widgets=[state_of(widget, field, value) for widget in chosen]))


@pytest.mark.parametrize("page", PAGES)
def test_no_value_ends_a_page(page):
    """Each widget gets all impossible values of its own type, and then some of other types."""
    app = pages.open_page(f"{page}.py")
    assert not app.exception
    for turn in range(ROUNDS + OF_OTHER_TYPES):
        sent = []
        for number, (widget, own) in enumerate(widgets_of(app).items()):
            field = own if turn < ROUNDS else FIELDS[(number + 3 * turn) % len(FIELDS)]
            if field in IMPOSSIBLE:
                values = IMPOSSIBLE[field]
                sent.append(state_of(widget, field, values[turn % len(values)]))
        app._run(WidgetStates(widgets=sent))
        assert not app.exception, turn
    app.run()
    assert not app.exception


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *(("string_value", "0.5"), ("bytes_value", b"\x00"), ("bool_value", True), ("json_value", "{")),
        *(("double_array_value", [float("nan")]), ("double_array_value", [1e9]), ("string_array_value", ["7"])),
    ],
)
def test_the_line_has_its_default_settings_then(field, value):
    app = pages.open_page("linear.py")
    send(app, field, value, [f"LinearConfig.{name}" for name in ("lr", "weight", "loss", "model", "train_fraction")])
    assert pages.query(app) == {}
    assert pages.lab_of(app).run.config == wb.LinearConfig()
    pages.button(app, "Train").click().run()
    assert pages.lab_of(app).run.epoch == 100


def test_a_value_that_a_widget_offers_is_taken_after_one_that_it_does_not():
    app = pages.open_page("linear.py")
    send(app, "string_value", "nobody offers this", ["LinearConfig.loss"])
    app.selectbox(key="LinearConfig.loss").select("mse").run()
    assert pages.query(app) == {"loss": "mse"}


def test_numbers_are_taken_in_both_of_their_fields():
    for field, value in (("int_value", 7), ("double_value", 7.0)):
        app = pages.open_page("linear.py")
        send(app, field, value, ["LinearConfig.seed"])
        assert pages.query(app) == {"seed": "7"}


def test_a_language_that_does_not_exist_is_the_browsers_and_takes_no_memory():
    from pages.ui import i18n

    app = pages.open_page("home.py")
    before = i18n.translator.cache_info().currsize
    for number in range(5):
        send(app, "string_value", f"language {number}", ["language"])
    assert i18n.translator.cache_info().currsize == before
    assert not app.exception
