"""The curves of a slip, with the labels of its snippet."""

import wb_core as wb
from pages.ui.figures import palette
from pages.ui.figures.loss import snippet_figure


def test_the_legend_has_the_labels_of_the_snippet_and_each_curve_its_own_style():
    curves = wb.run_slip("train_label").faulty.curves
    figure = snippet_figure(curves, str.upper)
    assert [trace.name for trace in figure.data] == ["Train loss", "Train loss"]
    assert figure.layout.showlegend
    assert [trace.line.color for trace in figure.data] == [palette.TRAIN, palette.TEST]
    assert len({trace.line.dash for trace in figure.data}) == 2
    for trace, curve in zip(figure.data, curves, strict=True):
        assert (trace.x, trace.y) == (curve.epochs, curve.losses)
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("EPOCH", "LOSS")
