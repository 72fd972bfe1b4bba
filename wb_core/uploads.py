"""What opens uploads."""

from .checkpoints.sandbox import desk
from .tables import table


def start_upload_sandbox() -> None:
    """Start the workers that open checkpoints and tables before the first upload, without waiting for them."""
    desk.SANDBOX.start()
    table.SANDBOX.start()
