"""What came of a sweep: its best run in a sentence, its picture, its table, and the chosen run beside it."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import wb_core as wb
from wb_core.base.fields import specs

from ..figures.sweep import Axis, Grid, Measure, curve_figure, grid_of, lines_figure, lines_of, map_figure, mark
from ..i18n import N_, _, language, translator
from ..session import state
from ..widgets.choice import one_of
from . import table
from .choosing import by_hand, run_of
from .lab import Lab
from .table import written
from .view import SweepView

UNENDED = ("", "queued", "running", "cancelled")
"""What became of a run that did not come to its end."""

WAYS = {"map": N_("Map"), "lines": N_("All axes at once"), "table": N_("Table")}


@dataclass(frozen=True)
class Results:
    """What the results of one kind of sweep show.

    `kind` is the class of the config of a run, `measures` what can be shown of each: the column of the table, what it
    is called, and whether it is a percentage. The column `became` says what became of each run, `columns` has the words
    for the others, and `settings` are those that a sentence names where they do not vary. `limit` says where a line is
    drawn across the picture, see `map_figure`; `chosen` draws the chosen run.
    """

    kind: type
    measures: Mapping[str, tuple[str, bool]]
    became: str
    columns: Mapping[str, str]
    settings: Sequence[str]
    limit: Callable[[Any, Grid], Sequence[float | None]]
    chosen: Callable[[Any], None]

    def draw(self, lab: Lab, *, stale: bool) -> None:
        """Draw the sweep on show, and the chosen run beside its picture; `stale`: the controls ask for another one."""
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            way = one_of(_("What to look at"), WAYS, f"sweep.shown.{self.kind.__name__}")
            names = {column: label for column, (label, _percent) in self.measures.items()}
            column = one_of(_("Which number"), names, f"sweep.measure.{self.kind.__name__}")
        label, percent = self.measures[column]
        measure = Measure(column, _(label), percent)
        grid = self.grid(lab, measure)
        if not lab.busy and lab.chosen is None and grid.best is not None:
            lab.choose(int(grid.run[grid.best]), mark=True, by_itself=True)
        lab.show(f"{way} {column}")
        with st.container(key="finding"):
            st.markdown(self._best(lab, grid))
            st.caption(" ".join([*self._counts(lab), *self._settings(lab, stale)]))
        if way == "map":
            self._picture(lab, measure)
        elif way == "lines":
            self._parallel(lab, measure)
        else:
            table.draw(lab.frame(), self.kind, self.became, self.columns)

    def grid(self, lab: Lab, measure: Measure) -> Grid:
        """The table as a grid along the axes that were asked for."""

        def make() -> Grid:
            assert lab.axes is not None  # noqa: S101
            axes = self._axes(lab.axes, lab.view)
            frame = lab.frame()
            # What a run has before its end is no outcome, and would have the picture drawn anew at every look.
            numbers = frame[measure.column].mask(frame[self.became].isin(["running", "queued"]))
            return grid_of(frame.assign(**{measure.column: numbers}), axes, lab.view.seeds, measure, self.became)

        found: Grid = lab.once(("grid", measure), make)
        return found

    def preview(self, axes: wb.Axes[Any], view: SweepView) -> None:
        """Draw the picture of a sweep that is not trained yet: its axes, and nothing in it."""
        label, percent = next(iter(self.measures.values()))
        empty = Grid.empty(self._axes(axes, view), Measure("", _(label), percent))
        with st.columns([0.56, 0.44], gap="medium")[0]:
            st.plotly_chart(
                _drawing(empty)(empty, (), translator(language())),
                key="sweep.preview",
                config={"displayModeBar": False},
                alt=_("The axes of the sweep, still empty"),
            )

    def _axes(self, axes: wb.Axes[Any], view: SweepView, *, every: bool = False) -> list[Axis]:
        """The axes that were asked for; with `every`, also the seeds where there are several."""
        logs = {span.name: span.log for span in view.spans}
        names = [name for name, values in axes.values.items() if name in logs or (every and len(values) > 1)]
        return [
            Axis(
                name,
                _(specs(self.kind)[name].label),
                axes.values[name],
                tuple(written(self.kind, name, value) for value in axes.values[name]),
                logs.get(name, False),
            )
            for name in names
        ]

    def _counts(self, lab: Lab) -> list[str]:
        """How many runs went wrong, in a sentence for each way to do so."""
        became, said = lab.frame()[self.became], []
        signs = {
            "exploding": _("Runs that exploded (×): {count}."),
            "bouncing": _("Runs that bounced (◇): {count}."),
            "failed": _("Runs that failed (△): {count}."),
        }
        for label, sentence in signs.items():
            if count := int((became == label).sum()):
                said.append(sentence.format(count=f"{count:,}"))
        missing = int(became.isin(["", "cancelled"]).sum())
        if missing and not lab.busy:
            said.append(_("Stopped early: {missing} runs are missing.").format(missing=f"{missing:,}"))
        return said

    def _best(self, lab: Lab, grid: Grid) -> str:
        """The best cell of the picture in a sentence."""
        ended = int((~lab.frame()[self.became].isin(UNENDED)).sum())
        if not grid.comparable:
            return _("Loss functions have different scales, so only compare runs that use the same one.")
        if (best := grid.best) is None:
            return _("No run has finished with a loss yet.") if lab.busy else _("No run finished with a loss.")
        where = ", ".join(f"{axis.label} {axis.words[at]}" for axis, at in zip(grid.axes, best, strict=False))
        number = grid.measure.written(float(grid.value[best]))
        if lab.view.seeds == 1:
            sentence = _("Best of {runs} runs: {number} at {where}.")
            return sentence.format(runs=f"{ended:,}", number=number, where=where)
        sentence = _("Best of {cells} combinations: {number} at {where}, the middle one of {seeds} seeds.")
        return sentence.format(cells=f"{grid.value.size:,}", seeds=lab.view.seeds, number=number, where=where)

    def _settings(self, lab: Lab, stale: bool) -> list[str]:
        """What did not vary; and whether the controls ask for something else by now."""
        assert lab.axes is not None  # noqa: S101
        known, config = specs(self.kind), lab.axes.config
        fixed = [name for name in self.settings if name not in lab.axes.values]
        pairs = [(_(known[name].label), written(self.kind, name, getattr(config, name))) for name in fixed]
        listed = ", ".join(map(" ".join, pairs))
        said = [_("Same in every run: {settings}.").format(settings=listed)] if listed else []
        if stale:
            said.append("**" + _("The settings have changed since. Run the sweep again to see what they do.") + "**")
        return said

    @st.fragment
    def _picture(self, lab: Lab, measure: Measure) -> None:
        """The picture and the chosen run: a click draws these two alone, and the picture is the same one."""
        grid = self.grid(lab, measure)
        left, right = st.columns([0.56, 0.44], gap="medium")
        with left:
            key = f"sweep.map.{lab.number}.{measure.column}"

            def clicked() -> None:
                """Take over what the browser says was chosen; when that is clicked again, it marks nothing any more."""
                points = (state.get(key) or {}).get("selection", {}).get("points") or []
                run = run_of(points[0]) if points else None
                # While results come in, the picture is drawn anew, and what the browser has marked does not last.
                lab.choose(lab.chosen if run is None else run, mark=run is None or lab.busy)

            figure = lab.once(("picture", measure, language()), functools.partial(self._figure, lab, grid))
            mark(figure, lab.marked, lab.marks)
            st.plotly_chart(
                figure,
                key=key,
                on_select=clicked,
                selection_mode="points",
                config={"displayModeBar": False, "doubleClick": False},
                alt=_alt(measure),
            )
            if any(self._limit(lab, grid)):
                st.caption(_("Dashed: the limit 2 / λmax. Above it, MSE's steps grow each time."))
            if not lab.busy:
                by_hand(lab, grid)
        with right:
            self.chosen(lab)

    def _figure(self, lab: Lab, grid: Grid) -> go.Figure:
        return _drawing(grid)(grid, self._limit(lab, grid), translator(language()))

    def _limit(self, lab: Lab, grid: Grid) -> Sequence[float | None]:
        found: Sequence[float | None] = lab.once(("limit",), functools.partial(self.limit, lab, grid))
        return found

    def _parallel(self, lab: Lab, measure: Measure) -> None:
        """Every run as a line: those that did not explode, and of very many a part."""

        def lines_now() -> pd.DataFrame:
            return lines_of(lab.frame(), measure, self.became)

        def make() -> go.Figure:
            assert lab.axes is not None  # noqa: S101
            axes = self._axes(lab.axes, lab.view, every=True)
            return lines_figure(lab.once(("lines", measure), lines_now), axes, measure)

        st.plotly_chart(lab.once(("parallel", measure, language()), make), key="sweep.lines", alt=_alt(measure))
        frame, lines = lab.frame(), lab.once(("lines", measure), lines_now)
        said = [_("Each line is a run. Drag along an axis to keep only the runs that pass there.")]
        exploded = frame[self.became] == "exploding"
        if left_out := int(exploded.sum()):
            said.append(_("{count} exploded runs left out.").format(count=f"{left_out:,}"))
        if len(lines) < int((frame[measure.column].notna() & ~exploded).sum()):
            said.append(
                _("Too many to draw: you see {count} of them, the best and a fair sample of the others.").format(
                    count=f"{len(lines):,}"
                )
            )
        st.caption(" ".join(said))


def _drawing(grid: Grid) -> Callable[..., go.Figure]:
    return map_figure if len(grid.axes) == 2 else curve_figure


def _alt(measure: Measure) -> str:
    return _("{measure} of every run in the sweep").format(measure=measure.label)
