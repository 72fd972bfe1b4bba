"""What a visitor has measured on the device page."""

import wb_core as wb


class DeviceLab:
    """The last measurement of this visit; empty before the first one."""

    def __init__(self) -> None:
        self.timings: tuple[wb.Timing, ...] = ()

    def measure(self) -> None:
        """Measure, and keep the result; what was there before stays until then."""
        self.timings = wb.time_products()
