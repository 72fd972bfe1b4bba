"""The sentences of a diagnosis of a line: its outcome with numbers, the outlook, findings and causes."""

from collections.abc import Callable, Mapping

import wb_core as wb

from ...i18n import N_, _
from ...widgets.numbers import number

TEXTS = {
    "learning": N_("**Learning.** The train loss went down from {first} to {last}; the lowest possible is {best}."),
    "learning there": N_(
        "**Learning.** The train loss went down from {first} to {last}, close to the lowest possible ({best}). A "
        "few more epochs will show whether it stays there."
    ),
    "learning back": N_(
        "**Learning.** The first steps ran past the best line: the train loss went from {first} to {peak}. Now it is "
        "falling again ({last}; the lowest possible is {best})."
    ),
    "learning swings": N_(
        "**Learning.** The train loss went from {first} to {last}, in swings between {low} and {high} that get "
        "smaller; the lowest possible is {best}."
    ),
    "good": N_(
        "**Good fit.** You can't tell this line from the best one. The train loss went from {first} to {last}; the "
        "lowest possible is {best}."
    ),
    "good bouncing": N_(
        "**Good fit.** You can't tell this line from the best one. Its train loss still goes up and down between {low} "
        "and {high} (the lowest possible is {best}); smaller steps would settle it."
    ),
    "converged": N_(
        "**Converged** at epoch {epoch}. Since then you can't tell the line from the best one. The train loss is now "
        "{last}; the lowest possible is {best}."
    ),
    "converged at once": N_(
        "**Converged** with the first step. Since then you can't tell the line from the best one. The train loss is "
        "now {last}; the lowest possible is {best}."
    ),
    "too_slow": N_("**Too slow.** The train loss went from {first} to {last}; the lowest possible is {best}."),
    "bouncing": N_(
        "**Bouncing** since epoch {since} between losses of {low} and {high}. Each step moves the {parameter} by "
        "about {step}: too big a step to settle."
    ),
    "bouncing sgd": N_(
        "**Bouncing** since epoch {since} between losses of {low} and {high}. Each step moves the {parameter} by "
        "about learning rate × gradient = {lr} × {gradient} = {step}: too big a step to settle."
    ),
    "exploding": N_("**Exploding** since epoch {since}. The loss grew from {lowest} to {last}."),
    "exploding end": N_(
        "**Exploded.** Training stopped at epoch {end}: from epoch {since} on the values grew until they overflowed "
        "(it diverged)."
    ),
    "optimum": N_(
        "**Started at the optimum.** You could never tell the line from the best one. The train loss is now {last}; "
        "the lowest possible is {best}."
    ),
}
"""The first sentence, by the label and how it came about."""

OUTLOOKS = {
    "more": N_("At this rate it needs about {more} more epochs."),
    "near": N_("In about {near} more epochs you won't be able to tell its line from the best one."),
    "long": N_("At this rate it would take very long."),
}
LIMIT = N_(
    "The learning rate {lr} is above the limit for these points, {limit}. Above it each step overshoots further."
)
REMARKS = {
    "one_point": N_(
        "**One training point doesn't determine a line.** Many lines go through it, and only more points can tell "
        "which one is right."
    ),
    "one_x": N_(
        "**These training points don't determine a line.** They all have the same X, so many lines fit them equally "
        "well."
    ),
    "overfitting": N_(
        "**Overfitting.** Since epoch {epoch} the test loss rose from {test_low} to {test_last} while the train "
        "loss fell."
    ),
    "unlike_test": N_(
        "The **test points are unlike the training points**: the test loss is {test_last}, the train loss {train_last}."
    ),
    "adam_left": N_(
        "Adam was there at epoch {arrived} and left again at epoch {left}: while gradients stay tiny, the number it "
        "divides them by fades, and its steps grow. A lower learning rate keeps them short."
    ),
    "momentum": N_(
        "With momentum {momentum}, SGD keeps {percent}% of each step for the next one, and that carries it past the "
        "best line."
    ),
    "x_far": N_(
        "X is far from 0 (from {from_x} to {to_x}), so a change of the weight moves the whole line up or down: the "
        "valley of the loss is {valley} times longer than wide. Standardize the points, and it's round."
    ),
    "x_wide": N_(
        "X is wide (from {from_x} to {to_x}), so the loss is much steeper for the weight than for the bias: its "
        "valley is {valley} times longer than wide. Standardize the points, and it's round."
    ),
    "test_easier": N_(
        "The test loss ({test}) is below the train loss because the test points happen to lie closer to this line."
    ),
    "test_later": N_(
        "The test loss ({test}) is below the train loss ({train}) because it's measured after the step, and the "
        "train loss before it."
    ),
}
"""What is said in addition: findings, then causes."""

