"""The comparison table: a row per kept run, its results first, and of the settings only those in which they differ."""

from collections.abc import Sequence
from html import escape
from typing import Any

import wb_core as wb
from wb_core.base.fields import specs

from ..i18n import _
from ..widgets import fields
from ..widgets.numbers import number
from ..widgets.table import Cell, Markup, scrollable, table
from .charts import swatch
from .outcome import outcome
from .settings import Config, differing, torch_name, value_text
from .tray import Entry, incomparable, rank_value


def html(entries: Sequence[Entry]) -> str:
    """The table of the runs of one kind, as HTML."""
    configs = [entry.run.config for entry in entries]
    settings = [(name, spec) for name, spec in differing(configs) if name not in ("model", "epochs")]
    accuracy = [_("Test accuracy")] if "test_accuracy" in entries[0].run.columns else []
    heads = [_head(word) for word in (_("Run"), *accuracy, _("Test loss"), _("Outcome"))]
    heads += [_head(_(spec.label), spec.torch) for _unused, spec in settings]
    heads += [_head(_("Train loss")), _head(_("Epochs"), "epochs"), _head(_("Model")), _head(_("Training time"))]
    best = _best(entries)
    rows = [_row(entry, [name for name, _unused in settings], best=entry is best) for entry in entries]
    label = _("Your saved runs side by side") + ": " + _(wb.kind_of(configs[0]).label)
    return scrollable(table(heads, rows), css="wb-compared", label=label)


def _head(word: str, torch: str = "") -> Markup:
    return Markup(f"{escape(word)}{_small(torch if fields.differs(torch, word) else '')}")


def _row(entry: Entry, settings: Sequence[str], *, best: bool) -> list[str | Cell]:
    run, config = entry.run, entry.run.config
    seconds = _("{seconds} s").format(seconds=f"{run.seconds:.3f}")
    accuracy = [f"{run.last('test_accuracy'):.2f}%"] if "test_accuracy" in run.columns else []
    results = [*accuracy, number(run.last("test_loss"))]
    return [
        Cell(Markup(swatch(entry.style, run.name)), header=True),
        *(_number(text, best=best and not place) for place, text in enumerate(results)),
        Cell(outcome(run)),
        *(_setting(config, setting) for setting in settings),
        _number(number(run.last("train_loss")), best=False),
        _number(_epochs(run), best=False),
        _model(config),
        Cell(Markup(f"{escape(seconds)} <code>{escape(run.device)}</code>"), css="wb-number wb-time"),
    ]


def _model(config: Any) -> Cell:
    """The model; of a network its width from the inputs to the outputs: 2 · 8 · 8 · 1."""
    return _setting(config, "model") if "model" in specs(config) else Cell(" · ".join(map(str, config.sizes)))


def _setting(config: Config, name: str) -> Cell:
    torch = torch_name(config, name)
    return Cell(Markup(f"{escape(value_text(config, name))}{_small(torch)}"), css="" if torch else "wb-number")


def _small(torch: str) -> str:
    """A line with the PyTorch name, if there is one."""
    return f"<br><code>{escape(torch)}</code>" if torch else ""


def _number(text: str, *, best: bool) -> Cell:
    word = escape(_("the best"))
    mark = f'<br><span class="wb-best">★ {word}</span>' if best else ""
    return Cell(Markup(f"{escape(text)}{mark}"), css="wb-number")


def _best(entries: Sequence[Entry]) -> Entry | None:
    """The run with the best last test; None if there is one run or they cannot be compared."""
    return min(entries, key=rank_value) if len(entries) > 1 and not incomparable(entries) else None


def _epochs(run: wb.KeptRun) -> str:
    done, planned = f"{run.done:,}", f"{run.config.epochs:,}"
    return done if run.done >= run.config.epochs else _("{done} of {epochs}").format(done=done, epochs=planned)
