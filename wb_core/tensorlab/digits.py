"""Numbers with more digits than anybody would count."""


def shortened(number: float) -> str:
    """A number as it is, or as 1e+40 if it has too many digits."""
    text = repr(number)
    if not isinstance(number, int) or len(text) <= 18:
        return text
    return f"{number:.3g}" if abs(number) < 10**300 else f"10^{len(text.lstrip('-')) - 1}"
