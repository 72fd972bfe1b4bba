"""The autograd graph of a loss in the DOT language, with plain names for the nodes."""

from collections.abc import Sequence

from wb_core.kinds.line.microscope import Graph

from . import palette
from .recording import Translate

# The page's style sheet overrides these colours with those of the theme.
HEAD = """\
digraph {
  rankdir=TB; bgcolor="transparent"; nodesep=0.1; ranksep=0.14; margin=0.05
  node [shape=box, style=rounded, fontname="sans-serif", fontsize=10, height=0.25, margin="0.1,0.02", color="#8A8F98"]
  edge [color="#8A8F98", arrowsize=0.4, dir=both]"""


def graph_dot(graph: Graph, _: Translate) -> str:
    """The graph from the parameters at the top to the loss at the bottom; gradients flow the other way.

    Its classes say which line of code computes a node, for the page's style sheet. Edges have arrows at both ends, of
    which the sheet hides one.
    """
    lines = [HEAD]
    for number, node in enumerate(graph.nodes):
        shape = "(" + ", ".join(map(str, node.shape)) + ("," if len(node.shape) == 1 else "") + ")"
        name = "" if node.parameter else f"{node.name} "
        label = _escape([node.plain if node.parameter else _(node.plain), f"{name}{shape}"])
        color = f', color="{palette.PREDICTION}", penwidth=1.6' if node.parameter else ""
        lines.append(f'  n{number} [label="{label}"{color}, class="{_class(graph, number)}"]')
    lines.append('  loss [label="loss", shape=plaintext, class="wb-loss"]\n  n0 -> loss [class="wb-loss"]')
    lines += [f'  n{source} -> n{node} [class="{_class(graph, node)}"]' for node, source in graph.edges]
    return "\n".join([*lines, "}"])


def graph_words(graph: Graph, _: Translate) -> str:
    """The graph as a sentence for screen readers, from the loss down."""
    return " ← ".join(["loss", *(node.plain if node.parameter else _(node.plain) for node in graph.nodes)])


def _class(graph: Graph, number: int) -> str:
    if graph.nodes[number].parameter:
        return "wb-parameter"
    return "wb-loss" if number < graph.prediction else "wb-forward"


def _escape(lines: Sequence[str]) -> str:
    return "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
