"""The controls of a sweep: the varied settings with their ranges, and the fixed settings."""

import contextlib
import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

import wb_core as wb
from wb_core.base.fields import Choice, Number, applies, defaults, specs
from wb_core.base.points import points_fields

from ..i18n import N_, _
from ..intake.choice import summary
from ..intake.origin import origin_of
from ..sentences import explain
from ..session import state
from ..widgets import drawer, fields
from .amount import amount_of_epochs
from .lab import SweepLab
from .presets import Preset, settings_of
from .results import Results
from .table import value_text
from .view import NOTHING, PARTS, PLACES, SweepView, full_range


@dataclass(frozen=True)
class Controls:
    """The controls of one kind of sweep. `fixed` are the settings that all runs share, each with a widget.

    `amount` returns a sentence on the size of a sweep. `steps` is the number of steps of a new axis. `presets` are
    worth a try, by the message ids of their names, after the one in `before_presets`. `seconds` says how long a sweep
    takes, if that is long.
    """

    view_class: type[SweepView]
    fixed: Sequence[str]
    steps: int
    presets: Mapping[str, Preset]
    amount: Callable[[wb.Axes], str] = amount_of_epochs
    before_presets: str = N_("Learning rate ×")
    seconds: Callable[[wb.Axes], str] = lambda axes: ""

    @property
    def kind(self) -> type:
        """The class of the config of a run."""
        return self.view_class.config

    def config(self) -> Any:
        """The fixed settings. Raises `ConfigError` if they are invalid together."""
        values = fields.values(self.kind)
        values.pop("schedule", None)  # all runs of a sweep keep their settings
        return self.kind(**values)

    def view(self) -> tuple[SweepView, wb.ConfigError | None]:
        """The view in the controls and None; if that is invalid, the default view and the error."""
        held = fields.values(self.view_class)
        try:
            return self.view_class(**held), None
        except wb.ConfigError as error:
            return self.view_class(seeds=held["seeds"]), error

    def axes(self, view: SweepView, base: Any) -> dict[str, Any]:
        """The values of each varied setting, as `wb.sweep` takes them."""
        found: dict[str, Any] = {axis_range.name: axis_range.values for axis_range in view.ranges}
        found["seed"] = [(base.seed + number) % 2**32 for number in range(view.seeds)]
        return found

    def draw(self, lab: SweepLab, error: wb.ConfigError | None, *, missing: bool = False) -> None:
        """Draw the axes, the other settings and the buttons. With `missing` data, a sweep cannot start."""
        for name, default in defaults(self.view_class).items():
            state.prime(fields.key_of(self.view_class, name), default)
        varied = [fields.values(self.view_class)[place] for place in PLACES]
        with st.container(key="controls"):
            st.header(_("1 Settings to vary"), anchor=False)
            for place in PLACES:
                self._draw_axis(place)
            fields.draw(self.view_class, "seeds")
            st.header(_("2 Fixed settings"), anchor=False)
            for name in points_fields(self.kind):
                if points := fields.current(self.kind, name):
                    st.html(html.escape(summary(points, origin_of(points))))
            with st.popover(_("Other settings"), width="stretch"):
                for name in self.fixed:
                    fields.draw(self.kind, name, disabled=self._idle(name, varied), without=("own",))
        with st.container(key="count", gap="xsmall"):
            fits = self._draw_count(error)
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

    def draw_presets(self, lab: SweepLab) -> None:
        """Draw a button for each preset, which sets the axes and starts the sweep."""
        st.markdown(_(self.before_presets), width="content")
        for name, preset in self.presets.items():
            if not all(self._applies(axis.name) for axis in preset.view.ranges):
                continue

            def press(preset: Preset = preset) -> None:
                self._put(vars(preset.view))
                fields.put(self.kind, settings_of(preset, self.presets, self.kind))
                self._begin(lab)

            kind: Literal["primary", "secondary"] = "primary" if self._in_use(preset) else "secondary"
            st.button(_(name), key=f"sweep.preset.{name}", on_click=press, type=kind, width="content")

    def _in_use(self, preset: Preset) -> bool:
        """Whether the controls are as a preset sets them."""
        settings = settings_of(preset, self.presets, self.kind)
        return self.view() == (preset.view, None) and settings.items() <= fields.values(self.kind).items()

    def preview(self, results: Results, message: str) -> None:
        """Draw the empty axes of the current settings, if they are valid, and this message."""
        view, error = self.view()
        if error is not None:
            st.info(message, icon=":material/grid_view:")
            return
        with contextlib.suppress(wb.ConfigError):
            base = self.config()
            results.preview(wb.Axes(base, self.axes(view, base)), view, message)

    def _draw_axis(self, place: str) -> None:
        """Draw the widgets of an axis, one per field of the view."""
        known = specs(self.view_class)
        key = {part: fields.key_of(self.view_class, f"{place}_{part}") for part in PARTS}
        name_key, spec = fields.key_of(self.view_class, place), known[place]
        assert isinstance(spec, Choice)  # noqa: S101
        with st.container(key=f"axis-{place}", border=True):
            name = st.selectbox(
                _(spec.label),
                [name for name in spec.options if place != "x" or name != NOTHING],
                format_func=lambda name: _(spec.options[name][0]),
                key=name_key,
                on_change=self._change_setting,
                args=(place,),
                persist_state="session",
            )
            state.put(self._previous_key(place), name)
            if name == NOTHING or not isinstance(varied := specs(self.kind)[name], Number):
                return
            left, middle, right = st.columns(3)
            step = float(varied.step)
            common: dict[str, Any] = {"persist_state": "session", "format": "%.10g"}
            left.number_input(_("From"), key=key["low"], step=step, **common)
            middle.number_input(_("To"), key=key["high"], step=step, **common)
            right.number_input(_("Values"), key=key["steps"], step=1, persist_state="session")
            st.toggle(
                _("Logarithmic steps"),
                key=key["log"],
                persist_state="session",
                help=_(
                    "On: each value is a multiple of the one before (0.001, 0.01, 0.1). Off: each value adds the "
                    "same amount."
                ),
            )

    def _idle(self, name: str, varied: Sequence[str]) -> bool:
        """Whether a setting has no say in any run: it is varied, or applies only with another value of a fixed one."""
        needs = specs(self.kind)[name].when
        idle = needs is not None and needs[0] not in varied and fields.current(self.kind, needs[0]) != needs[1]
        return name in varied or idle

    def _applies(self, name: str) -> bool:
        """Whether a setting is not one of those that the points of one's own replace."""
        needs = specs(self.kind)[name].when
        return needs is None or needs[0] not in points_fields(self.kind) or not fields.current(self.kind, needs[0])

    def _draw_count(self, error: wb.ConfigError | None) -> bool:
        """Draw the number of runs, or the error; returns whether the sweep can run."""
        try:
            base, asked = self.config(), self.view()[0]
            made = wb.Axes(base, self.axes(asked, base)) if error is None else None
        except wb.ConfigError as found:
            error, made = found, None
        if made is None:
            if error is not None:
                st.error(self._error_sentence(error), icon=":material/error:")
            return False
        st.markdown(self.amount(made))
        if seconds := self.seconds(made):
            st.caption(seconds)
        for name in made.values:
            self._draw_without_effect(name, made)
        return True

    def _draw_without_effect(self, name: str, axes: wb.Axes) -> None:
        """Say that the setting of an axis changes nothing, if it applies only with another value of another setting."""
        known = specs(self.kind)
        needs = known[name].when
        if needs is None or needs[0] in axes.values or applies(axes.config, name):
            return
        if not self._applies(name):
            text = _("{setting} has no effect on points of your own.").format(setting=_(known[name].label))
            st.info(text, icon=":material/info:")
            return
        text = _("{setting} has no effect unless {other} is {value}: runs that differ only in it come out the same.")
        setting, other, value = _(known[name].label), _(known[needs[0]].label), value_text(self.kind, *needs)
        st.info(text.format(setting=setting, other=other, value=value), icon=":material/info:")

    def _error_sentence(self, error: wb.ConfigError) -> str:
        """The error as a sentence that names the axis."""
        spec = specs(self.kind).get(error.field)
        named = spec is not None and error.code.startswith("span.") and error.code != "span.twice"
        return ": ".join([*([_(spec.label)] if named and spec is not None else []), explain(error)])

    def open(self, lab: SweepLab) -> None:
        """Start the sweep of the default settings, unless there is another one, or others have been chosen."""
        if lab.axes is None and self.view() == (self.view_class(), None) and self.config() == self.kind():
            base, view = self.kind(), self.view_class()
            lab.open(base, self.axes(view, base), view)

    def _begin(self, lab: SweepLab) -> None:
        """Start the sweep, before it is drawn."""
        asked, error = self.view()
        if error is None:
            with contextlib.suppress(wb.ConfigError):
                base = self.config()
                if not lab.busy and lab.axes is not None and not lab.stale(base, asked):
                    st.toast(_("The same settings and seeds give the same results."), icon=":material/repeat:")
                lab.begin(base, self.axes(asked, base), asked)

    def _change_setting(self, place: str) -> None:
        """Give an axis's new setting its full range, or swap both axes if the other one has it."""
        other = "y" if place == "x" else "x"
        held, before = fields.values(self.view_class), state.get(self._previous_key(place), NOTHING)
        name = held[place]
        if name == NOTHING:
            return
        if held[other] != name:
            self._put(full_range(name, self.steps, self.kind).fields(place))
            return
        swapped = {
            f"{here}_{part}": held[f"{there}_{part}"]
            for part in PARTS
            for here, there in ((place, other), (other, place))
        }
        self._put({other: before, **swapped})
        if before == NOTHING and other == "x":  # the first axis cannot be empty
            first = defaults(self.view_class)
            free = next(first[where] for where in PLACES if first[where] != name)
            self._put(full_range(free, self.steps, self.kind).fields(other))

    def _put(self, values: Mapping[str, Any]) -> None:
        fields.put(self.view_class, values)

    def _previous_key(self, place: str) -> str:
        """The key of an axis's previous setting."""
        return f"{fields.key_of(self.view_class, place)}.was"
