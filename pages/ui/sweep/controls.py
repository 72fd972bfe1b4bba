"""The controls of the sweep page: which settings vary and how far, and all others as in the linear-regression lab."""

import contextlib
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.fields import Number, specs
from wb_core.sweep import AXES

from .. import drawer, fields, state
from ..i18n import _
from ..sentences import explain
from .lab import SweepLab
from .span import NOTHING, Span, read, spec_of, whole, write
from .view import SweepView

PLACES = ("x", "y")
VARIED = tuple(name for name in AXES if name != "seed")
OTHERS = ("loss", "optimizer", "epochs", "noise", "model", "lr")


def config() -> wb.LinearConfig:
    """The settings that do not vary; `ConfigError` where they do not fit together."""
    return wb.LinearConfig(**fields.values(wb.LinearConfig))


def view() -> tuple[SweepView, wb.ConfigError | None]:
    """What the controls ask for; where that makes no sense, what they began with, and what is wrong."""
    seeds = state.get(fields.key_of(SweepView, "seeds"), 1)
    try:
        spans = [_span(place) for place in PLACES]
        return SweepView(x=write(spans[0]), y=write(spans[1]), seeds=seeds), None
    except wb.ConfigError as error:
        return SweepView(seeds=seeds), error


def axes(view: SweepView, base: wb.LinearConfig) -> dict[str, Any]:
    """What the engine is to vary."""
    found: dict[str, Any] = {span.name: span.values for span in view.spans}
    found["seed"] = [(base.seed + number) % 2**32 for number in range(view.seeds)]
    return found


def prime() -> None:
    """Let the widgets of the axes begin where the link or the default says."""
    linked = {name: state.get(fields.key_of(SweepView, name)) for name in PLACES}
    for place, default in zip(PLACES, (SweepView().x, SweepView().y), strict=True):
        text = linked[place] or default
        if linked[place] is not None:  # a link has come: its values replace those of the widgets
            _put(place, read(text))
            state.put(fields.key_of(SweepView, place), None)
        elif state.get(_key(place, "name")) is None:
            _put(place, read(text))


def draw(lab: SweepLab, error: wb.ConfigError | None) -> None:
    """Draw the axes, the other settings and the buttons."""
    with st.container(key="controls"):
        st.header(_("1 What to vary"), anchor=False)
        _axis("x", _("First axis"))
        _axis("y", _("Second axis"))
        fields.draw(SweepView, "seeds")
        st.header(_("2 Everything else"), anchor=False)
        with st.popover(_("The other settings"), width="stretch"):
            for name in OTHERS:
                fields.draw(wb.LinearConfig, name, disabled=name in _names())
    with st.container(key="count"):
        runs = _count(error)
    _actions(lab, runs)


def _axis(place: str, label: str) -> None:
    names = [*VARIED] if place == "x" else [NOTHING, *VARIED]
    known = {name: _(specs(wb.LinearConfig)[name].label) for name in VARIED} | {NOTHING: _("nothing")}
    with st.container(key=f"axis-{place}", border=True):
        name = st.selectbox(
            label,
            names,
            format_func=known.__getitem__,
            key=_key(place, "name"),
            on_change=_renamed,
            args=(place,),
            persist_state="session",
        )
        if name == NOTHING or not isinstance(spec := spec_of(name), Number):
            return
        left, middle, right = st.columns(3)
        step = float(spec.step)
        common: dict[str, Any] = {"persist_state": "session", "format": "%.10g"}
        left.number_input(_("From"), key=_key(place, "low"), step=step, **common)
        middle.number_input(_("To"), key=_key(place, "high"), step=step, **common)
        right.number_input(_("Steps"), key=_key(place, "steps"), step=1, persist_state="session")
        st.toggle(
            _("In equal ratios (logarithmic)"),
            key=_key(place, "log"),
            persist_state="session",
            help=_("0.001, 0.01, 0.1: each step multiplies. Otherwise each step adds the same."),
        )


def _count(error: wb.ConfigError | None) -> int:
    """Say how many runs that is, or what is wrong; gives the number, 0 where there is something wrong."""
    try:
        base, asked = config(), view()[0]
        made = wb.Axes(base, axes(asked, base)) if error is None else None
    except wb.ConfigError as found:
        error, made = found, None
    if made is None:
        if error is not None:
            st.error(explain(error), icon=":material/error:")
        return 0
    arithmetic = " × ".join(f"{size:,}" for size in made.shape if size > 1) or "1"
    st.markdown(
        _("{arithmetic} = **{runs} runs** of {epochs} epochs each.").format(
            arithmetic=arithmetic, runs=f"{len(made):,}", epochs=f"{base.epochs:,}"
        )
        if "epochs" not in made.values
        else _("{arithmetic} = **{runs} runs**.").format(arithmetic=arithmetic, runs=f"{len(made):,}")
    )
    return len(made)


def _actions(lab: SweepLab, runs: int) -> None:
    """The button. It acts before the script runs, so that everything drawn in that run knows of it."""

    def begin() -> None:
        asked, error = view()
        if error is None:
            with contextlib.suppress(wb.ConfigError):
                base = config()
                lab.begin(base, axes(asked, base), asked)

    with st.container(horizontal=True, gap="small", key="actions"):
        drawer.button()
        st.button(
            _("Run the sweep"), type="primary", icon=":material/grid_view:", on_click=begin, disabled=not runs > 0
        )


def _span(place: str) -> Span | None:
    """What the widgets of an axis hold."""
    name = state.get(_key(place, "name"), NOTHING)
    if name == NOTHING:
        return None
    if not isinstance(spec_of(name), Number):
        return Span(name)
    low, high, steps, log = (state.get(_key(place, part)) for part in ("low", "high", "steps", "log"))
    return Span(name, float(low or 0), float(high or 0), int(steps or 0), bool(log))


def _names() -> list[str]:
    return [state.get(_key(place, "name"), NOTHING) for place in PLACES]


def _renamed(place: str) -> None:
    """Another setting begins with all that it offers; the other axis gives way if it has that setting already."""
    name = state.get(_key(place, "name"))
    _put(place, None if name == NOTHING else whole(name))
    other = "y" if place == "x" else "x"
    if name != NOTHING and state.get(_key(other, "name")) == name:
        _put(other, None if other == "y" else whole("lr" if name != "lr" else "weight"))


def _put(place: str, span: Span | None) -> None:
    state.put(_key(place, "name"), span.name if span else NOTHING)
    if span is not None and not span.is_choice:
        for part in ("low", "high", "steps", "log"):
            state.put(_key(place, part), getattr(span, part))


def _key(place: str, part: str) -> str:
    return f"sweep.{place}.{part}"
