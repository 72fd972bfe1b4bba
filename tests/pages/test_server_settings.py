"""The server's settings have their measured values, under names that Streamlit knows."""

import socket
import sys
import tomllib
from pathlib import Path

import pytest
from streamlit import config

from pages.ui.gate.silence import end_silent_connections
from pages.ui.room.events import BEAT

SETTINGS = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
WANTED = {
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.address": "127.0.0.1",
    "server.maxMessageSize": 20,
    "server.maxWidgetStateSize": 4,
    "server.disconnectedSessionTTL": 60,
    "server.fileWatcherType": "none",
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "browser.gatherUsageStats": False,
}


@pytest.mark.parametrize("name", WANTED)
def test_settings_have_their_measured_values(name):
    section, _, key = name.partition(".")
    assert SETTINGS[section][key] == WANTED[name]
    assert type(SETTINGS[section][key]) is type(WANTED[name])


def test_uploads_have_a_limit_that_the_server_itself_keeps():
    assert SETTINGS["server"]["maxUploadSize"] in (1, 2)


def test_streamlit_knows_every_setting():
    names = {f"{section}.{key}" for section, part in SETTINGS.items() for key in part if section != "theme"}
    assert names <= set(config._config_options_template)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_there_is_a_theme_for_light_and_dark(theme):
    assert {"primaryColor", "backgroundColor", "textColor"} <= SETTINGS["theme"][theme].keys()
    assert len(set(SETTINGS["theme"]["chartCategoricalColors"])) >= 5


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can do that")
def test_connections_whose_other_end_is_silent_end_before_a_seat_is_away():
    with socket.create_server(("127.0.0.1", 0)) as server:
        end_silent_connections()
        with socket.create_connection(server.getsockname()), server.accept()[0] as accepted:
            assert 0 < accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) < 1000 * BEAT
