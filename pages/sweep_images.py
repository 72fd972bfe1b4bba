"""The address that sweeps of pictures had before all sweeps shared a page: old links lead on from here."""

from pages.ui.session import share

share.forward("sweep", kind="image")
