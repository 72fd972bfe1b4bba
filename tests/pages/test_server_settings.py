"""The server's settings have their measured values, under names that Streamlit knows."""

import tomllib
from pathlib import Path

import pytest
from streamlit import config

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
