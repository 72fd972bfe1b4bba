"""A run whose settings may change during the training, and from which others branch off."""

from abc import abstractmethod
from typing import Any, Self

from ..base.errors import ConfigError
from ..base.optimizers import build_optimizer
from . import typed_weights
from .run import Run


class ScheduledRun(Run):
    """A run of a config with a schedule. `settings` are those of the epochs that trained last."""

    def __init__(self, config: Any) -> None:
        super().__init__(config)
        (_, self.settings), *self._later = config.phases
        self._typed = config.typed
        self.first_epoch = 0  # the number of the first recorded epoch, for a run that is put into a later state

    def branch(self, epoch: int, **changes: Any) -> Self:
        """A run whose first `epoch` epochs are this run's, and whose others are trained with other settings.

        It is trained up to that epoch, with the state that this run had there, the optimizer's memory included; train
        on with `advance` or `finish`, to the same number of epochs. A changed optimizer begins without memory, any
        other setting leaves it as it is. Of this run's own schedule the branch keeps what does not concern the changed
        settings. A change can also be another number for a weight of a network: `**{"w1.0.2": 0.5}`, see
        `typed_weights`.

        The branch's config says it all: `Run(branch.config)` has the same bits.

        Raises `ConfigError` for a setting that cannot change during a run, for its values, for an epoch that this run
        has not reached ("branch.epoch"), and for a run that got another model on its way there ("branch.adopted").
        """
        if type(epoch) is not int or not 0 <= epoch <= self.epoch:
            allowed = f"a whole number from 0 to {self.epoch}"
            raise ConfigError("branch.epoch", field="epoch", given=epoch, allowed=allowed)
        branch = self._again(self.config.branch(epoch, **changes))
        branch.epochs = self.epochs
        branch.advance(epochs=epoch)
        if any(branch.history.column(name) != self.history.column(name)[:epoch] for name in self.columns):
            raise ConfigError("branch.adopted", field="epoch", given=epoch, allowed="an epoch before the model changed")
        return branch

    def follow_schedule(self, epoch: int | None = None) -> None:
        """Put the settings into force that the schedule has for an epoch, by default for the next one.

        As in plain PyTorch, numbers such as the learning rate are changed in the optimizer, which keeps its memory.
        """
        number = self.first_epoch + self.epoch if epoch is None else epoch
        while self._later and self._later[0][0] <= number:
            before, (_, self.settings) = self.settings, self._later.pop(0)
            self._settings_changed(before)
            if self.settings.optimizer != before.optimizer:
                self.optimizer = build_optimizer(self.model, self.settings)
            for group in self.optimizer.param_groups:
                names = [name for name in NUMBERS if name in group and hasattr(self.settings, name)]
                group.update({name: getattr(self.settings, name) for name in names})
        typed_weights.put(self.model, self._typed.get(number, {}))

    def _settings_changed(self, before: Any) -> None:
        """Follow a change of the settings outside the optimizer; they were `before`."""

    @abstractmethod
    def _again(self, config: Any) -> Self:
        """A new run of this config that starts where this one did."""


NUMBERS = ("lr", "momentum", "weight_decay")
"""The numbers of an optimizer that can change."""
