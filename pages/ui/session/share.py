"""Config <-> URL. The only reader and writer of the page's query.

Parameters are the names of config fields, values are numbers or ids, and defaults are omitted.
"""

import itertools
import re
from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import wb_core as wb
from wb_core.base.fields import Setting, defaults, specs
from wb_core.base.points import MAX_IN_LINK, OwnPoints

from ..i18n import _
from ..widgets import fields
from . import address, own_points, state

FOREIGN = re.compile(
    "embed|embed_options"  # Streamlit's own
    r"|utm_\w+|_g[al]|(fb|g|d|y|tw|tt)clid|msclkid|gclsrc|gad_source|[gw]braid|mc_[ce]id|igshid|igsh|li_fat_id|srsltid"
)
"""Parameters that others add to a link, such as chats, search engines and newsletters."""


def encode(*configs: Any, by_name: bool = False) -> dict[str, str]:
    """The query of some configs, with every field that differs from its default; see `texts`."""
    query = {}
    for config in configs:
        query |= texts(type(config), {name: getattr(config, name) for name in specs(config)}, by_name=by_name)
    return query


def texts(config_class: type, values: Mapping[str, Any], *, by_name: bool = False) -> dict[str, str]:
    """The values of a config's fields as in a link, without those that have their default.

    Points of one's own that are too many for a link, or all of them `by_name`, are there by a name that this session
    understands.
    """
    first, known = defaults(config_class), specs(config_class)
    changed = {name: values[name] for name in known if values[name] != first[name]}
    return {name: _text(known[name], name, value, by_name=by_name) for name, value in changed.items()}


def _text(spec: Setting, name: str, value: Any, *, by_name: bool) -> str:
    if not isinstance(spec, OwnPoints) or (spec.offers(value) and not by_name):
        return spec.text(value)
    points = spec.check(name, value)
    own_points.remember(points)
    return points.name


def decode(query: Mapping[str, str], *classes: type) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """The configs in a query, and the names of invalid parameters, which are ignored.

    A value must be one that the widget offers. With a `modernise` function, a class may complete a query, or convert
    one of a form that its links once had.
    """
    for config_class in classes:
        query = getattr(config_class, "modernise", dict)(query)
    class_of = {name: config_class for config_class in classes for name in specs(config_class)}
    found: dict[type, dict[str, Any]] = {config_class: {} for config_class in classes}
    ignored = []
    for name, text in query.items():
        if FOREIGN.fullmatch(name):
            continue
        try:
            found[class_of[name]][name] = _value(class_of[name], name, text)
        except (KeyError, ValueError, wb.ConfigError):
            ignored.append(name)
    configs = []
    for config_class, values in found.items():
        config, left_out = _valid(config_class, values)
        configs.append(config)
        ignored += left_out
    return tuple(configs), tuple(ignored)


