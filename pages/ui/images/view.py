"""What a visitor has chosen to look at: which samples, which test picture, which cell of the confusion matrix."""

import random
from dataclasses import dataclass

SAMPLES = 16
NINE = 9


@dataclass
class ImageView:
    """The choices of one visit. They are clicks, not settings: a link does not carry them."""

    samples: int = 0  # a number that random pictures come from: another one gives others
    gallery: int = 0
    place: int | None = None  # of the test picture that was chosen, and the list in which it was
    where: str = "gallery"
    cell: tuple[int, int] | None = None  # of the confusion matrix: the true class, and the one it was taken for

    def more_samples(self) -> None:
        self.samples += 1

    def more_gallery(self) -> None:
        self.gallery, self.place, self.where = self.gallery + 1, None, "gallery"

    def choose(self, touched: str, most: int, where: str) -> None:
        """Choose a picture, by what the browser says was touched in a list."""
        if touched.isdecimal() and len(touched) < 7 and int(touched) < most:
            self.place, self.where = int(touched), where

    def place_in(self, count: int) -> int | None:
        """The picture that was chosen, if a set of so many has it: it may have been chosen from a larger one."""
        return None if self.place is None or self.place >= count else self.place

    def choose_cell(self, touched: str, classes: int) -> None:
        """Choose a cell, by what the browser says was touched: "3-6"; the same again lets go of it."""
        true, _, predicted = touched.partition("-")
        if all(number.isdecimal() and len(number) < 4 and int(number) < classes for number in (true, predicted)):
            cell = int(true), int(predicted)
            self.cell = None if self.cell == cell else cell
            if self.where == "cell":
                self.place, self.where = None, "gallery"


def some(count: int, of: int, seed: int) -> list[int]:
    """So many different places out of 0 to `of` - 1; the same for the same seed."""
    return random.Random(seed).sample(range(of), min(count, of))  # noqa: S311  # pictures to look at, no secret
