"""The controls of a sweep page: which settings vary and how far, and all others as in their lab."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.base.fields import Number, specs
from wb_core.sweeps import AXES

from ..i18n import _
from ..sentences import explain
from ..session import state
from ..widgets import drawer, fields
from .results import Results
from .span import NOTHING, Span, read, spec_of, whole, write
from .view import SweepView

PLACES = ("x", "y")
PARTS = ("low", "high", "steps", "log")


@dataclass(frozen=True)
class Controls:
    """The controls of one kind of sweep. `others` are the settings that can be set for all runs.

    `amount` says in a sentence how much a sweep is; `begin` begins one, and raises `ConfigError` if it is too large.
    `steps` is how many steps an axis has at first.
    """

    view_class: type[SweepView]
    others: Sequence[str]
    steps: int
    amount: Callable[[wb.Axes[Any]], str]
    begin: Callable[[Any, dict[str, Any], SweepView], None]

    @property
    def kind(self) -> type:
        """The class of the config of a run."""
        return self.view_class.kind

    @property
    def varied(self) -> tuple[str, ...]:
        """The settings that can be on an axis."""
        return tuple(name for name in AXES[self.kind] if name != "seed")

    def config(self) -> Any:
        """The settings that do not vary; `ConfigError` where they do not fit together."""
        return self.kind(**fields.values(self.kind))

    def view(self) -> tuple[SweepView, wb.ConfigError | None]:
        """What the controls ask for; where that makes no sense, what they began with, and what is wrong."""
        seeds = state.get(fields.key_of(self.view_class, "seeds"), 1)
        try:
            spans = [self._span(place) for place in PLACES]
            return self.view_class(x=write(spans[0]), y=write(spans[1]), seeds=seeds), None
        except wb.ConfigError as error:
            return self.view_class(seeds=seeds), error

    def axes(self, view: SweepView, base: Any) -> dict[str, Any]:
        """What the engine is to vary."""
        found: dict[str, Any] = {span.name: span.values for span in view.spans}
        found["seed"] = [(base.seed + number) % 2**32 for number in range(view.seeds)]
        return found

    def prime(self) -> None:
        """Let the widgets of the axes begin where the link or the default says."""
        first = self.view_class()
        linked = {name: state.get(fields.key_of(self.view_class, name)) for name in PLACES}
        for place, default in zip(PLACES, (first.x, first.y), strict=True):
            text = linked[place] or default
            if linked[place] is not None:  # a link has come: its values replace those of the widgets
                self._put(place, read(text, self.kind))
                state.put(fields.key_of(self.view_class, place), None)
            elif state.get(self._key(place, "name")) is None:
                self._put(place, read(text, self.kind))

    def draw(self, error: wb.ConfigError | None, *, missing: bool = False) -> None:
        """Draw the axes, the other settings and the buttons; nothing can be run while data are `missing`."""
        with st.container(key="controls"):
            st.header(_("1 Settings to vary"), anchor=False)
            self._axis("x", _("First axis"))
            self._axis("y", _("Second axis"))
            fields.draw(self.view_class, "seeds")
            st.header(_("2 Fixed settings"), anchor=False)
            with st.popover(_("Other settings"), width="stretch"):
                for name in self.others:
                    fields.draw(self.kind, name, disabled=name in self._names())
        with st.container(key="count"):
            fits = self._count(error)
        with st.container(horizontal=True, gap="small", key="actions"):
            drawer.button()
            st.button(
                _("Run the sweep"),
                type="primary",
                icon=":material/grid_view:",
                on_click=self._begin,
                disabled=missing or not fits,
            )

    def preview(self, results: Results) -> None:
        """Draw the axes that the controls ask for, where that makes sense and is not too much to draw."""
        view, _error = self.view()
        with contextlib.suppress(wb.ConfigError):
            base = self.config()
            results.preview(wb.Axes(base, self.axes(view, base)), view)

    def _axis(self, place: str, label: str) -> None:
        names = [*self.varied] if place == "x" else [NOTHING, *self.varied]
        known = {name: _(specs(self.kind)[name].label) for name in self.varied} | {NOTHING: _("nothing")}
        with st.container(key=f"axis-{place}", border=True):
            name = st.selectbox(
                label,
                names,
                format_func=known.__getitem__,
                key=self._key(place, "name"),
                on_change=self._renamed,
                args=(place,),
                persist_state="session",
            )
            state.put(self._key(place, "was"), name)
            if name == NOTHING or not isinstance(spec := spec_of(name, self.kind), Number):
                return
            left, middle, right = st.columns(3)
            step = float(spec.step)
            common: dict[str, Any] = {"persist_state": "session", "format": "%.10g"}
            left.number_input(_("From"), key=self._key(place, "low"), step=step, **common)
            middle.number_input(_("To"), key=self._key(place, "high"), step=step, **common)
            right.number_input(_("Values"), key=self._key(place, "steps"), step=1, persist_state="session")
            st.toggle(
                _("Logarithmic steps"),
                key=self._key(place, "log"),
                persist_state="session",
                help=_(
                    "On: each value is a multiple of the one before (0.001, 0.01, 0.1). Off: each value adds the "
                    "same amount."
                ),
            )

    def _count(self, error: wb.ConfigError | None) -> bool:
        """Say how many runs that is, or what is wrong; gives whether it can be done."""
        try:
            base, asked = self.config(), self.view()[0]
            made = wb.Axes(base, self.axes(asked, base)) if error is None else None
        except wb.ConfigError as found:
            error, made = found, None
        if made is None:
            if error is not None:
                st.error(self._explained(error), icon=":material/error:")
            return False
        st.markdown(self.amount(made))
        if "momentum" in made.values and made.config.optimizer != "sgd" and "optimizer" not in made.values:
            st.info(
                _("Adam doesn't use SGD's momentum, so runs that differ only in momentum come out the same."),
                icon=":material/info:",
            )
        return True

    def _explained(self, error: wb.ConfigError) -> str:
        """What is wrong, and on which axis."""
        spec = specs(self.kind).get(error.field)
        named = spec is not None and error.code.startswith("span.") and error.code != "span.twice"
        return ": ".join([*([_(spec.label)] if named and spec is not None else []), explain(error)])

    def _begin(self) -> None:
        """What the button does before the script runs, so that everything drawn in that run knows of it."""
        asked, error = self.view()
        if error is None:
            with contextlib.suppress(wb.ConfigError):
                base = self.config()
                self.begin(base, self.axes(asked, base), asked)

    def _span(self, place: str) -> Span | None:
        """What the widgets of an axis hold."""
        name = state.get(self._key(place, "name"), NOTHING)
        if name == NOTHING:
            return None
        if not isinstance(spec_of(name, self.kind), Number):
            return Span(name, kind=self.kind)
        low, high, steps, log = (state.get(self._key(place, part)) for part in PARTS)
        return Span(name, float(low or 0), float(high or 0), int(steps or 0), bool(log), self.kind)

    def _names(self) -> list[str]:
        return [state.get(self._key(place, "name"), NOTHING) for place in PLACES]

    def _renamed(self, place: str) -> None:
        """Another setting begins with all that it offers, or changes places with the one on the other axis."""
        name, other = state.get(self._key(place, "name")), "y" if place == "x" else "x"
        before = state.get(self._key(place, "was"), NOTHING)
        if name == NOTHING or state.get(self._key(other, "name")) != name:
            self._put(place, None if name == NOTHING else whole(name, self.steps, self.kind))
            return
        numbers = {part: [state.get(self._key(where, part)) for where in (place, other)] for part in PARTS}
        state.put(self._key(other, "name"), before)
        for part, (ours, theirs) in numbers.items():
            state.put(self._key(place, part), theirs)
            state.put(self._key(other, part), ours)
        if before == NOTHING and other == "x":  # there is always a first axis
            free = next(axis for axis in ("lr", "weight", "hidden_units") if axis != name and axis in self.varied)
            self._put(other, whole(free, self.steps, self.kind))

    def _put(self, place: str, span: Span | None) -> None:
        state.put(self._key(place, "name"), span.name if span else NOTHING)
        if span is not None and not span.is_choice:
            for part in PARTS:
                state.put(self._key(place, part), getattr(span, part))

    def _key(self, place: str, part: str) -> str:
        return f"{self.view_class.__name__}.{place}.{part}"


def arithmetic(axes: wb.Axes[Any]) -> str:
    """How the number of runs comes about: `40 × 20 = `, or nothing where that says nothing."""
    sizes = [f"{size:,}" for size in axes.shape if size > 1]
    return " × ".join(sizes) + " = " if len(sizes) > 1 else ""
