"""The notes' table of comparison: a row for each kept run, with the settings in which they differ and no others."""

from collections.abc import Sequence
from html import escape

import wb_core as wb

from ..i18n import _
from ..widgets.numbers import number
from . import swatch
from .tray import Entry, comparable, score
from .words import differing, torch_of, value_of


def html(entries: Sequence[Entry]) -> str:
    """The table of runs of one kind."""
    configs = [entry.run.config for entry in entries]
    settings = [(name, spec) for name, spec in differing(configs) if name not in ("model", "epochs")]
    pictures = entries[0].run.test_accuracy is not None
    heads = [_head(_("Run")), _head(_("Model"))]
    heads += [_head(_(spec.label), getattr(spec, "torch", "")) for _unused, spec in settings]
    heads += [
        _head(_("Epochs"), "epochs"),
        _head(_("Train loss")),
        _head(_("Test loss")),
        *([_head(_("Test accuracy"))] if pictures else []),
    ]
    heads += [_head(_("Training time")), _head(_("Outcome"))]
    best = _best(entries)
    rows = "".join(_row(entry, [name for name, _unused in settings], best=entry is best) for entry in entries)
    label = escape(_("Your saved runs side by side"))
    return (
        f'<div class="wb-compared" role="region" tabindex="0" aria-label="{label}"><table>'
        f"<thead><tr>{''.join(heads)}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head(word: str, torch: str = "") -> str:
    small = f"<br><code>{escape(torch)}</code>" if torch else ""
    return f'<th scope="col">{escape(word)}{small}</th>'


def _row(entry: Entry, settings: Sequence[str], *, best: bool) -> str:
    run, config = entry.run, entry.run.config
    name = f'<th scope="row"><span class="wb-run">{swatch.html(entry.look)}{escape(run.name)}</span></th>'
    cells = [_setting(config, setting) for setting in ("model", *settings)]
    accuracy = "" if run.test_accuracy is None else f"{run.test_accuracy[-1]:.2f} %"
    losses = [number(run.train_loss[-1]), number(run.test_loss[-1])]
    told = [*losses, *([accuracy] if accuracy else [])]
    marked = 2 if accuracy else 1
    cells.append(_number(_epochs(run), best=False))
    cells += [_number(text, best=best and place == marked) for place, text in enumerate(told)]
    time = f"{run.seconds:.3f} s <code>{escape(run.device)}</code>"
    cells += [f"<td class='wb-number'>{text}</td>" for text in (time, escape(_outcome(run)))]
    return f"<tr>{name}{''.join(cells)}</tr>"


def _setting(config: wb.LinearConfig | wb.ImageConfig, name: str) -> str:
    torch = torch_of(config, name)
    small = f"<br><code>{escape(torch)}</code>" if torch else ""
    return f"<td{'' if torch else ' class=wb-number'}>{escape(value_of(config, name))}{small}</td>"


def _number(text: str, *, best: bool) -> str:
    word = escape(_("the best"))
    mark = f'<br><span class="wb-best">★ {word}</span>' if best else ""
    return f'<td class="wb-number">{escape(text)}{mark}</td>'


def _best(entries: Sequence[Entry]) -> Entry | None:
    """The run whose last test was best; None where that cannot be told."""
    return min(entries, key=score) if len(entries) > 1 and comparable(entries) else None


def _epochs(run: wb.KeptRun) -> str:
    done, asked = f"{run.done:,}", f"{run.config.epochs:,}"
    return done if run.done >= run.config.epochs else _("{done} of {epochs}").format(done=done, epochs=asked)


def _outcome(run: wb.KeptRun) -> str:
    told = {"done": _("done"), "stopped": _("stopped"), "exploded": _("exploded")}[run.outcome]
    loaded = _("from a checkpoint")
    return f"{told}, {loaded}" if run.loaded else told