COUNTS = {"valley", "epoch", "since", "more", "near", "end", "arrived", "left", "percent"}
RATES = {"limit", "step", "gradient", "from_x", "to_x"}

ZERO_LOSS = 1e-6
"""A best loss below this is 0 apart from rounding."""


def first_words(label: str, *, good: bool, diverged: bool, translate: Callable[[str], str]) -> str:
    """The words in bold with which the sentences of a diagnosis begin: "Good fit", "Too slow"."""
    key = "good" if good else "exploding end" if label == "exploding" and diverged else label
    return translate(TEXTS[key]).split("**")[1].rstrip(".")


def sentences(run: wb.Run, diagnosis: wb.Diagnosis) -> list[str]:
    """The sentences of a diagnosis, with their numbers."""
    evidence = diagnosis.evidence
    if diagnosis.findings and diagnosis.findings[0].label in ("one_point", "one_x"):
        return [_(REMARKS[diagnosis.findings[0].label])]
    values = {**_formatted(evidence), "end": f"{diagnosis.epochs[1]:,}"}
    values.setdefault("since", "0")
    if diagnosis.label == "bouncing":
        values["parameter"] = _("bias") if evidence["moves"] else _("weight")
        # The product of the numbers as they are written, so that it is right to its last digit.
        values["step"] = f"{float(values['lr']) * float(values['gradient']):.4g}" if _plain(run) else values["step"]
    texts = [_(TEXTS[_first(run, diagnosis)]).format(**values)]
    if not diagnosis.findings and not diagnosis.good and (outlook := _outlook(diagnosis)):
        texts.append(_(OUTLOOKS[outlook]).format(**values))
    if diagnosis.label == "exploding" and "limit" in evidence and evidence["lr"] > evidence["limit"]:
        texts.append(_(LIMIT).format(lr=values["lr"], limit=_below(evidence["limit"], evidence["lr"])))
    for remark in (*diagnosis.findings[:1], *diagnosis.causes[:1]):  # a second one would repeat the first
        texts.append(_(REMARKS[remark.label]).format(**_formatted(remark.evidence)))
    return texts


def _first(run: wb.Run, diagnosis: wb.Diagnosis) -> str:
    """The key of the first sentence in `TEXTS`."""
    label, evidence = diagnosis.label, diagnosis.evidence
    if diagnosis.good:
        return "good bouncing" if label == "bouncing" else "good"
    if label == "learning":
        if "low" in evidence:
            return "learning swings"
        if "peak" in evidence:
            return "learning back"
        return "learning there" if evidence.get("more", 1) < 0.5 else "learning"
    if label == "bouncing":
        return "bouncing sgd" if _plain(run) else "bouncing"
    if label == "exploding" and run.diverged_at is not None:
        return "exploding end"
    return "converged at once" if label == "converged" and evidence["epoch"] == 0 else label


def _outlook(diagnosis: wb.Diagnosis) -> str | None:
    """The key of a sentence in `OUTLOOKS`, or None."""
    evidence = diagnosis.evidence
    if diagnosis.label not in ("learning", "too_slow"):
        return None
    for name in ("more", "near"):
        if name in evidence:
            return name if evidence[name] >= 0.5 else None
    return "long" if diagnosis.label == "too_slow" else None


def _plain(run: wb.Run) -> bool:
    """Whether a step is the learning rate times the gradient."""
    return bool(run.settings.optimizer == "sgd" and not run.settings.momentum)


def _formatted(evidence: Mapping[str, float]) -> dict[str, str]:
    """Formatted numbers: epochs as counts, rates with four digits or as they are set, losses as the player does."""
    written = {}
    for name, value in evidence.items():
        if name in COUNTS:
            written[name] = f"{_round(value) if name in ('more', 'near') else value:,.0f}"
        elif name in ("lr", "momentum"):
            written[name] = f"{value:.10g}"
        elif name in RATES:
            written[name] = f"{value:.4g}"
        else:
            written[name] = number(0 if name == "best" and value < ZERO_LOSS else value)
    return written


def _below(limit: float, value: float) -> str:
    """A limit with four digits, or as many as it takes to look lower than a value above it."""
    written = (f"{limit:.{digits}g}" for digits in range(4, 18))
    return next((text for text in written if float(text) < value), f"{limit:.17g}")


def _round(count: float) -> float:
    """An estimate, rounded to two digits if it is 100 or more."""
    return float(f"{count:.2g}") if count >= 100 else count
