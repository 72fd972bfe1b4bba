"""Draws the widget of a config field from the field's metadata: label, help, bounds and PyTorch name."""

import contextlib
from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.base.fields import Choice, Number, Setting, Several, Switch, defaults, specs
from wb_core.kinds.points.layers import HiddenLayers

from ..i18n import _
from ..session import state
from . import focus


def key_of(config: Any, name: str) -> str:
    """The widget key of a config field."""
    kind = config if isinstance(config, type) else type(config)
    return f"{kind.__name__}.{name}"


def fill(config: Any) -> None:
    """Set the widgets of a config's fields, before this script run draws them."""
    put(type(config), {name: getattr(config, name) for name in specs(config)})


def put(config_class: type, changes: Mapping[str, Any]) -> None:
    """Set some widgets of a config's fields, before this script run draws them."""
    for name, value in changes.items():
        state.put(key_of(config_class, name), value)


OF_ANOTHER_KIND = ("config.not_a_choice", "config.not_a_number")


def current(config_class: type, name: str) -> Any:
    """The value of a field's widget; the default for a field without a widget, or if the browser sent no such value.

    A number may be out of range, which the page reports.
    """
    first = defaults(config_class)[name]
    value = state.get(key_of(config_class, name), first)
    try:
        return specs(config_class)[name].check(name, value)
    except wb.ConfigError as error:
        return first if error.code in OF_ANOTHER_KIND else value


def values(config_class: type) -> dict[str, Any]:
    """The values of the widgets of a config's fields; the default for a field without a widget."""
    return {name: current(config_class, name) for name in specs(config_class)}


def with_config(config_class: type, act: Callable[[Any], None]) -> None:
    """Call `act` with the config in the widgets, unless it is invalid, which the page reports itself."""
    with contextlib.suppress(wb.ConfigError):
        act(config_class(**values(config_class)))


def number_text(spec: Number, value: float, digits: int = 10) -> str:
    """A number of a setting with so many digits, or the word for its 0."""
    return _(spec.zero) if spec.zero and value == 0 else f"{value:.{digits}g}"


Range = tuple[float, float]


def stops(config_class: type, name: str, offered: Range | None = None) -> list[float]:
    """The stops of a slider or the options of a numeric choice, including the current value, perhaps from a link."""
    spec, value = specs(config_class)[name], current(config_class, name)
    if not isinstance(spec, Number):
        raise TypeError(f"{name} is no number")
    return sorted({*spec.stops_within(offered or spec.offered), value})


def draw(
    config_class: type,
    name: str,
    *,
    disabled: bool | None = None,
    most: int | None = None,
    offered: Range | None = None,
    without: Collection[str] = (),
    then: Callable[[], None] | None = None,
) -> Any:
    """Draw the widget of a field and return its value, which persists for the session.

    `most` is a temporary maximum, `offered` the range of a slider if it is not the usual one. The options in `without`
    can only stay chosen. `then` is called after a change by hand, before the script run.

    With `disabled=None`, the widget is disabled if the setting does not apply given the other widgets' values. In a
    lesson, only some settings are drawn.
    """
    spec, key = specs(config_class)[name], key_of(config_class, name)
    value = current(config_class, name)
    if not focus.shows(name):
        return value
    held = [*value] if isinstance(spec, Several) else value  # as the widget has it
    if state.get(key) != held:
        state.put(key, held)
    common: dict[str, Any] = {
        "label": _(spec.label),
        "help": _(spec.help) + "  \n" + _("In PyTorch") + f": `{_torch_name(spec, value)}`",
        "key": key,
        "disabled": not _applies(config_class, spec) if disabled is None else disabled,
        "persist_state": "session",
    }
    if then is not None:
        common["on_change"] = then
    if isinstance(spec, Several):
        common |= {"on_change": _keep, "args": (key, held)}
        return st.pills(
            options=[*spec.options], format_func=lambda one: _(spec.options[one]), selection_mode="multi", **common
        )
    if isinstance(spec, Switch):
        return st.toggle(**common)
    if isinstance(spec, Choice):
        here = [option for option in spec.options if option not in without and is_here(name, option)]
        options = [option for option in spec.options if option == value or option in here]
        return st.selectbox(options=options, format_func=lambda option: _(spec.options[option][0]), **common)
    if isinstance(spec, HiddenLayers):
        networks = [*spec.typical, *([] if value in spec.typical else [value])]
        return st.selectbox(options=networks, format_func=spec.text, **common)
    if spec.log or spec.values:
        widget = st.select_slider if spec.log else st.selectbox
        return widget(
            options=stops(config_class, name, offered), format_func=lambda stop: number_text(spec, stop), **common
        )
    low, high = spec.offered
    if offered is not None:
        low, high = min(offered[0], value), max(offered[1], value)  # the value may come from a link
    if spec.typed:
        common |= {"value": None, "on_change": _keep, "args": (key, value)}
    if spec.integer:
        widget = st.number_input if spec.typed else st.slider
        return widget(min_value=int(low), max_value=int(high) if most is None else most, step=int(spec.step), **common)
    digits = len(f"{spec.step:.10g}".partition(".")[2])
    shown = max(digits, len(f"{value:.10g}".partition(".")[2]))
    widget = st.number_input if spec.typed else st.slider
    return widget(min_value=low, max_value=high, step=spec.step, format=f"%.{shown}f", **common)


