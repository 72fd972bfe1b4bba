"""What a visitor has chosen to look at: which samples, which test picture, which cell of the confusion matrix."""

import random
from dataclasses import dataclass, field

SAMPLES = 16
NINE = 9


@dataclass
class ImageView:
    """The choices of one visit. They are clicks, not settings: a link does not carry them."""

    samples: int = 0  # a number that random pictures come from: another one gives others
    gallery: int = 0
    places: dict[str, int] = field(default_factory=dict)  # of the test picture that was chosen in each list
    cell: tuple[int, int] | None = None  # of the confusion matrix: the true class, and the one it was taken for

    def more_samples(self) -> None:
        self.samples += 1

    def more_gallery(self) -> None:
        self.gallery += 1
        self.places.pop("gallery", None)

    def choose(self, clicked: str, most: int, where: str) -> None:
        """Choose a picture of a list by its number, which comes from the browser as text."""
        if clicked.isdecimal() and len(clicked) < 7 and int(clicked) < most:
            self.places[where] = int(clicked)

    def place_in(self, where: str, count: int) -> int | None:
        """The picture chosen in a list, if it is one of `count`: it may have been chosen in a larger set."""
        place = self.places.get(where)
        return None if place is None or place >= count else place

    def choose_cell(self, clicked: str, classes: int) -> None:
        """Choose a cell by its text from the browser, such as "3-6"; the same again unselects it."""
        true, _, predicted = clicked.partition("-")
        if all(number.isdecimal() and len(number) < 4 and int(number) < classes for number in (true, predicted)):
            cell = int(true), int(predicted)
            self.cell = None if self.cell == cell else cell
            self.places.pop("cell", None)


def some(count: int, of: int, seed: int) -> list[int]:
    """`count` different places from 0 to `of` - 1; the same for the same seed."""
    return random.Random(seed).sample(range(of), min(count, of))  # noqa: S311  # pictures to look at, no secret
