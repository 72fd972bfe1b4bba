"""The common parts of the checkpoint panels: download, upload, and the proof that both are the same model."""

import dataclasses
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

import pandas as pd
import streamlit as st
import torch
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb

from ..i18n import _

MAX_PROOFS = 8
"""The number of downloads that a session remembers."""

MAX_BYTES = 2_000_000
"""The largest accepted file in bytes; the largest model has 0.6 MB."""

T = TypeVar("T")


class Proofs(Generic[T]):
    """The outputs of downloaded models when they were saved (`saved`, by model), and the outcome of the last upload."""

    def __init__(self) -> None:
        self.saved: dict[Any, T] = {}
        self.file_id: str | None = None
        self.rows: tuple[wb.Comparison, ...] = ()
        self.error: wb.CheckpointError | wb.DataError | None = None
        self.fitting: Any = None  # the config whose model the file fits, if it is not the config of the controls

    def remember(self, model: Any, output: T) -> None:
        """Store the output of a model that is being saved."""
        self.saved[model] = output
        while len(self.saved) > MAX_PROOFS:
            del self.saved[next(iter(self.saved))]

    def receive(
        self,
        data: bytes,
        config: Any,
        others: Callable[[wb.Checkpoint], Iterable[Any]],
        load: Callable[[Any, wb.Checkpoint], None],
    ) -> None:
        """Read an upload and `load` it for a config; errors are stored, and then `load` must have changed nothing.

        `others` returns the other configs whose models the file might fit.
        """
        self.rows, self.error, self.fitting = (), None, None
        try:
            run = on_cpu(config)
            found = wb.read_checkpoint(data, limit=min(MAX_BYTES, wb.size_limit(run)))
            self.rows = wb.compare_checkpoint(found, run)
            self.fitting = fitting(found, config, others(found))
            load(config, found)
        except (wb.CheckpointError, wb.DataError) as error:
            self.error = error


def on_cpu(config: Any) -> wb.Run:
    """An untrained run of the config on the CPU, which takes no GPU memory."""
    return wb.Run(dataclasses.replace(config, device="cpu"))


def fitting(found: wb.Checkpoint, config: Any, others: Iterable[Any]) -> Any:
    """The first of `others`, apart from `config`, whose model a file fits; None without one."""
    for other in others:
        if other != config and all(row.fits for row in wb.compare_checkpoint(found, on_cpu(other))):
            return other
    return None


def columns() -> tuple[DeltaGenerator, DeltaGenerator]:
    """The columns of the download and of the upload, with headings."""
    left, right = st.columns(2, gap="large")
    left.subheader(_("Take it with you"), anchor=False)
    left.caption(
        _("A checkpoint is a file with the learned parameters (`model.state_dict()`). Any PyTorch can read it.")
    )
    right.subheader(_("Load it again"), anchor=False)
    return left, right


def download(run: wb.Run, remember: Callable[..., None], *args: Any) -> None:
    """Draw the button that downloads a run's model and calls `remember`, and the code that loads the file."""
    name = wb.kind_of(run.config).checkpoint_names[run.config.model]
    st.download_button(
        _("Download checkpoint"),
        wb.save_checkpoint(run),
        file_name=name,
        mime="application/octet-stream",
        icon=":material/download:",
        on_click=remember,
        args=args,
    )
    st.code(f'model.load_state_dict(torch.load("{name}"))', language=None, wrap_lines=True)


def upload(
    proofs: Proofs[Any], receive: Callable[[bytes], None], *, key: str, megabytes: int, accepts: str
) -> bytes | None:
    """Draw the uploader, call `receive` once per file, and return the current file.

    `accepts` is the help text about accepted files.
    """
    file = st.file_uploader(
        _("Upload checkpoint"), type=["pth", "pt", "safetensors"], max_upload_size=megabytes, key=key, help=accepts
    )
    if file is None:
        return None
    data = file.getvalue()
    if file.file_id != proofs.file_id:
        with st.spinner(_("The file is being checked.")):
            receive(data)
        proofs.file_id = file.file_id
        if proofs.error is None:
            st.rerun()
    return data


def table(rows: Sequence[wb.Comparison]) -> None:
    """Draw a table of an uploaded file's tensors beside those that the model needs."""
    st.caption(_("What's in the file, and what this model needs"))
    st.dataframe(
        pd.DataFrame([_compared(row) for row in rows]),
        hide_index=True,
        column_config={
            "key": st.column_config.TextColumn(_("Name")),
            "found": st.column_config.TextColumn(_("In the file")),
            "needed": st.column_config.TextColumn(_("This model needs")),
            "fits": st.column_config.TextColumn(_("Fits")),
        },
    )


def _compared(row: wb.Comparison) -> dict[str, str]:
    return {
        "key": row.name,
        "found": f"{row.found_shape} {row.found_dtype}" if row.found_shape is not None else "–",
        "needed": f"{row.needed_shape} {row.needed_dtype}" if row.needed_shape is not None else "–",
        "fits": "✓" if row.fits else "✗",
    }


def nothing_changed() -> None:
    """Say that the model is unchanged, after a file that was not loaded."""
    st.caption(_("Nothing changed: you still see the model from before the upload."))


def saved_elsewhere() -> None:
    """Say how a model was checked that was not saved in this session."""
    st.caption(_("The file wasn't saved during this visit, so its model was saved and loaded once more to check."))


def saved_again(run: wb.Run) -> dict[str, torch.Tensor]:
    """The model's tensors after saving and loading them with PyTorch. Safe, because the file is our own."""
    tensors: dict[str, torch.Tensor] = torch.load(io.BytesIO(wb.save_checkpoint(run)), weights_only=True)
    return tensors
