"""The linear-regression lab in plain Streamlit: default settings and one `st.plotly_chart` per chart.

Controls, training and figures are those of the workbench. Only the benchmark uses this page.
"""

import plotly.graph_objects as go
import streamlit as st

import wb_core as wb
from pages.ui.figures.linear import linear_charts, linear_recording
from pages.ui.figures.recording import Binding, Chart, Recording

st.set_page_config(page_title="Plain", layout="wide")


def shown(chart: Chart, recording: Recording, mark: str) -> go.Figure:
    """The chart's figure with the end of the recording; `mark` identifies it in the page."""
    figure = go.Figure(chart.figure)
    for trace, binding in zip(figure.data, chart.bindings, strict=True):
        trace.update(data_of(binding, recording))
    for path, value in chart.layout.items():
        axis, part = path.split(".")
        figure.layout[axis][part] = value
    return figure.update_layout(meta=mark)


def data_of(binding: Binding, recording: Recording) -> dict[str, object]:
    columns = recording.columns
    x = columns[binding.x]
    if binding.kind == "point":
        return {"x": x[-1:], "y": columns[binding.y][-1:]}
    if binding.kind == "line":
        return {"x": x, "y": columns[binding.slope][-1] * x + columns[binding.intercept][-1]}
    if binding.kind == "grid":
        return {"x": x, "y": columns[binding.y], "z": columns[binding.z].reshape(-1, len(x))}
    return {"x": x, "y": columns[binding.y]}


left, right = st.columns([0.285, 0.715])
with left:
    weight = st.slider("Weight", -2.0, 2.0, 0.7, 0.01)
    bias = st.slider("Bias", -2.0, 2.0, 0.3, 0.01)
    noise = st.slider("Noise", 0.0, 0.5, 0.0, 0.01)
    train_fraction = st.slider("Training fraction", 0.1, 0.9, 0.8, 0.05)
    model = st.selectbox("Model", ["parameter", "linear"])
    seed = st.number_input("Seed", 0, 9999, 42)
    loss = st.selectbox("Loss", ["l1", "mse", "huber"])
    optimizer = st.selectbox("Optimizer", ["sgd", "adam"])
    lr = st.select_slider("Learning rate", [0.0001, 0.001, 0.01, 0.1, 1.0], 0.01)
    epochs = st.slider("Epochs", 1, 5000, 200)
    momentum = st.selectbox("Momentum", [0.0, 0.5, 0.8, 0.9, 0.95, 0.99])
    device = st.selectbox("Device", ["cpu", "auto"])
    st.toggle("Retrain on every change", value=True)
    st.button("Train", type="primary")

config = wb.LinearConfig(
    weight=weight,
    bias=bias,
    noise=noise,
    train_fraction=train_fraction,
    model=model,
    seed=seed,
    loss=loss,
    optimizer=optimizer,
    lr=lr,
    epochs=epochs,
    momentum=momentum,
    device=device,
)
run = wb.Run(config)
run.finish()

with right:
    last = run.history.row(-1)
    for column, name in zip(st.columns(4), ("train_loss", "test_loss", "weight", "bias"), strict=True):
        column.metric(name, f"{last[name]:.4f}")
    recording = linear_recording(run)
    for column, chart in zip(st.columns(3), linear_charts(recording, "nn.L1Loss", str), strict=True):
        column.plotly_chart(shown(chart, recording, f"{weight:.2f}"), key=chart.id)
    st.dataframe(run.history.frame().iloc[::10], hide_index=True, height=230)
