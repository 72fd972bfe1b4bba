"""Abbreviates numbers with very many digits."""


def shortened(number: float) -> str:
    """A number as Python writes it; an integer of more than 18 characters as 1e+40 or 10^400."""
    text = repr(number)
    if not isinstance(number, int) or len(text) <= 18:
        return text
    return f"{number:.3g}" if abs(number) < 10**300 else f"10^{len(text.lstrip('-')) - 1}"
