"""The controls of a sweep page: the settings that vary with their ranges, and the widgets of the fixed ones."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

import wb_core as wb
from wb_core.base.fields import Number, specs

from ..i18n import _
from ..sentences import explain
from ..session import state
from ..widgets import drawer, fields
from .lab import SweepLab
from .results import Results
from .view import NOTHING, AxisRange, SweepView, axis_spec, format_range, full_range, parse_range

AXIS_NAMES = ("x", "y")
RANGE_PARTS = ("low", "high", "steps", "log")


@dataclass(frozen=True)
class Controls:
    """The controls of one kind of sweep. `fixed` are the settings with a widget for all runs.

    `amount` puts the size of a sweep into a sentence. `steps` is the number of steps of a new axis.
    """

    view_class: type[SweepView]
    fixed: Sequence[str]
    steps: int
    amount: Callable[[wb.Axes], str]

    @property
    def kind(self) -> type:
        """The class of the config of a run."""
        return self.view_class.kind

    @property
    def varied(self) -> tuple[str, ...]:
        """The settings that can be on an axis."""
        return tuple(name for name in wb.kind_of(self.kind).sweepable if name != "seed")

    def config(self) -> Any:
        """The settings that do not vary; `ConfigError` where they do not fit together."""
        return self.kind(**fields.values(self.kind))

    def view(self) -> tuple[SweepView, wb.ConfigError | None]:
        """The view that the controls hold and None; where it is invalid, the default view and the error."""
        seeds = state.get(fields.key_of(self.view_class, "seeds"), 1)
        try:
            ranges = [self._range(place) for place in AXIS_NAMES]
            return self.view_class(x=format_range(ranges[0]), y=format_range(ranges[1]), seeds=seeds), None
        except wb.ConfigError as error:
            return self.view_class(seeds=seeds), error

    def axes(self, view: SweepView, base: Any) -> dict[str, Any]:
        """The values of each varied setting, for the engine."""
        found: dict[str, Any] = {axis_range.name: axis_range.values for axis_range in view.ranges}
        found["seed"] = [(base.seed + number) % 2**32 for number in range(view.seeds)]
        return found

    def prime(self) -> None:
        """Give the widgets of the axes the values of the link, or else the defaults."""
        first = self.view_class()
        linked = {name: state.get(fields.key_of(self.view_class, name)) for name in AXIS_NAMES}
        for place, default in zip(AXIS_NAMES, (first.x, first.y), strict=True):
            text = linked[place] or default
            if linked[place] is not None:  # a new link: its values replace those of the widgets
                self._put(place, parse_range(text, self.kind))
                state.put(fields.key_of(self.view_class, place), None)
            elif state.get(self._key(place, "name")) is None:
                self._put(place, parse_range(text, self.kind))

    def draw(self, lab: SweepLab, error: wb.ConfigError | None, *, missing: bool = False) -> None:
        """Draw the axes, the other settings and the buttons; without its data (`missing`) a sweep cannot run."""
        with st.container(key="controls"):
            st.header(_("1 Settings to vary"), anchor=False)
            self._axis("x", _("First axis"))
            self._axis("y", _("Second axis"))
            fields.draw(self.view_class, "seeds")
            st.header(_("2 Fixed settings"), anchor=False)
            with st.popover(_("Other settings"), width="stretch"):
                for name in self.fixed:
                    fields.draw(self.kind, name, disabled=name in self._chosen_names())
        with st.container(key="count"):
            fits = self._count(error)
        with st.container(horizontal=True, gap="small", key="actions"):
            drawer.button()
            st.button(
                _("Run the sweep"),
                type="primary",
                icon=":material/grid_view:",
                on_click=self._begin,
                args=(lab,),
                disabled=missing or not fits,
            )

    def preview(self, results: Results) -> None:
        """Draw the empty axes of the current settings, if these are valid."""
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
            if name == NOTHING or not isinstance(spec := axis_spec(name, self.kind), Number):
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
        """Draw the number of runs, or the error; returns whether the sweep can run."""
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
        """The error in words, with the axis it is about."""
        spec = specs(self.kind).get(error.field)
        named = spec is not None and error.code.startswith("span.") and error.code != "span.twice"
        return ": ".join([*([_(spec.label)] if named and spec is not None else []), explain(error)])

    def _begin(self, lab: SweepLab) -> None:
        """Begin the sweep, before the script run that draws it."""
        asked, error = self.view()
        if error is None:
            with contextlib.suppress(wb.ConfigError):
                base = self.config()
                lab.begin(base, self.axes(asked, base), asked)

    def _range(self, place: str) -> AxisRange | None:
        """The range that the widgets of an axis hold; None for no axis."""
        name = state.get(self._key(place, "name"), NOTHING)
        if name == NOTHING:
            return None
        if not isinstance(axis_spec(name, self.kind), Number):
            return AxisRange(name, kind=self.kind)
        low, high, steps, log = (state.get(self._key(place, part)) for part in RANGE_PARTS)
        return AxisRange(name, float(low or 0), float(high or 0), int(steps or 0), bool(log), self.kind)

    def _chosen_names(self) -> list[str]:
        return [state.get(self._key(place, "name"), NOTHING) for place in AXIS_NAMES]

    def _renamed(self, place: str) -> None:
        """Give a new setting its whole range, or swap it with the one on the other axis."""
        name, other = state.get(self._key(place, "name")), "y" if place == "x" else "x"
        before = state.get(self._key(place, "was"), NOTHING)
        if name == NOTHING or state.get(self._key(other, "name")) != name:
            self._put(place, None if name == NOTHING else full_range(name, self.steps, self.kind))
            return
        numbers = {part: [state.get(self._key(where, part)) for where in (place, other)] for part in RANGE_PARTS}
        state.put(self._key(other, "name"), before)
        for part, (ours, theirs) in numbers.items():
            state.put(self._key(place, part), theirs)
            state.put(self._key(other, part), ours)
        if before == NOTHING and other == "x":  # there is always a first axis
            free = next(axis for axis in ("lr", "weight", "hidden_units") if axis != name and axis in self.varied)
            self._put(other, full_range(free, self.steps, self.kind))

    def _put(self, place: str, axis_range: AxisRange | None) -> None:
        state.put(self._key(place, "name"), axis_range.name if axis_range else NOTHING)
        if axis_range is not None and not axis_range.is_choice:
            for part in RANGE_PARTS:
                state.put(self._key(place, part), getattr(axis_range, part))

    def _key(self, place: str, part: str) -> str:
        return f"{self.view_class.__name__}.{place}.{part}"


def arithmetic(axes: wb.Axes) -> str:
    """The product behind the number of runs, `40 × 20 = `; empty for a single factor."""
    sizes = [f"{size:,}" for size in axes.shape if size > 1]
    return " × ".join(sizes) + " = " if len(sizes) > 1 else ""
