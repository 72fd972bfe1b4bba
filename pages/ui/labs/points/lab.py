"""The session's state of the lab for points in the plane."""

import wb_core as wb

from ...figures.points import LATE, parameter_count, points_layouts, points_recording, rows
from ...figures.recording import Recording
from ...player.growing import Growing, Layouts
from ..run_lab import RunLab

MAX_EPOCHS = 50_000
MAX_NUMBERS = 5_000_000
"""A run can be continued until it has this many epochs, or recorded this many parameters in all."""


class PointsLab(RunLab):
    """The displayed network and its points."""

    config_class = wb.PointsConfig
    run: wb.PointsRun

    @property
    def most_epochs(self) -> int:
        return min(MAX_EPOCHS, MAX_NUMBERS // parameter_count(self.run.config))

    def diagnosis(self, epochs: int) -> wb.Diagnosis:
        run = self.run
        key, ended = (self.token, run.epoch, run.diverged_at), run.diverged_at
        return self._diagnosis.get(
            key, lambda: wb.diagnose(run.history, run.config, diverged_at=ended, parameters=run.parameters)
        )

    def _plain_start(self) -> tuple[float, ...]:
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
