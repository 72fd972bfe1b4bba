"""What one visitor is doing in the linear-regression lab: the run on show, and what the player does with it."""

import dataclasses
import threading
import uuid

import wb_core as wb

from ...player import Show

KEPT = ("optimizer", "momentum", "lr", "epochs")
"""Settings that only matter for the next training: changing them leaves a trained run on show."""

POINTS = ("weight", "bias", "start", "end", "step", "noise", "train_fraction", "seed")
"""Settings that decide where the points are."""

MOST_EPOCHS = 50_000
"""A run is not continued beyond this: all of its epochs travel to the browser."""


class LinearLab:
    """The visitor's run. Whatever puts something new on show gives it a new `token`, which the player watches.

    When a visitor does something, Streamlit starts the next script run at once, while the last one is still on its way
    to the point where it ends. Every change, and every script run that trains, therefore takes the turn; the loop that
    had it before trains no more.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = 0
        self._limits: tuple[tuple[object, ...], wb.Limits] | None = None
        self._put(wb.Run(wb.LinearConfig()), "end")

    def follow(self, config: wb.LinearConfig, *, retrain: bool) -> None:
        """Let a change of the settings be seen: trained anew, or as the untrained model; what still holds stays."""
        changed, self.seen = config != self.seen, config
        if retrain:
            if config != self.run.config:
                self.train(config, show="end")
        elif not changed or self.training:
            return
        elif not self.run.epoch or _shown(config) != _shown(self.run.config):
            keep = self.loaded and not self.run.epoch and config.model == self.run.config.model
            self._put(wb.Run(config, start=self.run.start if keep else None), "end", loaded=keep)

    def reset(self, config: wb.LinearConfig) -> None:
        """Back to the untrained weights that the seed gives."""
        self._put(wb.Run(config), "end")

    def train(self, config: wb.LinearConfig, show: Show = "play") -> None:
        """Begin a new training from the seed's weights."""
        self._put(wb.Run(config), show)
        self.training = True

    @property
    def limits(self) -> wb.Limits:
        """What the points on show decide for the loss in use, however many trainings they see."""
        config = self.run.config
        these = tuple(getattr(config, name) for name in (*POINTS, "loss"))
        if self._limits is None or self._limits[0] != these:
            self._limits = these, wb.limits_of(self.run.data, config.loss)
        return self._limits[1]

    @property
    def can_resume(self) -> bool:
        """Whether there is a model on show that training can go on with."""
        begun = self.run.epoch > 0 or self.loaded or self.training
        return begun and self.run.diverged_at is None and self.run.epochs < MOST_EPOCHS

    def resume(self, config: wb.LinearConfig) -> None:
        """Go on with the run on show: what a cancelled training left over, or as many epochs more as `config` says."""
        if not self.can_resume or self.training:
            return
        if self.run.done:
            self.run.extend(config.epochs)
        self.first, self.show = self.run.epoch, "play"
        self.take_turn()
        self.token = uuid.uuid4().hex
        self.training = True

    def stop(self) -> None:
        """End the training; what was trained so far stays on show."""
        self.take_turn()
        self.token = uuid.uuid4().hex
        self.training, self.show = False, "end"

    def load(self, config: wb.LinearConfig, checkpoint: wb.Checkpoint) -> None:
        """Show the model out of a checkpoint; on `CheckpointError` everything stays as it was."""
        run = wb.Run(config)
        wb.adopt_checkpoint(checkpoint, run)
        self._put(run, "end", loaded=True)

    def stale(self, config: wb.LinearConfig) -> bool:
        """Whether the settings have changed since the training on show."""
        old = dataclasses.replace(self.run.config, epochs=config.epochs)  # of these, one can always have more
        return self.run.epoch > 0 and not self.training and config != old

    def take_turn(self) -> int:
        """From here on, only who knows the turn that this returns may train."""
        with self._lock:
            self._turn += 1
            return self._turn

    def advance(self, turn: int, seconds: float) -> bool:
        """Train for some time, and say whether whoever has this turn may go on."""
        with self._lock:
            if turn == self._turn:
                self.run.advance(seconds=seconds)
            return turn == self._turn

    def _put(self, run: wb.Run, show: Show, *, loaded: bool = False) -> None:
        with self._lock:  # a slice of training that is under way belongs to the run before
            self._turn += 1
            self.run = run
        self.seen = run.config
        self.show = show
        self.first = 0  # the frame from which the player plays
        self.loaded = loaded  # the run's start came out of a checkpoint
        self.training = False
        self.token = uuid.uuid4().hex  # never the same again: the browser may have outlived the server


def _shown(config: wb.LinearConfig) -> dict[str, object]:
    """The settings that the picture of a run depends on."""
    return {name: value for name, value in dataclasses.asdict(config).items() if name not in KEPT}
