"""The session's state of a lab whose runs train in the script: the displayed run, and how the player shows it."""

import dataclasses
import uuid
from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

import wb_core as wb

from ..figures.recording import Recording
from ..player import Show
from ..player.growing import Growing
from ..training import InTurns
from .saved import SavedRun, Snapshot, Start
from .undo import Undo

T = TypeVar("T")


class Latest(Generic[T]):
    """A cache of one value, which is recomputed when its key changes."""

    def __init__(self) -> None:
        self._entry: tuple[object, T] | None = None

    def get(self, key: object, make: Callable[[], T]) -> T:
        """The cached value if its key matches, else a new one from `make`."""
        if self._entry is None or self._entry[0] != key:
            self._entry = key, make()
        return self._entry[1]


class RunLab(InTurns):
    """The session's run of a kind. Each displayed run has its own `token`, by which the player recognizes a new one.

    After a user's action, Streamlit starts the next script run while the last one may still be training. So every
    change, and every script run that trains, takes the turn, which stops the previous training loop.
    """

    config_class: ClassVar[type]

    def __init__(self) -> None:
        super().__init__()
        self._recording = Latest[Recording]()
        self._diagnosis = Latest[wb.Diagnosis]()
        self._growing: Growing | None = None
        self._restored = False
        self._display(wb.Run(self.config_class()), "end")
        self.undo: Undo | None = None  # from the first settings on
        self.branches = ""

    def follow(self, config: Any, branches: str = "") -> None:
        """Display the run of these settings if they have changed: trained if anything was, else the untrained model.

        `branches` is the text of the branches that are shown with it, so that undo brings them back.

        It starts from the parameters of a loaded checkpoint as long as the model is the same, but not if the settings
        come from a link that opened the session, which carries no parameters.
        """
        restored, self._restored = self._restored, False
        if config != self.seen:
            keep, trained = self.loaded and not restored and self._same_model(config), self.trained
            self._display(wb.Run(config, start=self.run.start) if keep else wb.Run(config), "end", loaded=keep)
            self.training = trained
        self.branches = branches
        self.note()

    @property
    def trained(self) -> bool:
        """Whether the displayed run was trained, or is about to be."""
        return self.training or self.run.epoch > 0 or self.run.diverged_at is not None

    @property
    def record(self) -> wb.RunRecord:
        """The record of the displayed run, which is running while it trains."""
        found = wb.record_of(self.run)
        return dataclasses.replace(found, state="running") if self.training else found

    @property
    def saved(self) -> SavedRun | None:
        """The displayed run as it will be after its training; None for the untrained model of a seed."""
        run = self.run
        epochs = run.epochs if self.training or run.diverged_at is not None else run.epoch
        if not epochs and not self.loaded:
            return None
        return SavedRun(config=run.config, epochs=epochs, planned=self.epochs, start=self.first_parameters)

    @property
    def first_parameters(self) -> Start | None:
        """Those that the displayed run began with, if they came from a checkpoint."""
        return self.plain_start() if self.loaded else None

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
        self.check(undo.now.settings)
        self.undo, self._restored = undo, True
        self.go_to(undo.now)

    def reset(self, config: Any) -> None:
        """Display the untrained model of the seed."""
        self._display(wb.Run(config), "end")

    def check(self, config: Any) -> None:
        """Raise `ConfigError` for a run that would take a server too long."""

    def train(self, config: Any, show: Show = "play") -> None:
        """Start a new training from the seed's weights. Raises `ConfigError` if it would take too long."""
        self.check(config)
        self._display(wb.Run(config), show)
        self.training = True

    @property
    @abstractmethod
    def most_epochs(self) -> int:
        """A run of this many epochs cannot be continued, because all its epochs are sent to the browser."""

    @abstractmethod
    def diagnosis(self, epochs: int) -> wb.Diagnosis:
        """The diagnosis of the displayed run; a new training would have this many epochs."""

    @abstractmethod
    def plain_start(self) -> Start:
        """The first parameters of the displayed run."""

    @abstractmethod
    def _same_model(self, config: Any) -> bool:
        """Whether the displayed run's first parameters can be those of a run with this config."""

    @abstractmethod
    def _record(self) -> Recording:
        """A new recording of the displayed run so far."""

    @abstractmethod
    def _grow(self) -> Growing:
        """The displayed run for a player that shows its training."""

    @property
    def recording(self) -> Recording:
        """The player's recording of the displayed run so far."""
        if self._growing is not None and self._growing.token == self.token:
            return self._growing.look()[0]
        key = self.token, self.run.epoch, self.run.diverged_at
        return self._recording.get(key, self._record)

    @property
    def growing(self) -> Growing:
        """The displayed run for a player that shows its training while it runs."""
        if self._growing is None or self._growing.token != self.token:
            self._growing = self._grow()
        return self._growing

    @property
    def can_resume(self) -> bool:
        """Whether training can continue with the displayed model."""
        begun = self.run.epoch > 0 or self.loaded or self.training
        return begun and self.run.diverged_at is None and self.run.epochs < self.most_epochs

    def resume(self, config: Any) -> None:
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

    def load(self, config: Any, checkpoint: wb.Checkpoint) -> wb.Checkpoint:
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
