"""What one visitor is doing in the linear-regression lab: the run on show, and what the player does with it."""

import dataclasses
import threading

import wb_core as wb

from .player import Show

KEPT = ("optimizer", "momentum", "lr", "epochs")
"""Settings that only matter for the next training: changing them leaves a trained run on show."""


class LinearLab:
    """The visitor's run. Every method that puts something new on show moves `token`, which the player watches."""

    def __init__(self) -> None:
        self.run = wb.Run(wb.LinearConfig())
        self.show: Show = "end"
        self.first = 0  # the frame from which the player plays
        self.token = 0
        self.training = False
        self.loaded = False  # the run's start came out of a checkpoint
        self.first_loss = self.run.losses()["test_loss"]  # before any training
        self._lock = threading.Lock()
        self._turn = 0

    def follow(self, config: wb.LinearConfig, *, retrain: bool) -> None:
        """Let a change of the settings be seen: trained anew, or as the untrained model; what still holds stays."""
        if config == self.run.config:
            return
        if retrain:
            self.train(config, show="end")
        elif self.training:
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
    def can_resume(self) -> bool:
        """Whether there is a model on show that training can go on with."""
        return self.run.diverged_at is None and (self.run.epoch > 0 or self.loaded or self.training)

    def resume(self, config: wb.LinearConfig) -> None:
        """Go on with the run on show: what a cancelled training left over, or as many epochs more as `config` says."""
        if not self.can_resume or self.training:
            return
        if self.run.done:
            self.run.extend(config.epochs)
        self.first, self.show = self.run.epoch, "play"
        self.token += 1
        self.training = True

    def stop(self) -> None:
        """Cancel the training; what was trained so far stays on show."""
        self.training = False
        self.show = "end"
        self.token += 1

    def load(self, config: wb.LinearConfig, data: bytes) -> None:
        """Show the model out of a checkpoint; on `CheckpointError` everything stays as it was."""
        run = wb.Run(config)
        wb.load_checkpoint(data, into=run)
        self._put(run, "end", loaded=True)

    def take_over(self) -> int:
        """Make the calling script run the only one that may train, and return its turn.

        When a visitor does something, Streamlit starts the next script run at once, while the last one is still on its
        way to the point where it ends. From here on the last one trains no more.
        """
        with self._lock:
            self._turn += 1
            return self._turn

    def advance(self, turn: int, seconds: float) -> bool:
        """Train for some time, and say whether this script run may go on."""
        with self._lock:
            if turn == self._turn:
                self.run.advance(seconds=seconds)
            return turn == self._turn

    def take_show(self) -> Show:
        """How the player shows the run; a playback is for the first time only, not for coming back to the page."""
        show, self.show = self.show, "end"
        return show

    def stale(self, config: wb.LinearConfig) -> bool:
        """Whether the settings have changed since the training on show."""
        return self.run.epoch > 0 and not self.training and config != self.run.config

    def _put(self, run: wb.Run, show: Show, *, loaded: bool = False) -> None:
        self.run, self.show, self.first, self.loaded = run, show, 0, loaded
        self.first_loss = run.losses()["test_loss"]
        self.training = False
        self.token += 1


def _shown(config: wb.LinearConfig) -> dict[str, object]:
    """The settings that the picture of a run depends on."""
    return {name: value for name, value in dataclasses.asdict(config).items() if name not in KEPT}
