"""Config <-> link, for every config that the page can make and for arbitrary links."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import wb_core as wb
from pages.ui.session.share import decode, encode
from pages.ui.widgets.fields import is_here
from wb_core.base.fields import Choice, Switch, specs
from wb_core.base.points import OwnPoints
from wb_core.kinds.line import by_hand

SPECS = specs(wb.LinearConfig)
near = st.floats(-1e4, 1e4).map(lambda value: round(value, 12))


def values(name):
    """The values that a widget can have."""
    spec = SPECS[name]
    if isinstance(spec, Choice):
        return st.sampled_from([option for option in spec.options if is_here(name, option)])
    if name == "schedule":
        return schedules()
    if isinstance(spec, Switch):
        return st.booleans()
    if isinstance(spec, OwnPoints):
        number = st.floats(-1e15, 1e15)
        return st.lists(st.tuples(number, number), min_size=2, max_size=100, unique_by=lambda point: point[0])
    if name == "init":
        return st.tuples(near, near).map(lambda line: by_hand.write(*line)) | st.just("")
    low, high = spec.offered
    if spec.integer:
        return st.integers(int(low), int(high))
    return st.floats(low, high).map(lambda value: round(value, 12)).filter(lambda value: low <= value <= high)


@st.composite
def schedules(draw):
    parts = []
    for epoch in sorted(draw(st.sets(st.integers(0, 9_999_999), max_size=8))):
        names = draw(st.sets(st.sampled_from(["loss", "optimizer", "momentum", "lr"]), min_size=1))
        parts.append(f"{epoch}:" + ",".join(f"{name}={SPECS[name].text(draw(values(name)))}" for name in names))
    return ";".join(parts)


@st.composite
def configs(draw):
    try:
        return wb.LinearConfig(**draw(st.fixed_dictionaries({}, optional={name: values(name) for name in SPECS})))
    except wb.ConfigError:
        assume(False)


texts = st.text() | st.integers().map(str) | st.floats().map(repr) | st.sampled_from(["l1", "adam", "cpu", "cuda", "٣"])
queries = st.dictionaries(st.sampled_from([*SPECS, "embed"]) | st.text(), texts)


def offered(config):
    """Whether the page could have made this config."""
    for name, spec in SPECS.items():
        value = getattr(config, name)
        if isinstance(spec, Choice):
            assert is_here(name, value)
        elif name == "schedule":
            for _, phase in config.phases[1:]:
                assert offered(phase)
        elif isinstance(spec, OwnPoints | Switch):
            assert spec.offers(value)
        elif name == "init":
            assert config.initial is None or max(map(abs, config.initial.values())) <= by_hand.FARTHEST
        else:
            assert spec.farthest[0] <= value <= spec.farthest[1]
    return True


@given(configs())
def test_a_config_survives_its_link(config):
    query = encode(config)
    assert decode(query, wb.LinearConfig) == ((config,), ())


@given(configs())
def test_a_link_is_short_plain_and_without_defaults(config):
    for name, text in encode(config).items():
        assert getattr(config, name) != getattr(wb.LinearConfig(), name)
        assert re.fullmatch(r"[a-z0-9.+-]+", text)


def test_a_link_carries_only_changed_settings():
    assert encode(wb.LinearConfig()) == {}
    assert encode(wb.LinearConfig(lr=0.02, epochs=200)) == {"lr": "0.02", "epochs": "200"}


@given(queries)
@example({"lr": "nan", "epochs": "1e999", "seed": "-0", "weight": "1_0", "bias": "０", "noise": " 0.1", "loss": "L1"})
@example({"start": "1", "end": "0"})
@example({"start": "-5", "end": "5", "step": "0.005"})
@example({"epochs": "9" * 5000})
@example({"device": "cuda:0", "model": "", "momentum": "1"})
def test_any_query_gives_a_config_and_names_the_ignored_parts(query):
    (config,), ignored = decode(query, wb.LinearConfig)
    assert offered(config)
    assert set(ignored) <= set(query) - {"embed"}
    assert len(set(ignored)) == len(ignored)
    for name in SPECS:
        if name in query and name not in ignored:  # accepted unchanged
            spec, value = SPECS[name], getattr(config, name)
            assert value == spec.check(name, spec.read(query[name]))
        else:
            assert getattr(config, name) == getattr(wb.LinearConfig(), name)
    assert set(query) - set(SPECS) - {"embed", "embed_options"} <= set(ignored)


@pytest.mark.parametrize("name", ["fbclid", "gclid", "utm_source", "msclkid", "_ga", "mc_cid", "igshid", "embed"])
def test_parameters_that_chats_and_search_engines_add_pass_in_silence(name):
    configs, ignored = decode({"lr": "0.5", name: "IwAR0x"}, wb.LinearConfig)
    assert (configs, ignored) == ((wb.LinearConfig(lr=0.5),), ())
    assert decode({f"x{name}": "1"}, wb.LinearConfig)[1] == (f"x{name}",)