def _valid(config_class: type, values: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """The config of values that are valid one by one, without those that are not together: such as a range of points.

    Also returns the names of these.
    """
    try:
        return config_class(**values), []
    except wb.ConfigError as error:
        together = getattr(config_class, "together", ())
        wrong = together if error.field in together or error.field not in values else (error.field,)
        wrong = [name for name in wrong if name in values] or list(values)
        config, ignored = _valid(config_class, {name: value for name, value in values.items() if name not in wrong})
        return config, wrong + ignored


def read_texts(query: Any, *classes: type, strict: bool = True) -> tuple[Any, ...]:
    """The configs that `encode` has written, from an unknown source. Raises `ValueError` for anything else.

    Unless it is `strict`, invalid settings have their defaults.
    """
    if not isinstance(query, dict) or not all(isinstance(text, str) for text in query.values()):
        raise ValueError("these are no settings")
    configs, ignored = decode(query, *classes)
    if ignored and strict:
        raise ValueError("some settings are not allowed")
    return configs


def _value(config_class: type, name: str, text: str) -> Any:
    spec = specs(config_class)[name]
    if isinstance(spec, OwnPoints) and (found := own_points.find(text)) is not None:
        return found
    value = spec.check(name, spec.read(text))
    if not (spec.offers(value) and fields.is_here(name, value)):
        raise ValueError(text)
    return value


class Links:
    """The links that a session has opened: by page, the configs in the last one and its ignored parameters."""

    def __init__(self) -> None:
        self.read: dict[str, tuple[tuple[Any, ...], tuple[str, ...]]] = {}
        self.restored = False  # the widgets have just been filled from elsewhere, but the address goes first


def read(page: str, *classes: type) -> None:
    """Fill the widgets from the link that opened the page, or from the address after "back" or "forward".

    Call it before drawing the widgets, with the config classes of the link. Ignores later changes of the address, which
    come from the page itself.
    """
    if not _is_new(page):
        return
    query, links = current_query(), state.of(Links)
    found = decode(query, *classes)
    links.read.pop(page, None)  # this script run may be interrupted, and the next one has to read it then
    if query or _is_history_navigation() or links.restored:
        for config in found[0]:
            fields.fill(config)
    links.read[page] = found
    links.restored = False


def read_first(page: str, config_class: type) -> Any:
    """The config that decides which other configs a link contains, from a new link or else from the widgets.

    Call it before `read`, which reads the whole link.
    """
    query = current_query()
    if _is_new(page) and (query or _is_history_navigation() or state.of(Links).restored):
        return decode(query, config_class)[0][0]
    return config_class(**fields.values(config_class))


def _is_new(page: str) -> bool:
    """Whether the address is a link that the page has not read yet."""
    links = state.of(Links)
    return page not in links.read or links.restored or _is_history_navigation()


def _is_history_navigation() -> bool:
    ctx = get_script_run_ctx()
    return ctx is not None and ctx.is_history_navigation


def current_query() -> dict[str, str]:
    """The query of the address."""
    return st.query_params.to_dict()


def returns_to(address: Mapping[str, str]) -> bool:
    """Whether "back" or "forward" of the browser has just led to an address with this query."""
    return _is_history_navigation() and current_query() == address


def write(page: str, *configs: Any, linked: Any = None, lacks: str = "") -> None:
    """Write the configs to the page's address, and draw the button that copies a link.

    The link has `linked` in place of the config of its class, if that is given, and `lacks` says what is not as in the
    configs, or missing in the link.
    """
    link = [linked if type(config) is type(linked) else config for config in configs]
    address.draw(page, encode(*configs), encode(*link), lacks)


def note_restored() -> None:
    """Note that the widgets of all pages have been restored: until a page ends, its address goes before that."""
    state.of(Links).restored = True


def page_ended() -> None:
    """Note that a page was drawn to its end, whether it has a link or not."""
    state.of(Links).restored = False


def go(page: str, here: Any, *there: Any) -> None:
    """Open another page with the configs `there`.

    "Back" returns to this page with `here`, a config or a tuple; with None, as its address is now.
    """
    for config in there:
        fields.fill(config)
    state.of(Links).read[page] = (there, ())  # opened by a button, not by a link
    # Streamlit puts this query into the history entry of the current page.
    kept = current_query() if here is None else encode(*(here if isinstance(here, tuple) else (here,)))
    st.switch_page(f"{page}.py", query_params=kept)


def open_with(page: str, config: Any) -> None:
    """Open another page with a config that may come from a file and have values that no widget offers.

    Such values are replaced by defaults and reported on that page, as for a link.
    """
    links, decoded = state.of(Links), decode(encode(config), type(config))
    for found in decoded[0]:
        fields.fill(found)
    links.read[page] = decoded
    st.switch_page(f"{page}.py")


def notice(page: str, *configs: Any) -> None:
    """Show which parameters of the link were ignored, until a setting changes."""
    decoded, ignored = state.of(Links).read[page]
    if not ignored or not all(config in configs for config in decoded):
        return
    known = {name: spec for config in configs for name, spec in specs(config).items()}
    if points := [name for name in ignored if isinstance(known.get(name), OwnPoints)]:
        st.warning(
            _(
                "The points aren't in this link: it has room for {most} at most, and needs some to learn from. Ask for "
                "the table, choose “My points” and upload it."
            ).format(most=MAX_IN_LINK),
            icon=":material/link_off:",
        )
        partners = [together for config in configs if {*points} & {*(together := getattr(config, "together", ()))}]
        ignored = tuple(name for name in ignored if name not in {*points, *itertools.chain(*partners)})
        if not ignored:
            return
    names = [_(known[n].label) if n in known else f"`{re.sub(r'[^A-Za-z0-9_-]', '', n)[:30] or '?'}`" for n in ignored]
    st.warning(
        _("Some values in this link don't exist here, so the defaults are used for: {names}.").format(
            names=", ".join([*dict.fromkeys(names)][:8])
        ),
        icon=":material/link_off:",
    )
