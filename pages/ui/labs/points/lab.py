"""The session's state of the lab for points in the plane."""

import wb_core as wb

from ...figures.points import LATE, points_layouts, points_recording, rows
from ...figures.recording import Recording
from ...player.growing import Growing, Layouts
from ..run_lab import RunLab

MAX_EPOCHS = 50_000
MAX_NUMBERS = 5_000_000
"""A run can be continued until it has this many epochs, or recorded this many parameters in all."""

MAX_STEPS = 500_000
"""The most steps of a training: some minutes."""


class PointsLab(RunLab):
    """The displayed network and its points."""

    config_class = wb.PointsConfig
    run: wb.PointsRun

    @property
    def most_epochs(self) -> int:
        config = self.run.config
        return min(MAX_EPOCHS, MAX_NUMBERS // config.parameters, MAX_STEPS // config.batches)

    def check(self, config: wb.PointsConfig) -> None:
        if (steps := config.batches * config.epochs) > MAX_STEPS:
            arithmetic = f"{config.epochs:,} × {config.batches:,} = {steps:,}"
            most = f"{MAX_STEPS:,}"
            raise wb.ConfigError("points.steps", field="epochs", given=arithmetic, allowed=most, most=most)

    def diagnosis(self, epochs: int) -> wb.Diagnosis:
        run = self.run
        key = self.token, run.epoch, run.diverged_at
        return self._diagnosis.get(key, lambda: wb.diagnose(run.history, run.config, **run.observed))

    def start_from(self, run: wb.Run, epoch: int, at: int, value: float) -> None:
        """Display a new start: a run's parameters after an epoch, -1 for the start, with another number at one place.

        It is the displayed run or a branch of it.

        Raises `ValueError` if there is no such epoch or place, or if it is no number to start with.
        """
        assert isinstance(run, wb.PointsRun)  # noqa: S101
        if self.training or not -1 <= epoch < run.epoch or not 0 <= at < len(run.start):
            raise ValueError(f"no parameter {at} after epoch {epoch}")
        start = (run.parameters[epoch] if epoch >= 0 else run.start).tolist()
        start[at] = value
        config = self.run.config
        wb.PointsRun.check_start(config, start)
        self._display(wb.PointsRun(config, start=start), "end", loaded=True)

    def plain_start(self) -> tuple[float, ...]:
        return tuple(self.run.start.tolist())

    def _same_model(self, config: wb.PointsConfig) -> bool:
        before = self.run.config
        return (config.features, config.hidden, config.outputs) == (before.features, before.hidden, before.outputs)

    def _record(self) -> Recording:
        return points_recording(self.run, loaded=self.loaded)

    def _grow(self) -> Growing:
        run, loaded, first = self.run, self.loaded, self.recording

        def look(recording: Recording, layouts: Layouts) -> tuple[Recording, Layouts]:
            now = points_recording(run, loaded=loaded, before=recording)
            return now, points_layouts(now, layouts)

        return Growing(self.token, (first, points_layouts(first)), look, rows(run), LATE)