def _keep(key: str, value: Any) -> None:
    """Let an emptied box or choice keep its value, in a callback before the script run."""
    if state.get(key) in (None, []):
        state.put(key, value)


def _applies(config_class: type, spec: Setting) -> bool:
    return spec.when is None or spec.applies({spec.when[0]: current(config_class, spec.when[0])})


def draw_all(config_class: type, *names: str) -> None:
    """Draw the widgets of some fields."""
    for name in names:
        draw(config_class, name)


def name_beside(config_class: type) -> None:
    """Add the PyTorch name in small print after each label that differs from it; screen readers skip it.

    Under a box with a number out of range, say the range: Streamlit has it in English, in a tip under the mouse.
    """
    names, ranges = {}, {}
    for name, spec in specs(config_class).items():
        key = key_of(config_class, name)
        if isinstance(spec, Number | Choice | Several):
            names[key] = _torch_name(spec, current(config_class, name)), _(spec.label)
        if isinstance(spec, Number) and spec.typed:
            low, high = (f"{end:.10g}" for end in spec.offered)
            ranges[key] = _("Use values from {low} to {high}.").format(low=low, high=high)
    names_beside(names, ranges)


def names_beside(names: Mapping[str, tuple[str, str]], ranges: Mapping[str, str] = MappingProxyType({})) -> None:
    """The same for widgets by their keys, each with its PyTorch name and its label, or with its range."""
    rules = [
        f".{css_class(key)} [data-testid='stWidgetLabel'] p::after{{content:'{torch_name}'/'';}}"
        for key, (torch_name, label) in names.items()
        if differs(torch_name, label)
    ]
    rules += [f".{css_class(key)} [id$=validation-error]::after{{content:'{said}';}}" for key, said in ranges.items()]
    st.html(f"<style>{''.join(rules)}</style>")


def css_class(key: str) -> str:
    """The class that Streamlit gives to the widget with this key."""
    return "st-key-" + key.replace(".", "-")


def differs(torch_name: str, label: str) -> bool:
    """Whether there is a PyTorch name that says more than the label."""
    return torch_name.replace("_", " ") not in ("", label.lower())


def torch_name(config: Any, name: str) -> str:
    """PyTorch's name for a setting, or for its chosen option."""
    return _torch_name(specs(config)[name], getattr(config, name))


def _torch_name(spec: Setting, value: Any) -> str:
    return spec.options[value][1] if isinstance(spec, Choice) else spec.torch


def is_here(name: str, option: str) -> bool:
    """Whether this machine has what the option of a field needs, such as a device."""
    return name != "device" or option == "auto" or option in wb.available_devices()
