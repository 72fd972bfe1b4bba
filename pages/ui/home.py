"""The small run on the first page."""

import wb_core as wb


class Welcome:
    """A noisy line and a model that has learned it, trained once per visit."""

    def __init__(self) -> None:
        self.run = wb.Run(wb.LinearConfig(noise=0.04, loss="mse", lr=0.5, epochs=120))
        self.run.finish()
