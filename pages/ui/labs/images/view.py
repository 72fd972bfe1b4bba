"""What the user has selected: samples, test images, a cell of the confusion matrix."""

import random
from dataclasses import dataclass, field

SAMPLES = 16
NINE = 9


@dataclass
class ImageView:
    """The selections of a session. They are not settings, so links do not contain them."""

    samples: int = 0  # seed of the random samples
    gallery: int = 0
    places: dict[str, int] = field(default_factory=dict)  # index of the selected test image, by list
    cell: tuple[int, int] | None = None  # of the confusion matrix: true and predicted class

    def more_samples(self) -> None:
        self.samples += 1

    def more_gallery(self) -> None:
        self.gallery += 1
        self.places.pop("gallery", None)

    def choose(self, clicked: str, most: int, where: str) -> None:
        """Select an image of a list by its number below `most`, which comes from the browser as text."""
        if clicked.isdecimal() and len(clicked) < 7 and int(clicked) < most:
            self.places[where] = int(clicked)

    def place_in(self, where: str, count: int) -> int | None:
        """The image selected in a list, if below `count`; it may have been selected in a larger data set."""
        place = self.places.get(where)
        return None if place is None or place >= count else place

    def choose_cell(self, clicked: str, classes: int) -> None:
        """Select a cell by text from the browser, such as "3-6"; selecting it again clears the selection."""
        true, _, predicted = clicked.partition("-")
        if all(number.isdecimal() and len(number) < 4 and int(number) < classes for number in (true, predicted)):
            cell = int(true), int(predicted)
            self.cell = None if self.cell == cell else cell
            self.places.pop("cell", None)


def some(count: int, of: int, seed: int) -> list[int]:
    """`count` different indices below `of`, determined by the seed."""
    return random.Random(seed).sample(range(of), min(count, of))  # noqa: S311  # not for cryptography
