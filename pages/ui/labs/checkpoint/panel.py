"""The common parts of the checkpoint panels: download, upload, and the proof that both are the same model."""

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

import wb_core as wb
from wb_core.base.fields import specs

from ...i18n import N_, _
from ...sentences import explain
from ...session import share, state
from ...widgets import fields
from ...widgets.uploader import uploader
from .proofs import Handover, Proofs


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
    name = wb.kind_of(run.config).checkpoint_name(run.config)
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
    proofs: Proofs[Any],
    receive: Callable[[str | None], None],
    *,
    page: str,
    megabytes: int,
    busy: Callable[[], bool],
) -> None:
    """Draw the uploader, and call `receive` once per file, with None.

    While the lab is `busy` with a training, asks the visitor first.
    """

    def arrived() -> None:
        proofs.asks = busy()

    # Every name is accepted: the content decides.
    accepts = _(
        "A file saved by PyTorch or safetensors with the weights of one of these models, {megabytes} MB at most."
    )
    file = uploader(
        _("Upload checkpoint"),
        megabytes=megabytes,
        key=f"{page}.upload",
        help=accepts.format(megabytes=megabytes),
        on_change=arrived,
    )
    handed = state.of(Handover)
    if handed.page == page:
        proofs.asks = busy()
        proofs.arrive(handed.data, waits=True)
        handed.page, handed.data = "", b""
    elif file is not None and file.file_id != proofs.file_id:
        proofs.arrive(file.getvalue(), waits=True)
    elif file is None and proofs.file_id is not None:
        proofs.arrive(b"")
    proofs.file_id = None if file is None else file.file_id
    if proofs.waits and proofs.asks:
        _ask(proofs)
    elif proofs.waits:
        with st.spinner(_("The file is being checked.")):
            receive(None)
        if proofs.error is None:
            st.rerun()


def _ask(proofs: Proofs[Any]) -> None:
    """Ask whether a file that arrived during a training replaces it."""

    def load() -> None:
        proofs.asks = False

    st.warning(
        _("A training was running when this file arrived. Loading the file replaces it."), icon=":material/help:"
    )
    with st.container(horizontal=True):
        st.button(_("Load the file"), on_click=load)
        st.button(_("Keep the training"), on_click=proofs.arrive, args=(b"",))


def draw_error(proofs: Proofs[Any], receive: Callable[[str | None], None], config: Any) -> None:
    """Draw why a file was not loaded, and a button for each way to load it nevertheless."""
    error, other = proofs.error, proofs.fitting
    if error is None:
        return
    if error.code == "checkpoint.ambiguous":
        st.warning(explain(error), icon=":material/help:")
        with st.container(horizontal=True):
            for place in error.values["tables"]:
                st.button(_("Load {table}").format(table=place), on_click=receive, args=(place,))
    elif other is None:
        st.error(explain(error), icon=":material/block:")
    elif type(other) is type(config):
        # For another model all names differ, which the table below shows.
        differs = explain(error) if error.code == "checkpoint.wrong_shape" else _("The settings ask for another model.")
        st.error(f"{_whose(other)} {differs}", icon=":material/block:")
        st.button(_("Use these settings and load it"), on_click=_adopt_settings, args=(other, receive))
    else:
        kind = wb.kind_of(other)
        st.error(f"{_whose(other)} " + _("That model is on another page."), icon=":material/block:")
        if st.button(_("Go there and load it"), icon=":material/arrow_forward:"):
            state.put(f"{kind.page}.panel", "checkpoint")
            handed = state.of(Handover)
            handed.page, handed.data = kind.page, proofs.data
            share.go(kind.page, config, other)
    st.caption(_("Nothing changed: you still see the model from before the upload."))


def _whose(config: Any) -> str:
    """Which model a file fits."""
    if "model" not in specs(config):
        return _("This is a checkpoint of “{model}”.").format(model=" · ".join(map(str, config.sizes)))
    text, _torch_name = specs(config)["model"].options[config.model]
    name = _(text)
    if "hidden_units" not in specs(config):
        return _("This is a checkpoint of “{model}”.").format(model=name)
    return _("This is a checkpoint of “{model}” with {hidden} hidden units.").format(
        model=name, hidden=config.hidden_units
    )


def _adopt_settings(other: Any, receive: Callable[[str | None], None]) -> None:
    """Set the controls to the settings that a file fits, and load it."""
    sizes = [name for name in ("model", "hidden_units", "hidden") if name in specs(other)]
    fields.put(type(other), {name: getattr(other, name) for name in sizes})
    receive(None)


def draw_loaded() -> None:
    """Say that a file was loaded, of which nothing is known from before it was saved."""
    st.success(_("Loaded: the model now has the weights from the file."), icon=":material/check_circle:")


def draw_proof(proof: pd.DataFrame | None, points: str) -> None:
    """Draw what was loaded, and the predictions before saving and after loading, side by side, if both are known.

    The columns of `proof` are "X", whose heading is `points`, "before", "after" and "equal".
    """
    if proof is None:
        draw_loaded()
        return
    st.success(
        _("Loaded. {equal} of {all} predictions are the same before saving and after loading.").format(
            equal=int(proof["equal"].sum()), all=len(proof)
        ),
        icon=":material/verified:",
    )
    st.dataframe(
        proof,
        hide_index=True,
        height=180,
        column_config={
            "X": st.column_config.Column(points),
            "before": st.column_config.Column(_("before saving")),
            "after": st.column_config.Column(_("after loading")),
            "equal": st.column_config.CheckboxColumn("=="),
        },
    )


def draw_notes(proofs: Proofs[Any]) -> None:
    """Draw what was done to read the loaded file."""
    lines = [_(wb.CHECKPOINT_NOTES[note.code]).format(**note.values) for note in proofs.notes]
    if lines:
        st.caption("\n".join(f"- {line}" for line in lines))


MEMORIES = {
    "adam": N_("Adam's running averages begin anew, because this start has only weights."),
    "momentum": N_("The momentum begins anew at 0, because this start has only weights."),
}


def draw_memory(config: Any) -> None:
    """Say what of the optimizer a training from a checkpoint begins without; nothing if there is nothing to lose."""
    memory = "adam" if config.optimizer == "adam" else "momentum" if config.momentum else None
    if memory:
        st.caption(_(MEMORIES[memory]))


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
        "found": f"{row.found_name or ''} {row.found_shape} {row.found_dtype}".lstrip()
        if row.found_shape is not None
        else "–",
        "needed": f"{row.needed_shape} {row.needed_dtype}" if row.needed_shape is not None else "–",
        "fits": "✓" if row.fits else "✗",
    }
