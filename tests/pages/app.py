"""The app without a browser: Streamlit's AppTest runs its pages, starting at the router."""

import json
from pathlib import Path
from urllib.parse import parse_qsl

from streamlit.testing.v1 import AppTest

from pages.ui.compare.tray import Tray
from pages.ui.labs.line.lab import LinearLab
from pages.ui.labs.points.lab import PointsLab
from pages.ui.session import browser_storage

ROUTER = Path(__file__).parents[2] / "pages" / "router.py"


def open_page(page="linear.py", *, state=None, **query):
    """A page opened with this query, its rare settings unfolded, and with these values in the session's state.

    In other languages than English, widgets can be read but not changed: AppTest formats an option outside of the
    session, gets its English text, and does not find it among the widget's options.
    """
    app = AppTest.from_file(ROUTER, default_timeout=60)
    for name, value in {"linear.more": True, "images.more": True, "points.more": True, **(state or {})}.items():
        app.session_state[name] = value
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(page)
    return app.run()


def lab_of(app) -> LinearLab:
    return app.session_state["pages.ui.labs.line.lab.LinearLab"]


def points_lab_of(app) -> PointsLab:
    return app.session_state["pages.ui.labs.points.lab.PointsLab"]


def tray_of(*runs):
    """A tray that holds these runs."""
    tray = Tray()
    tray.keep(*runs)
    return tray


def finish(lab):
    """Train the rest of a linear lab's run, as its page does."""
    lab.run.finish()
    lab.training = False


def button(app, label):
    [found] = [button for button in app.button if button.label == label]
    return found


def widget(app, label):
    """The slider, choice or box with this label."""
    kinds = (app.slider, app.select_slider, app.selectbox, app.number_input, app.toggle)
    [found] = [widget for kind in kinds for widget in kind if widget.label == label]
    return found


def kept(app):
    """What the page leaves in the browser's storage, by part."""
    parts = [part.proto for part in app.get("bidi_component")]
    found = [json.loads(part.json) for part in parts if part.component_name == "workbench_browser_storage"]
    return {name: text for data in found for name, text in data["parts"].items()}


def send_kept(monkeypatch, parts, *, session="an earlier one", again=False):
    """Make the browser send this to the next session that asks."""
    draw = browser_storage.draw

    def answer(*args, key, **options):
        draw(*args, key=key, **options)
        return {"session": session, "again": again, **parts} if key == "visit.tab" else None

    monkeypatch.setattr(browser_storage, "draw", answer)


def query(app):
    """The query that the page writes into the address."""
    [address] = [part.proto for part in app.get("bidi_component") if part.proto.component_name == "workbench_address"]
    return dict(parse_qsl(json.loads(address.json)["query"]))


def player_of(app):
    """What the player got last."""
    [data] = [
        json.loads(p.proto.json) for p in app.get("bidi_component") if p.proto.component_name == "workbench_player"
    ]
    return data
