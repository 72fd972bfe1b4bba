"""Points with large numbers, which a network learns badly from, become standardized ones if the visitor agrees."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st

from ..i18n import _
from ..session import state

FAR = 20.0
"""Numbers further from 0 than this are large."""

DIGITS = 4


def draw(values: Sequence[tuple[Any, ...]], key: str) -> tuple[Sequence[tuple[Any, ...]], bool]:
    """The points (x1, x2, class), and whether they were standardized: for large numbers, there is a switch."""
    if max(abs(number) for x1, x2, _label in values for number in (x1, x2)) <= FAR:
        return values, False
    state.prime(key, True)
    wanted = st.toggle(_("Standardize"), key=key)
    st.caption(
        _(
            "A network learns badly from numbers far from 0. So each x1 and x2 is taken minus the mean of its column, "
            "divided by its standard deviation."
        )
    )
    return (standardised(values), True) if wanted else (values, False)


def standardised(values: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    """Each coordinate minus the mean of its column, divided by its standard deviation."""
    places = np.array([point[:2] for point in values], dtype=float)
    spread = places.std(axis=0)
    scaled = ((places - places.mean(axis=0)) / np.where(spread > 0, spread, 1)).round(DIGITS)
    return tuple((*place, label) for place, (_x1, _x2, label) in zip(scaled.tolist(), values, strict=True))
