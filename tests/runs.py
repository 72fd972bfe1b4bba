"""Runs of the engine, to compare with."""

import wb_core as wb


def finished(config, **options):
    """A run of this config, trained to its end."""
    run = wb.Run(config, **options)
    run.finish()
    return run


def without_seconds(rows):
    """The rows of a history without `seconds`, which differs from run to run."""
    return [{name: number for name, number in row.items() if name != "seconds"} for row in rows]
