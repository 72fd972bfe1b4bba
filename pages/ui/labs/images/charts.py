"""What is known of a training on pictures, as charts in the player."""

from collections.abc import Sequence

import wb_core as wb
from wb_core.base.fields import specs

from ...figures.images import image_charts, image_recording
from ...i18n import _, language, translator
from ...player import Counter, Readout, play


def play_report(report: wb.Report, readouts: Sequence[Readout], *, token: str, key: str) -> None:
    """Draw the losses and the test accuracy over the pictures seen; it grows as the reports of the job do."""
    recording = image_recording(report)
    loss = specs(wb.ImageConfig)["loss"].options[report.job.config.loss][1]
    play(
        recording,
        image_charts(recording, loss, translator(language())),
        readouts,
        token=token,
        show="end",
        revision=len(report.batch_losses) + len(report.rows),
        counter=Counter(
            "seen",
            "done",
            _("Pictures seen"),
            _("How many pictures the model has seen so far. Every epoch goes through all of them again."),
        ),
        key=key,
    )
