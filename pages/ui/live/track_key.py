"""What the colours and signs of a slider's track mean."""

from html import escape

from ..i18n import _


def html() -> str:
    """One line, which the style shows once a hand has coloured a track."""
    text = _("Color: test loss, dark is low. ○ best, ◇ bounces, × explodes")
    return f'<p class="wb-track-key">{escape(text)}</p>'
