"""Config <-> URL. The only reader and writer of the page's query.

A parameter is a config field's name, its value a number or an id in no particular language; defaults are left out.
"""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import wb_core as wb
from wb_core.fields import Choice, defaults, specs

from . import fields, state
from .i18n import _

OTHERS = {"embed", "embed_options"}  # parameters that belong to Streamlit


def encode(config: Any) -> dict[str, str]:
    """The query of a config: every field that is not at its default."""
    first = defaults(config)
    return {name: _text(value) for name, value in dataclasses.asdict(config).items() if value != first[name]}


def decode(query: Mapping[str, str], config_class: type) -> tuple[Any, tuple[str, ...]]:
    """The config behind a query, and the names of the parameters that were ignored because they make no sense.

    A value must be one that the page itself could have made: within what its widget offers.
    """
    found, ignored = {}, []
    for name, text in query.items():
        if name in OTHERS:
            continue
        try:
            found[name] = _value(config_class, name, text)
        except (KeyError, ValueError, wb.ConfigError):
            ignored.append(name)
    try:
        return config_class(**found), tuple(ignored)
    except wb.ConfigError:  # each value is fine, but not together: the three that lay out the points
        together = [name for name in ("start", "end", "step") if name in found]
        return config_class(**{n: v for n, v in found.items() if n not in together}), (*ignored, *together)


def _value(config_class: type, name: str, text: str) -> Any:
    spec = specs(config_class)[name]
    if isinstance(spec, Choice):
        chosen = spec.check(name, text)
        if not fields.is_here(name, chosen):
            raise ValueError(text)
        return chosen
    if not re.fullmatch(r"[+-]?\d{1,17}(\.\d{1,17})?(e[+-]?\d{1,2})?", text, re.ASCII):
        raise ValueError(text)
    value = spec.check(name, float(text))
    low, high = spec.offered
    if not low <= value <= high:
        raise ValueError(text)
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else repr(value).removesuffix(".0")


class Visit:
    """What a visit remembers of the links of a page: whether one was read yet, and what was ignored in it."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.ignored: tuple[str, ...] = ()
        self.config: Any = None  # what the link with the ignored parts came to


def read(config_class: type) -> None:
    """Take over the link that the page was opened with, or that the browser's back and forward buttons lead to.

    To be called before the widgets are drawn. Later changes of the address are this page's own.
    """
    visit, name = state.of(Visit), config_class.__name__
    ctx = get_script_run_ctx()
    again = ctx is not None and ctx.is_history_navigation
    if name in visit.read and not again:
        return
    query = st.query_params.to_dict()
    if query or again:
        visit.config, visit.ignored = decode(query, config_class)
        fields.fill(visit.config)
    visit.read.add(name)


def write(config: Any) -> None:
    """Let the page's address say what its widgets hold."""
    visit, query = state.of(Visit), encode(config)
    if visit.ignored and config != visit.config:
        visit.ignored = ()
    kept = {name: value for name, value in st.query_params.to_dict().items() if name in OTHERS}
    if st.query_params.to_dict() != kept | query:
        st.query_params.from_dict(kept | query)


def notice(config_class: type) -> None:
    """Say which parts of the link were ignored, until a setting is changed."""
    ignored = state.of(Visit).ignored
    if not ignored:
        return
    known = specs(config_class)
    names = [_(known[n].label) if n in known else f"`{re.sub(r'[^A-Za-z0-9_-]', '', n)[:30] or '?'}`" for n in ignored]
    st.warning(
        _("This link asks for something that does not exist here, so the default is used for: {names}.").format(
            names=", ".join(names[:8])
        ),
        icon=":material/link_off:",
    )
