"""The former address of image sweeps; forwards old links to the sweep page."""

from pages.ui.session import share

share.forward("sweep", kind="image")
