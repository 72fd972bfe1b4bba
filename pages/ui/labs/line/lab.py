"""The session's state of the linear-regression lab: the displayed run, and how the player shows it."""

import dataclasses
import uuid
from collections.abc import Callable
from typing import Generic, TypeVar

import wb_core as wb

from ...figures.linear import LANDSCAPE, leads, linear_layouts, linear_recording
from ...figures.recording import Recording
from ...player import Show
from ...player.growing import Growing, Layouts
from ...training import InTurns
from .saved import SavedRun, Snapshot
from .undo import Undo

T = TypeVar("T")

MAX_EPOCHS = 50_000
"""A run of this many epochs cannot be continued, because all its epochs are sent to the browser."""


class Latest(Generic[T]):
    """A cache of one value, which is recomputed when its key changes."""

    def __init__(self) -> None:
        self._entry: tuple[object, T] | None = None

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The cached value if its key matches, else a new one from `make`."""
        if self._entry is None or self._entry[0] != key:
            self._entry = key, make()
        return self._entry[1]


class LinearLab(InTurns):
    """The session's run. Each displayed run has its own `token`, by which the player recognizes a new one.

    After a user's action, Streamlit starts the next script run while the last one may still be training. So every
    change, and every script run that trains, takes the turn, which stops the previous training loop.
    """

    def __init__(self) -> None:
        super().__init__()
        self._limits = Latest[wb.Limits]()
        self._recording = Latest[Recording]()
        self._diagnosis = Latest[wb.Diagnosis]()
        self._biography = Latest[wb.Biography]()
        self._growing: Growing | None = None
        self._restored = False
        self._display(wb.Run(wb.LinearConfig()), "end")
        self.undo: Undo | None = None  # from the first settings on
        self.branches = ""

    def follow(self, config: wb.LinearConfig, branches: str = "") -> None:
        """Display the run of these settings if they have changed: trained if anything was, else the untrained model.

        `branches` is the text of the branches that are shown with it, so that undo brings them back.

        It starts from the parameters of a loaded checkpoint as long as the model is the same, but not if the settings
        come from a link that opened the session, which carries no parameters.
        """
        restored, self._restored = self._restored, False
        if config != self.seen:
            before = self.run.config
            keep = self.loaded and not restored and (config.model, config.init) == (before.model, before.init)
            trained = self.trained
            self._display(wb.Run(config, start=self.run.start if keep else None), "end", loaded=keep)
            self.training = trained
        self.branches = branches
        self.note()

    @property
    def trained(self) -> bool:
        """Whether the displayed run was trained, or is about to be."""
        return self.training or self.run.epoch > 0 or self.run.diverged_at is not None

    @property
    def saved(self) -> SavedRun | None:
        """The displayed run as it will be after its training; None for the untrained model of a seed."""
        run = self.run
        epochs = run.epochs if self.training or run.diverged_at is not None else run.epoch
        if not epochs and not self.loaded:
            return None
        start = run.start if self.loaded else None
        return SavedRun(config=run.config, epochs=epochs, planned=self.epochs, start=start)

    @property
    def epochs(self) -> int:
        """How many epochs the displayed run has, when it is trained to its end."""
        return max(self.run.epochs, self._planned)

    @property
    def snapshot(self) -> Snapshot:
        """What is displayed now, and the settings in the controls."""
        return Snapshot(settings=self.seen, run=self.saved, branches=self.branches)

    def go_to(self, snapshot: Snapshot) -> None:
        """Display the run of a snapshot, which the page trains again."""
        saved = snapshot.run
        if saved is None:
            return self.reset(snapshot.settings)
        self._display(saved.run(), "end", loaded=saved.start is not None)
        self._planned, self.training, self.seen = saved.planned, saved.epochs > 0, snapshot.settings
        return None

    def note(self) -> Undo:
        """Note what is displayed now, so that a later change can be undone; returns all steps."""
        self.undo = self.undo or Undo(self.snapshot)
        self.undo.note(self.snapshot)
        return self.undo

    def take_over(self, undo: Undo) -> None:
        """Display what an earlier session has displayed, with the steps that led there."""
        self.undo, self._restored = undo, True
        self.go_to(undo.now)

    def reset(self, config: wb.LinearConfig) -> None:
        """Display the untrained model of the seed."""
        self._display(wb.Run(config), "end")

    def train(self, config: wb.LinearConfig, show: Show = "play") -> None:
        """Start a new training from the seed's weights."""
        self._display(wb.Run(config), show)
        self.training = True

    @property
    def limits(self) -> wb.Limits:
        """The limits of the displayed points and loss, which do not depend on the training."""
        run = self.run
        return self._limits.get(_but_training(run.config), lambda: wb.limits_of(run.data, run.config.loss))

    def diagnosis(self, epochs: int) -> wb.Diagnosis:
        """The diagnosis of the displayed run; a new training would have this many epochs."""
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

    @property
    def recording(self) -> Recording:
        """The player's recording of the displayed run so far."""
        run, loaded = self.run, self.loaded
        if self._growing is not None and self._growing.token == self.token:
            return self._growing.look()[0]
        key = self.token, run.epoch, run.diverged_at
        return self._recording.get(key, lambda: linear_recording(run, self.limits.best, loaded=loaded))

    @property
    def growing(self) -> Growing:
        """The displayed run for a player that shows its training while it runs."""
        if self._growing is None or self._growing.token != self.token:
            run, loaded, best, first = self.run, self.loaded, self.limits.best, self.recording

            def look(recording: Recording, layouts: Layouts) -> tuple[Recording, Layouts]:
                now = linear_recording(run, best, loaded=loaded, before=recording)
                return now, linear_layouts(now, layouts)

            self._growing = Growing(self.token, (first, linear_layouts(first)), look, leads(first), LANDSCAPE)
        return self._growing

    @property
    def can_resume(self) -> bool:
        """Whether training can continue with the displayed model."""
        begun = self.run.epoch > 0 or self.loaded or self.training
        return begun and self.run.diverged_at is None and self.run.epochs < MAX_EPOCHS

    def resume(self, config: wb.LinearConfig) -> None:
        """Continue the displayed run: the rest of a stopped training, or `config.epochs` more epochs."""
        if not self.can_resume or self.training:
            return
        self.seen = dataclasses.replace(self.seen, epochs=config.epochs)  # of which the run gets more, not as many
        if self.run.done:
            self.run.extend(config.epochs)
        self.first, self.show = self.run.epoch, "play"
        self.take_turn()
        self.token = uuid.uuid4().hex
        self.training = True

    def stop(self) -> None:
        """Stop the training; the epochs so far stay displayed, in a player that has shown them where it is."""
        self.take_turn()
        if self._growing is None or self._growing.token != self.token:
            self.token = uuid.uuid4().hex
        self.show = "end"
        self.ended()

    def ended(self) -> None:
        """Note that the training has ended; a run that was stopped before a reload keeps the rest of its epochs."""
        self.training = False
        self.run.epochs = self.epochs
        if self._growing is not None:
            self._growing.ended = True

    def load(self, config: wb.LinearConfig, checkpoint: wb.Checkpoint) -> wb.Checkpoint:
        """Display the model of a checkpoint; returns what was loaded.

        Raises `CheckpointError`, and changes nothing, if it does not fit.
        """
        run = wb.Run(config)
        loaded = wb.adopt_checkpoint(checkpoint, run)
        self._display(run, "end", loaded=True)
        return loaded

    def _display(self, run: wb.Run, show: Show, *, loaded: bool = False) -> None:
        with self._lock:  # wait for the old run's slice of training
            self._turn += 1
            self.run = run
        if self._growing is not None:
            self._growing.ended = True
        self.seen = run.config
        self.show = show
        self.first = -1  # the frame from which the player plays: the start
        self.loaded = loaded  # the run's start came from a checkpoint
        self.training = False
        self._planned = 0  # the epochs of a restored run before it was stopped
        self.token = uuid.uuid4().hex  # unique across restarts, because the browser may outlive the server


def _but_training(config: wb.LinearConfig) -> dict[str, object]:
    """The settings of data, model and loss."""
    later = wb.kind_of(config).next_training
    return {name: value for name, value in vars(config).items() if name not in later}
