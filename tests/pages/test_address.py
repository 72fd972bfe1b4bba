"""The host in a copied link."""

import socket

import pytest
import streamlit as st

from pages.ui.session.address import network_host, public


class Probe(socket.socket):
    """A socket that would send from `HOST`, or from nowhere."""

    host: str | None = "10.0.0.7"

    def connect(self, address):
        if self.host is None:
            raise OSError("no network")

    def getsockname(self):
        return self.host, 0


@pytest.mark.parametrize(
    ("listens", "host", "expected"),
    [
        ("127.0.0.1", "10.0.0.7", ""),
        ("workbench.example", "10.0.0.7", ""),
        ("0.0.0.0", "10.0.0.7", "10.0.0.7"),
        (None, "10.0.0.7", "10.0.0.7"),
        ("0.0.0.0", "127.0.0.1", ""),
        ("0.0.0.0", None, ""),
    ],
)
def test_a_link_names_the_network_address_if_the_server_listens_on_the_network(monkeypatch, listens, host, expected):
    monkeypatch.setattr(st, "get_option", {"server.address": listens}.get)
    monkeypatch.setattr(Probe, "host", host)
    monkeypatch.setattr(socket, "socket", Probe)
    assert network_host() == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8501/lessons?x=1", "http://10.0.0.7:8501/"),
        ("http://localhost:8501/wb/lessons", "http://10.0.0.7:8501/wb/"),
        ("https://school.example/wb/lessons", "https://school.example/wb/"),
    ],
)
def test_a_link_for_others_does_not_lead_to_their_own_machine(monkeypatch, url, expected):
    monkeypatch.setattr(st, "get_option", {"server.address": "0.0.0.0"}.get)
    monkeypatch.setattr(socket, "socket", Probe)
    assert public(url) == expected
