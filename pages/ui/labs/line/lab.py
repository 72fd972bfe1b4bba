"""The session's state of the linear-regression lab."""

import dataclasses
from collections.abc import Mapping

import wb_core as wb

from ...figures.linear import LANDSCAPE, linear_layouts, linear_recording, rows
from ...figures.recording import Recording
from ...player.growing import Growing, Layouts
from ..run_lab import Latest, RunLab

MAX_EPOCHS = 50_000
"""The most epochs of a run that can still be continued."""


class LinearLab(RunLab):
    """The displayed line, with what is known of its points and its loss."""

    config_class = wb.LinearConfig
    run: wb.LinearRun

    def __init__(self) -> None:
        self._limits = Latest[wb.Limits]()
        self._biography = Latest[wb.Biography]()
        super().__init__()

    @property
    def most_epochs(self) -> int:
        return MAX_EPOCHS

    @property
    def limits(self) -> wb.Limits:
        """The limits of the displayed points and loss, which do not depend on the training."""
        run = self.run
        return self._limits.get(_but_training(run.config), lambda: wb.limits_of(run.data, run.config.loss))

    def diagnosis(self, epochs: int) -> wb.Diagnosis:
        run = self.run
        config, limits = dataclasses.replace(run.config, epochs=epochs), self.limits
        key, ended = (self.token, run.epoch, run.diverged_at, epochs), run.diverged_at
        return self._diagnosis.get(
            key, lambda: wb.diagnose(run.history, config, limits=limits, diverged_at=ended, from_seed=True)
        )

    def biography(self, point: int) -> wb.Biography:
        """What a point of the displayed run meant in every epoch."""
        run = self.run
        return self._biography.get((self.token, run.epoch, point), lambda: wb.biography(run, point))

    def plain_start(self) -> Mapping[str, float]:
        return self.run.start

    def _same_model(self, config: wb.LinearConfig) -> bool:
        before = self.run.config
        return (config.model, config.init) == (before.model, before.init)

    def _record(self) -> Recording:
        return linear_recording(self.run, self.limits.best, loaded=self.loaded)

    def _grow(self) -> Growing:
        run, loaded, best, first = self.run, self.loaded, self.limits.best, self.recording

        def look(recording: Recording, layouts: Layouts) -> tuple[Recording, Layouts]:
            now = linear_recording(run, best, loaded=loaded, before=recording)
            return now, linear_layouts(now, layouts)

        return Growing(self.token, (first, linear_layouts(first)), look, rows(first), LANDSCAPE)


def _but_training(config: wb.LinearConfig) -> dict[str, object]:
    """The settings of data, model and loss."""
    later = wb.kind_of(config).next_training
    return {name: value for name, value in vars(config).items() if name not in later}
