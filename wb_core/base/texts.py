"""A config as texts, one for each setting that differs from its default, as a link carries it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from .errors import ConfigError
from .fields import defaults, specs

T = TypeVar("T")


def to_texts(config: Any) -> dict[str, str]:
    """The settings of a config that differ from their defaults."""
    first, known = defaults(config), specs(config)
    values = {name: getattr(config, name) for name in known}
    return {name: known[name].text(value) for name, value in values.items() if value != first[name]}


def from_texts(config_class: type[T], texts: Mapping[str, str]) -> T:
    """The config with these settings, and the defaults for all others.

    Raises `ConfigError` for a name that it does not have, a text that is not a value, and a value that no page offers.
    """
    known, values = specs(config_class), {}
    for name, text in texts.items():
        if name not in known:
            raise ConfigError("config.unknown", field=name[:60], given=text[:60], allowed=", ".join(known))
        values[name] = known[name].check(name, known[name].read(text))
        if not known[name].offers(values[name]):
            raise ConfigError("config.not_offered", field=name, given=text[:60], allowed="what a page offers")
    return config_class(**values)
