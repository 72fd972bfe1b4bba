"""From a config to the PyTorch code of its run."""

from .files import changed_lines, to_notebook, to_script

__all__ = ["changed_lines", "to_notebook", "to_script"]
