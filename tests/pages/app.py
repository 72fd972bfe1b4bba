"""The app without a browser: its pages run by Streamlit's AppTest, from the router on."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

from pages.ui.labs.line.lab import LinearLab

ROUTER = Path(__file__).parents[2] / "pages" / "router.py"


def open_page(page="linear.py", *, state=None, **query):
    """A visitor on a page that was opened with this query, and with this in the session's state.

    In another language than English a page can be looked at, but not touched: AppTest asks for an option's words
    outside of the session, where it gets the English ones, and finds that the widget does not have them.
    """
    app = AppTest.from_file(ROUTER, default_timeout=60)
    for name, value in (state or {}).items():
        app.session_state[name] = value
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(page)
    return app.run()


def lab_of(app) -> LinearLab:
    return app.session_state["pages.ui.labs.line.lab.LinearLab"]


def button(app, label):
    [found] = [button for button in app.button if button.label == label]
    return found


def widget(app, label):
    """The slider, choice or box with this label."""
    kinds = (app.slider, app.select_slider, app.selectbox, app.number_input, app.toggle)
    [found] = [widget for kind in kinds for widget in kind if widget.label == label]
    return found


def query(app):
    """What the address is told to say."""
    [address] = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "workbench_address"]
    return dict(parse_qsl(json.loads(address.json)["query"]))
