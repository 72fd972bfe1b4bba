"""What came of a sweep: its best run in a sentence, its picture, its table, and the chosen run beside it."""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from wb_core.fields import Choice, specs

from .. import state
from ..figures.sweep import BECAME, Axis, Grid, Measure, curve_figure, grid_of, lines_figure, map_figure
from ..i18n import N_, _, language, translator
from .lab import Lab
from .span import spec_of

UNENDED = ("", "queued", "running", "cancelled")
"""What became of a run that did not come to its end."""

WAYS = {"map": N_("Picture"), "lines": N_("All axes at once"), "table": N_("Table")}


@dataclass(frozen=True)
class Results:
    """What the results of one kind of sweep show.

    `kind` is the class of the config of a run, `measures` what can be shown of each: the column of the table, what it
    is called, and whether it is a percentage. The column `became` says what became of each run, `columns` has the words
    for the others. `limit` says where a line is drawn across the picture, `chosen` draws the chosen run.
    """

    kind: type
    measures: Mapping[str, tuple[str, bool]]
    became: str
    columns: Mapping[str, str]
    limit: Callable[[Any, Grid], dict[str, float]]
    chosen: Callable[[Any], None]

    def draw(self, lab: Lab) -> None:
        """Draw the sweep on show, and the chosen run beside its picture."""
        shown, measured = f"sweep.shown.{self.kind.__name__}", f"sweep.measure.{self.kind.__name__}"
        state.prime(shown, "map")
        state.prime(measured, next(iter(self.measures)))
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            way = _choice(_("What to look at"), WAYS, shown)
            names = {column: label for column, (label, _percent) in self.measures.items()}
            column = _choice(_("Which number"), names, measured)
        label, percent = self.measures[column]
        measure = Measure(column, _(label), percent)
        grid = self.grid(lab, measure)
        if not lab.busy and lab.chosen is None and grid.best is not None:
            lab.choose(int(grid.run[grid.best]), mark=True)
        st.markdown(self._finding(lab, grid))
        if way == "map":
            self._picture(lab, measure)
        elif way == "lines":
            _parallel(lab, self._axes(lab, every=True), measure)
        else:
            self._table(lab.frame())

    def grid(self, lab: Lab, measure: Measure) -> Grid:
        """The table as a grid along the axes that were asked for."""
        make = functools.partial(grid_of, lab.frame(), self._axes(lab), lab.view.seeds, measure, self.became)
        found: Grid = lab.once(("grid", measure), make)
        return found

    def _axes(self, lab: Lab, *, every: bool = False) -> list[Axis]:
        """The axes that were asked for; with `every`, also the seeds where there are several."""
        assert lab.axes is not None  # noqa: S101
        logs = {span.name: span.log for span in lab.view.spans}
        names = [name for name, values in lab.axes.values.items() if name in logs or (every and len(values) > 1)]
        return [
            Axis(
                name,
                _(specs(self.kind)[name].label),
                lab.axes.values[name],
                tuple(written(self.kind, name, value) for value in lab.axes.values[name]),
                logs.get(name, False),
            )
            for name in names
        ]

    def _finding(self, lab: Lab, grid: Grid) -> str:
        """The best cell of the picture, and how many runs went wrong, in a sentence."""
        frame = lab.frame()
        became = frame[self.became]
        if (best := grid.best) is not None:
            where = ", ".join(f"{axis.label} {axis.words[at]}" for axis, at in zip(grid.axes, best, strict=False))
            best_of = (
                _("The best of {runs} runs: {number} at {where}.")
                if lab.view.seeds == 1
                else _("The best of {cells} combinations: {number}, the median of {seeds} seeds, at {where}.")
            )
            said = best_of.format(
                runs=f"{int((~became.isin(UNENDED)).sum()):,}",
                cells=f"{grid.value.size:,}",
                seeds=lab.view.seeds,
                number=grid.measure.written(float(grid.value[best])),
                where=where,
            )
        else:
            said = _("No run has come to an end yet.") if lab.busy else _("No run ended with a number.")
        signs = {
            "exploding": _("Exploded (×): {count}."),
            "bouncing": _("Bouncing (◇): {count}."),
            "failed": _("Failed (△): {count}."),
        }
        for label, sentence in signs.items():
            if count := int((became == label).sum()):
                said += " " + sentence.format(count=f"{count:,}")
        missing = int(became.isin(["", "cancelled"]).sum())
        if missing and not lab.busy:
            said += " " + _("Stopped before the end: {missing} runs are missing.").format(missing=f"{missing:,}")
        return said

    @st.fragment
    def _picture(self, lab: Lab, measure: Measure) -> None:
        """The picture and the chosen run: a click draws these two alone, and the picture is the same one."""
        grid = self.grid(lab, measure)
        left, right = st.columns([0.56, 0.44], gap="medium")
        with left:
            key = f"sweep.map.{lab.number}.{measure.column}"

            def clicked() -> None:
                """Take over what the browser says was chosen; nothing is what it says when that is clicked again."""
                points = (state.get(key) or {}).get("selection", {}).get("points") or []
                if points and (run := run_of(points[0])) is not None:
                    lab.choose(run)

            make = functools.partial(self._figure, lab, grid)
            st.plotly_chart(
                lab.once((measure, lab.marked, language()), make),
                key=key,
                on_select=clicked,
                selection_mode="points",
                config={"displayModeBar": False},
                alt=_("{measure} of every run of the sweep").format(measure=measure.label),
            )
            _by_hand(lab, grid)
        with right:
            self.chosen(lab)

    def _figure(self, lab: Lab, grid: Grid) -> go.Figure:
        say = translator(language())
        draw_it = map_figure if len(grid.axes) == 2 else curve_figure
        marked = None if lab.marked is None else grid.place_of(lab.marked)
        return draw_it(grid, self.limit(lab, grid), say, marked)

    def _table(self, frame: pd.DataFrame) -> None:
        known = specs(self.kind)
        shown = frame.assign(**{self.became: [_(BECAME[label]) for label in frame[self.became]]})
        for name, spec in known.items():
            if name in shown and isinstance(spec, Choice):
                shown[name] = [written(self.kind, name, value) for value in shown[name]]
        words = {name: _(known[name].label) for name in frame.columns if name in known}
        words |= {name: _(word) for name, word in self.columns.items()}
        st.dataframe(shown.rename(columns=words), hide_index=True, height=400)
        st.download_button(
            _("Download CSV"),
            functools.partial(frame.to_csv, index=False),
            file_name="sweep.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )


def written(kind: type, name: str, value: Any) -> str:
    """The value of a setting as its control says it, a number in three digits."""
    spec = spec_of(name, kind)
    if isinstance(spec, Choice):
        return _(spec.options[value][0])
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def run_of(point: object) -> int | None:
    """The run behind a point that a browser says was chosen: it can send anything."""
    data = point.get("customdata") if isinstance(point, dict) else None
    first = data[0] if isinstance(data, list) and data else data.get("0") if isinstance(data, dict) else None
    return int(first) if isinstance(first, int | float) and not isinstance(first, bool) and first == first else None


def _choice(label: str, options: Mapping[str, str], key: str) -> str:
    chosen: str = st.segmented_control(
        label,
        list(options),
        format_func=lambda name: _(options[name]),
        key=key,
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen


def _by_hand(lab: Lab, grid: Grid) -> None:
    """A slider for each axis, to choose a cell with the keyboard, or with a finger that is larger than it."""
    place = (None if lab.chosen is None else grid.place_of(lab.chosen)) or (0, 0)
    keys = [f"sweep.at.{lab.number}.{axis.name}" for axis in grid.axes]

    def moved() -> None:
        at = [state.get(key) for key in keys]
        lab.choose(int(grid.run[at[0], at[1] if len(at) > 1 else 0]), mark=True)

    with st.container(key="by-hand"):
        for axis, key, at in zip(grid.axes, keys, place, strict=False):
            state.put(key, at)
            if len(axis) > 1:
                st.select_slider(
                    axis.label, range(len(axis)), format_func=axis.words.__getitem__, key=key, on_change=moved
                )


def _parallel(lab: Lab, axes: list[Axis], measure: Measure) -> None:
    st.plotly_chart(lines_figure(lab.frame(), axes, measure), key="sweep.lines")
    st.caption(_("Each line is a run. Drag along an axis to see only the runs that pass there."))
