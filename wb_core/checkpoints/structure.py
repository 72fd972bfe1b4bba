"""Matches the tensors of a file with those of a model whose layers have other names: by place, never by shape alone.

Both are trees of modules, `block_1.0.weight` being three levels. They match if they have the same branches in the same
order, the same numbers in their `nn.Sequential`s, and the same parameters with the same shapes at their ends. Only the
attribute names of modules may differ, the names of parameters within `SYNONYMS`, and the modules that only wrap another
one: `nn.Linear` alone is the same as `nn.Linear` in a `linear_layer`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

SYNONYMS = {"weights": "weight", "w": "weight", "W": "weight", "biases": "bias", "b": "bias"}

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Leaf:
    """A parameter: its whole name and its shape."""

    name: str
    shape: Shape


Tree = dict[str, Union["Tree", Leaf]]


def match_names(found: Mapping[str, Shape], needed: Mapping[str, Shape], *, ordered: bool) -> dict[str, str] | None:
    """For each name in a file that of the model; None if the structures differ.

    Unless `ordered`, the order in the file is not that of the modules, so at most one name at each place may differ.
    """
    if found.keys() == needed.keys():
        return {name: name for name in found}
    theirs, ours = _tree(found), _tree(needed)
    return None if theirs is None or ours is None else _match(theirs, ours, ordered)


def _tree(shapes: Mapping[str, Shape]) -> Tree | None:
    """The tree of modules, without those that have one module and nothing else. None if two names collide."""
    root: Tree = {}
    for name, shape in shapes.items():
        *modules, parameter = name.split(".")
        branch = root
        for module in modules:
            below = branch.setdefault(module, {})
            if isinstance(below, Leaf):
                return None
            branch = below
        parameter = SYNONYMS.get(parameter, parameter)
        if parameter in branch:
            return None
        branch[parameter] = Leaf(name, shape)
    return _unwrapped(root)


def _unwrapped(tree: Tree) -> Tree:
    for name, below in tree.items():
        if not isinstance(below, Leaf):
            tree[name] = _unwrapped(below)
    only = next(iter(tree.values())) if len(tree) == 1 else None
    return tree if only is None or isinstance(only, Leaf) else only


def _match(found: Tree | Leaf, needed: Tree | Leaf, ordered: bool) -> dict[str, str] | None:
    if isinstance(found, Leaf) or isinstance(needed, Leaf):
        fits = isinstance(found, Leaf) and isinstance(needed, Leaf) and found.shape == needed.shape
        return {found.name: needed.name} if fits else None  # type: ignore[union-attr]
    pairs = _pairs(found, needed, ordered)
    if pairs is None:
        return None
    names: dict[str, str] = {}
    for theirs, ours in pairs.items():
        below = _match(found[theirs], needed[ours], ordered)
        if below is None:
            return None
        names |= below
    return names


def _pairs(found: Tree, needed: Tree, ordered: bool) -> dict[str, str] | None:
    """The branches of two trees that belong together: those of the same name, and modules at the same place."""
    others = {i: name for i, name in enumerate(found) if name not in needed}
    missing = {i: name for i, name in enumerate(needed) if name not in found}
    same_places = others.keys() == missing.keys() if ordered else len(others) == len(missing) <= 1
    modules = all(not name.isdecimal() and not isinstance(found[name], Leaf) for name in others.values()) and all(
        not name.isdecimal() and not isinstance(needed[name], Leaf) for name in missing.values()
    )
    if len(found) != len(needed) or not same_places or not modules:
        return None
    return {name: name for name in found if name in needed} | dict(zip(others.values(), missing.values(), strict=True))
