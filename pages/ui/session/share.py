"""Config <-> URL. The only reader and writer of the page's query.

A parameter is a config field's name, its value a number or an id in no particular language; defaults are left out.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import wb_core as wb
from wb_core.base.fields import Number, defaults, specs

from ..i18n import _
from ..widgets import fields
from . import address, state

STREAMLITS = {"embed", "embed_options"}


def encode(*configs: Any) -> dict[str, str]:
    """The query of some configs: every field that is not at its default."""
    query = {}
    for config in configs:
        first = defaults(config)
        for name, spec in specs(config).items():
            if getattr(config, name) != first[name]:
                query[name] = spec.text(getattr(config, name))
    return query


def decode(query: Mapping[str, str], *classes: type) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """The configs behind a query, and the names of the parameters that were ignored because they make no sense.

    A value must be one that the page itself could have made: within what its widget offers.
    """
    homes = {name: config_class for config_class in classes for name in specs(config_class)}
    found: dict[type, dict[str, Any]] = {config_class: {} for config_class in classes}
    ignored = []
    for name, text in query.items():
        if name in STREAMLITS:
            continue
        try:
            found[homes[name]][name] = _value(homes[name], name, text)
        except (KeyError, ValueError, wb.ConfigError):
            ignored.append(name)
    configs = []
    for config_class, values in found.items():
        try:
            configs.append(config_class(**values))
        except wb.ConfigError:  # each value is fine, but not together, such as the three that lay out the points
            together = [name for name in ("start", "end", "step") if name in values] or list(values)
            configs.append(config_class(**{n: v for n, v in values.items() if n not in together}))
            ignored += together
    return tuple(configs), tuple(ignored)


def _value(config_class: type, name: str, text: str) -> Any:
    spec = specs(config_class)[name]
    value = spec.check(name, spec.read(text))
    offered = spec.offered[0] <= value <= spec.offered[1] if isinstance(spec, Number) else fields.is_here(name, value)
    if not offered:
        raise ValueError(text)
    return value


class Links:
    """What a visit remembers of links: by page, what the last one came to and what was ignored in it."""

    def __init__(self) -> None:
        self.read: dict[str, tuple[tuple[Any, ...], tuple[str, ...]]] = {}
        self.asked: dict[str, set[str]] = {}  # by page, the parameters of its address


def read(page: str, *classes: type) -> None:
    """Take over the link that the page was opened with, or that the browser's back and forward buttons lead to.

    To be called before the widgets are drawn, with the configs that the link is made of. Later changes of the address
    are this page's own.
    """
    if not _is_new(page):
        return
    query, links = st.query_params.to_dict(), state.of(Links)
    links.read[page] = decode(query, *classes)
    links.asked.setdefault(page, set()).update(query)
    if query or _is_history_navigation():
        for config in links.read[page][0]:
            fields.fill(config)


def read_first(page: str, config_class: type) -> Any:
    """The config that decides which others a link of the page holds: of a new link, or else of its widgets.

    To be called before `read`, which takes over the whole link.
    """
    query = st.query_params.to_dict()
    if _is_new(page) and (query or _is_history_navigation()):
        return decode(query, config_class)[0][0]
    return config_class(**fields.values(config_class))


def _is_new(page: str) -> bool:
    """Whether the address is a link that the page has not taken over yet."""
    return page not in state.of(Links).read or _is_history_navigation()


def _is_history_navigation() -> bool:
    ctx = get_script_run_ctx()
    return ctx is not None and ctx.is_history_navigation


def asked(page: str, *configs: Any) -> bool:
    """Whether the page was opened with an address that asks for settings of these configs."""
    return any(name in specs(config) for config in configs for name in state.of(Links).asked.get(page, ()))


def write(page: str, *configs: Any) -> None:
    """Let the address of the page say what its widgets hold, and draw the button that copies it."""
    address.draw(page, urlencode(encode(*configs)))


def go(page: str, here: Any, *there: Any) -> None:
    """Go to another page, where the configs `there` hold; back leads to this one, where `here` does: one or a few."""
    for config in there:
        fields.fill(config)
    state.of(Links).read[page] = (there, ())  # it has come by a button, not by a link
    # Streamlit writes the query into the history as if it were this page's.
    st.switch_page(f"{page}.py", query_params=encode(*(here if isinstance(here, tuple) else (here,))))


def forward(page: str, **more: str) -> None:
    """Go to the page that has taken the place of this one, with the whole link and `more` parameters."""
    state.of(Links).read.pop(page, None)
    st.switch_page(f"{page}.py", query_params={**st.query_params.to_dict(), **more})


def open_with(page: str, config: Any) -> None:
    """Go to another page with a config that a file may have brought: it can hold what no widget there offers.

    That is left at its default, and said there as of a link.
    """
    links, came_to = state.of(Links), decode(encode(config), type(config))
    for found in came_to[0]:
        fields.fill(found)
    links.read[page] = came_to
    links.asked[page] = set(encode(config))
    st.switch_page(f"{page}.py")


def notice(page: str, *configs: Any) -> None:
    """Say which parts of the link were ignored, until a setting is changed."""
    came_to, ignored = state.of(Links).read[page]
    if not ignored or configs != came_to:
        return
    known = {name: spec for config in configs for name, spec in specs(config).items()}
    names = [_(known[n].label) if n in known else f"`{re.sub(r'[^A-Za-z0-9_-]', '', n)[:30] or '?'}`" for n in ignored]
    st.warning(
        _("Some values in this link don't exist here, so the defaults are used for: {names}.").format(
            names=", ".join(names[:8])
        ),
        icon=":material/link_off:",
    )
