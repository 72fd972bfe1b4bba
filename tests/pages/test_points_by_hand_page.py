"""What the browser is told about the points of a run, and what the page believes of what it sends back."""

import pytest

import wb_core as wb
from pages.ui.labs.line import fit
from pages.ui.widgets import fields
from tests.pages.app import button, open_page, player_of
from wb_core.base.split import training_mask

POINTS = ((1.0, 2.5), (2.0, 3.1), (4.0, 4.9))


@pytest.fixture
def put(monkeypatch):
    """The settings that were put into the widgets."""
    found = []
    monkeypatch.setattr(fields, "put", lambda kind, changes: found.append((kind, changes)))
    return found


@pytest.mark.parametrize("config", [wb.LinearConfig(points=POINTS), wb.LinearConfig(noise=0.2)])
def test_the_browser_gets_the_points_as_exactly_as_the_config_has_them(config):
    offered = fit.offer(wb.Run(config), None)
    assert tuple(map(tuple, offered["points"])) == wb.points_of(config)
    assert offered["shuffled"] is None


def test_the_browser_knows_the_side_of_points_that_are_still_to_come():
    config = wb.LinearConfig(points=POINTS, shuffle=True, seed=3)
    sides = fit.offer(wb.Run(config), None)["shuffled"]
    for count in (12, 300):
        assert [side == "1" for side in sides[:count]] == training_mask(count, 0.8, 3).tolist()


@pytest.mark.parametrize(
    ("step", "compares", "told"),
    [(0.0005, True, "by hand. L1 loss"), (0.0001, False, "My line works with up to 2,000")],
)
def test_too_many_points_stay_where_they_are_which_the_page_says(step, compares, told):
    offered = fit.offer(wb.Run(wb.LinearConfig(step=step)), None)
    assert (offered["points"], offered["all"]) == (None, compares)
    assert told in offered["words"]["loss"]


def test_sent_points_become_the_settings(put):
    fit.put([[1, 2.5], [2, 3.25]])
    assert put == [(wb.LinearConfig, {"points": ((1.0, 2.5), (2.0, 3.25))})]


@pytest.mark.parametrize(
    "sent",
    [
        None, [], 7, "12", {"a": 1}, [[1, 2]], [[1, 2], [1, 3]], [[1, 2], [3]], [[1, 2], [3, "4"]], [[1, 2], [3, None]],
        [[1, 2], [3, float("nan")]], [[1, 2], [3, 1e300]], [[n, n] for n in range(fit.MOST + 1)],
    ],
)  # fmt: skip
def test_other_things_change_nothing(put, sent):
    fit.put(sent)
    assert put == []


def test_a_chosen_point_has_two_more_charts_until_it_is_closed():
    app = open_page(points="1x2.5p2x3.1p4x4.9p6x7.2", epochs="20")
    app.session_state[fit.KEY] = 1
    app.run()
    assert len(player_of(app)["charts"]) == 3  # nothing is trained yet
    button(app, "Train").click().run()
    shown = player_of(app)
    assert [chart["id"] for chart in shown["charts"][3:]] == ["residual", "share"]
    assert shown["fit"]["chosen"] == 1
    assert shown["live"] is None
    button(app, "Close the point").click().run()
    assert len(player_of(app)["charts"]) == 3
    assert not app.exception


def test_the_number_of_a_point_that_is_gone_shows_nothing():
    app = open_page(points="1x2.5p2x3.1", epochs="20")
    for value in (2, -1, 7.0, "1", None):
        app.session_state[fit.KEY] = value
        button(app, "Train").click().run()
        assert not app.exception
        assert len(player_of(app)["charts"]) == 3
