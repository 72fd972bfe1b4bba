"""The graph in the DOT language: nodes with names and shapes, edges, and escaped text."""

import re

import pytest

import wb_core as wb
from pages.ui.figures import palette
from pages.ui.figures.graph import graph_dot, graph_words
from wb_core.kinds.line.microscope import Graph, Microscope, Node

MADE = Graph(
    (
        Node("L1LossBackward0", False, ()),
        Node("AddBackward0", False, (40, 1)),
        Node("MulBackward0", False, (40, 1)),
        Node("bias", True, (1,)),
        Node("weights", True, (1,)),
    ),
    ((0, 1), (1, 2), (1, 3), (2, 4)),
    prediction=1,
)
NODE = re.compile(r'^ *(\w+) \[label="((?:[^"\\]|\\.)*)"(.*)\]$', re.MULTILINE)


def nodes(dot):
    """The labels by node, as lines of text."""
    return {name: [unescaped(line) for line in re.split(r"(?<!\\)\\n", text)] for name, text, _ in NODE.findall(dot)}


def unescaped(text):
    return re.sub(r"\\(.)", r"\1", text)


def edges(dot):
    return set(re.findall(r"^ *(\w+) -> (\w+) \[", dot, re.MULTILINE))


def graph_of(**settings):
    scope = Microscope(wb.LinearConfig(epochs=1, **settings))
    scope.advance(60)
    return scope.look(0).graph


@pytest.mark.parametrize("settings", [{}, {"model": "linear", "loss": "mse"}, {"loss": "huber"}], ids=str)
def test_every_node_is_named_twice_and_has_its_shape(settings):
    graph = graph_of(**settings)
    labels = nodes(graph_dot(graph, str))
    assert labels.pop("loss") == ["loss"]
    assert set(labels) == {f"n{number}" for number in range(len(graph.nodes))}
    for number, node in enumerate(graph.nodes):
        plain, below = labels[f"n{number}"]
        assert plain == node.plain
        assert below == (str(node.shape) if node.parameter else f"{node.name} {node.shape}")


@pytest.mark.parametrize("settings", [{}, {"model": "linear", "loss": "mse"}, {"loss": "huber"}], ids=str)
def test_every_edge_points_the_way_in_which_the_loss_was_computed(settings):
    graph = graph_of(**settings)
    wanted = {(f"n{source}", f"n{node}") for node, source in graph.edges} | {("n0", "loss")}
    assert len(wanted) == len(graph.edges) + 1 > len(graph.nodes) - 1
    assert edges(graph_dot(graph, str)) == wanted


def test_a_known_graph_has_the_expected_labels():
    assert nodes(graph_dot(MADE, str)) == {
        "n0": ["mean of the absolute values", "L1LossBackward0 ()"],
        "n1": ["add", "AddBackward0 (40, 1)"],
        "n2": ["multiply", "MulBackward0 (40, 1)"],
        "n3": ["bias", "(1,)"],
        "n4": ["weights", "(1,)"],
        "loss": ["loss"],
    }


def test_the_dot_source_is_one_complete_graph():
    dot = graph_dot(MADE, str)
    assert dot.startswith("digraph")
    assert (dot.count("{"), dot.count("}"), dot.rstrip()[-1]) == (1, 1, "}")
    assert len(re.findall(r"^ *loss \[", dot, re.MULTILINE)) == 1


@pytest.mark.parametrize("settings", [{}, {"model": "linear", "loss": "mse"}, {"loss": "huber"}], ids=str)
def test_every_node_has_the_class_of_its_line_of_code(settings):
    graph = graph_of(**settings)
    *found, _loss = [re.findall(r'class="wb-(\w+)"', rest)[0] for _, _, rest in NODE.findall(graph_dot(graph, str))]
    forward = ("MulBackward0", "AddBackward0", "AddmmBackward0", "TBackward0")
    lines = ["parameter" if node.parameter else "forward" if node.name in forward else "loss" for node in graph.nodes]
    assert found == lines


def test_only_parameters_have_their_own_colour():
    coloured = {name for name, _, rest in NODE.findall(graph_dot(MADE, str)) if palette.PREDICTION in rest}
    assert coloured == {"n3", "n4"}


@pytest.mark.parametrize("name", ['say "hello"', "back\\slash", '\\"', "ends in \\", "a\\nb", '"]; n9 [label="'])
def test_quotes_and_backslashes_stay_inside_the_label(name):
    graph = Graph((Node("L1LossBackward0", False, ()), Node(name, True, (1,))), ((0, 1),), 1)
    dot = graph_dot(graph, str)
    [text] = [text for node, text, _ in NODE.findall(dot) if node == "n1"]
    written = name.replace("\\", "\\\\").replace('"', '\\"')
    assert text == written + r"\n(1,)"
    assert [node for node, *_ in NODE.findall(dot)] == ["n0", "n1", "loss"]
    translated = graph_dot(MADE, lambda word: name)  # a translation must be escaped, too
    assert [node for node, *_ in NODE.findall(translated)] == ["n0", "n1", "n2", "n3", "n4", "loss"]


def test_plain_names_are_translated_and_names_of_pytorch_are_not():
    labels = nodes(graph_dot(MADE, str.upper))
    assert labels["n1"] == ["ADD", "AddBackward0 (40, 1)"]
    assert labels["n4"] == ["weights", "(1,)"]
    words = graph_words(MADE, str.upper)
    assert words == "loss ← MEAN OF THE ABSOLUTE VALUES ← ADD ← MULTIPLY ← bias ← weights"


def test_the_sentence_names_every_node():
    graph = graph_of(model="linear", loss="mse")
    words = graph_words(graph, str).split(" ← ")
    assert words == ["loss", *(node.plain for node in graph.nodes)]
