"""What a copied link does not carry of a displayed run."""

from ..i18n import _


def lacks(*, stale: bool, loaded: bool) -> str:
    """A sentence for a run with other settings than the controls, or with a model from a file; else ""."""
    if stale:
        return _("The link carries the settings in the controls, not those of the run shown.")
    if loaded:
        return _("The link can't carry the model from your file. Send the file, too: it can be uploaded on that page.")
    return ""
