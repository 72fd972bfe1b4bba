"""The results of a sweep: the best run in a sentence, figures, table, and the selected run."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import wb_core as wb
from wb_core.base.fields import Switch, applies, specs
from wb_core.kinds import kind_of

from ..figures.sweep import (
    INCOMPLETE,
    Axis,
    Grid,
    Measure,
    curve_figure,
    grid_of,
    map_figure,
    parallel_figure,
    parallel_rows,
    select_run,
)
from ..i18n import N_, _, language, translator
from ..session import state
from ..widgets.choice import one_of, pick
from .lab import SweepLab
from .selection import cell_sliders, selected_run
from .signs import counted, legend
from .table import LABELS, draw_table, value_text
from .view import SweepView

DISPLAYS = {"map": N_("Map"), "lines": N_("All axes"), "table": N_("Table")}


@dataclass(frozen=True)
class Results:
    """The results of one kind of sweep.

    `kind` is the config class of a run, `outcome_column` the column of outcomes. `settings` are listed
    below the best run if they do not vary. `limits` returns the line across the figure (see `map_figure`); `chosen`
    draws the selected run.
    """

    kind: type
    outcome_column: str
    settings: Sequence[str]
    limits: Callable[[Any, Grid], Sequence[float | None]]
    chosen: Callable[[Any], None]

    def draw(self, lab: SweepLab, *, stale: bool) -> None:
        """Draw the results and the selected run. `stale` says that the controls have changed."""
        with st.container(
            horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="sweep-views"
        ):
            display = one_of(_("What to look at"), DISPLAYS, f"sweep.shown.{self.kind.__name__}")
            names = {column: LABELS[column] for column in measures(self.kind)}
            column = pick(_("Which number"), names, f"sweep.measure.{self.kind.__name__}")
        measure = measures(self.kind)[column]
        grid = self.grid(lab, measure)
        if not lab.busy and lab.chosen is None and grid.best is not None:
            lab.choose(int(grid.run[grid.best]), mark=True, chosen_by_default=True)
        lab.show(f"{display} {column}")
        heading = _("Results")
        with st.container(key="finding"):
            st.html(f'<h2 class="wb-unseen">{heading}</h2>')
            st.markdown(self._best_sentence(lab, grid))
            if stale:
                changed = _("The settings have changed since. Run the sweep again to see what they do.")
                st.markdown(f"**{changed}**")
        if display == "map":
            self._figure_and_run(lab, measure)
            return
        if display == "lines":
            self._parallel(lab, measure)
        else:
            draw_table(lab.frame(), self.kind, self.outcome_column)
        st.caption(self._fixed_settings(lab))

    def grid(self, lab: SweepLab, measure: Measure) -> Grid:
        """The table as a grid along the axes of the view."""

        def make() -> Grid:
            assert lab.axes is not None  # noqa: S101
            axes = self._axes(lab.axes, lab.view)
            frame = lab.frame()
            # Leave out unfinished runs, whose numbers would redraw the figure at every poll.
            numbers = frame[measure.column].mask(frame[self.outcome_column].isin(INCOMPLETE))
            return grid_of(
                frame.assign(**{measure.column: numbers}), axes, lab.view.seeds, measure, self.outcome_column
            )

        found: Grid = lab.cached(("grid", measure), make)
        return found

    def preview(self, axes: wb.Axes, view: SweepView, message: str) -> None:
        """Draw the cells of a sweep that is not trained yet, with what it takes beside them."""
        empty = Grid.empty(self._axes(axes, view), replace(next(iter(measures(self.kind).values())), column=""))
        left, right = st.columns([0.56, 0.44], gap="medium")
        with right:
            st.info(message, icon=":material/grid_view:")
        with left, st.container(key="sweep-figure"):
            st.plotly_chart(
                _figure_function(empty)(empty, (), translator(language())),
                key="sweep.preview",
                height="stretch",
                config={"displayModeBar": False},
                alt=_("The axes of the sweep, still empty"),
            )

    def _axes(self, axes: wb.Axes, view: SweepView, *, every: bool = False) -> list[Axis]:
        """The axes of the view; with `every`, also the seeds if there are several."""
        logs = {axis_range.name: axis_range.log for axis_range in view.ranges}
        names = [name for name, values in axes.values.items() if name in logs or (every and len(values) > 1)]
        return [
            Axis(
                name,
                _(specs(self.kind)[name].label),
                axes.values[name],
                tuple(value_text(self.kind, name, value) for value in axes.values[name]),
                logs.get(name, False),
            )
            for name in names
        ]

    def _best_sentence(self, lab: SweepLab, grid: Grid) -> str:
        """The best cell in a sentence."""
        ended = int((~lab.frame()[self.outcome_column].isin(INCOMPLETE)).sum())
        if not grid.comparable:
            return _("Loss functions have different scales, so only compare runs that use the same one.")
        if (best := grid.best) is None:
            return _("No run has finished with a loss yet.") if lab.busy else _("No run finished with a loss.")
        where = ", ".join(f"{axis.label} {axis.value_texts[at]}" for axis, at in zip(grid.axes, best, strict=False))
        number = grid.measure.format(float(grid.value[best]))
        if lab.view.seeds == 1:
            sentence = _("Best of {runs} runs: {number} at {where}.")
            return sentence.format(runs=f"{ended:,}", number=number, where=where)
        sentence = _("Best of {cells} combinations: {number} at {where}, the middle one of {seeds} seeds.")
        return sentence.format(cells=f"{grid.value.size:,}", seeds=lab.view.seeds, number=number, where=where)

    def _fixed_settings(self, lab: SweepLab) -> str:
        """The settings that did not vary and have an effect, in a sentence; "" if there are none."""
        assert lab.axes is not None  # noqa: S101
        known, config, varied = specs(self.kind), lab.axes.config, lab.axes.values

        def counts(name: str) -> bool:
            needs = known[name].when
            return name not in varied and (applies(config, name) or (needs is not None and needs[0] in varied))

        fixed = [name for name in self.settings if counts(name)]
        pairs = [(_(known[name].label), value_text(self.kind, name, getattr(config, name))) for name in fixed]
        texts = [" ".join(pair) for pair in pairs]
        texts += [_(spec.label) for name, spec in known.items() if isinstance(spec, Switch) and getattr(config, name)]
        return _("Same in every run: {settings}.").format(settings=", ".join(texts)) if texts else ""

    @st.fragment
    def _figure_and_run(self, lab: SweepLab, measure: Measure) -> None:
        """Draw the figure and the selected run, in a fragment so that a click redraws only these."""
        grid = self.grid(lab, measure)
        left, right = st.columns([0.56, 0.44], gap="medium")
        with left:
            key = f"sweep.map.{lab.number}.{measure.column}"

            def clicked() -> None:
                """Select the run that the browser has selected; a second click on a point clears it there."""
                run = selected_run(state.get(key))
                # While results arrive, the figure is redrawn, which loses the browser's selection.
                lab.choose(lab.chosen if run is None else run, mark=run is None or lab.busy)

            figure = lab.cached(("picture", measure, language()), functools.partial(self._figure, lab, grid))
            select_run(figure, lab.marked, lab.mark_count)
            outcomes = lab.frame()[self.outcome_column]
            with st.container(key="sweep-figure"):
                st.plotly_chart(
                    figure,
                    key=key,
                    height="stretch",
                    on_select=clicked,
                    selection_mode="points",
                    config={"displayModeBar": False, "doubleClick": False},
                    alt=" ".join([_alt(measure), self._best_sentence(lab, grid), *counted(outcomes)]),
                )
            st.html(legend(grid, outcomes, limit=any(self._limits(lab, grid))))
            if not lab.busy:
                cell_sliders(lab, grid)
            st.caption(self._fixed_settings(lab))
        with right:
            self.chosen(lab)

    def _figure(self, lab: SweepLab, grid: Grid) -> go.Figure:
        return _figure_function(grid)(grid, self._limits(lab, grid), translator(language()))

    def _limits(self, lab: SweepLab, grid: Grid) -> Sequence[float | None]:
        found: Sequence[float | None] = lab.cached(("limit",), functools.partial(self.limits, lab, grid))
        return found

    def _parallel(self, lab: SweepLab, measure: Measure) -> None:
        """Draw the runs that did not explode, or a sample of them, as lines across all axes."""

        def lines_now() -> pd.DataFrame:
            return parallel_rows(lab.frame(), measure, self.outcome_column)

        def make() -> go.Figure:
            assert lab.axes is not None  # noqa: S101
            axes = self._axes(lab.axes, lab.view, every=True)
            return parallel_figure(lab.cached(("lines", measure), lines_now), axes, measure)

        alt = f"{_alt(measure)} {self._best_sentence(lab, self.grid(lab, measure))}"
        st.plotly_chart(lab.cached(("parallel", measure, language()), make), key="sweep.lines", alt=alt)
        frame, lines = lab.frame(), lab.cached(("lines", measure), lines_now)
        sentences = [
            _(
                "Each line is a run; the best tenth is in color. Drag along an axis to choose others, or click it to "
                "choose all."
            )
        ]
        exploded = frame[self.outcome_column] == "exploding"
        if left_out := int(exploded.sum()):
            sentences.append(_("{count} exploded runs left out.").format(count=f"{left_out:,}"))
        if len(lines) < int((frame[measure.column].notna() & ~exploded).sum()):
            sentences.append(
                _("Too many to draw: you see {count} of them, the best and a fair sample of the others.").format(
                    count=f"{len(lines):,}"
                )
            )
        st.caption(" ".join(sentences))


def _figure_function(grid: Grid) -> Callable[..., go.Figure]:
    return map_figure if len(grid.axes) == 2 else curve_figure


def _alt(measure: Measure) -> str:
    return _("{measure} of every run in the sweep.").format(measure=measure.label)


def measures(config: type) -> dict[str, Measure]:
    """The columns that a figure can display: the final and the best value of each metric of a test."""
    tested = [metric for metric in reversed(kind_of(config).metrics) if metric.name.startswith("test_")]
    columns = {f"{which}_{metric.name}": metric for metric in tested for which in ("final", "best")}
    return {name: Measure(name, _(LABELS[name]), metric.higher_is_better) for name, metric in columns.items()}
