"""Pictures as tensors: one of random numbers, and one that can be recognized."""

import torch

from ..base.fields import N_
from .create import SECTION, SEED, random_numbers, seeded
from .lists import Sizes
from .operation import Operation, call
from .params import Pick

IMAGE = Operation(
    id="image",
    section=SECTION,
    name=N_("An image"),
    teaches=N_(
        "A picture is a tensor too: three sheets of numbers, one each for red, green and blue, 224 high and 224 "
        "wide. Random numbers make a picture of noise."
    ),
    params={
        "order": Sizes(
            torch="size",
            label=N_("Shape"),
            help=N_("Colors, height and width. Some programs put the colors last: 224, 224, 3."),
            default=(3, 224, 224),
        ),
        "seed": SEED,
    },
    run=lambda order, seed, rng_seed: torch.rand(order, generator=random_numbers(seed, rng_seed)),
    is_random=True,
    code=lambda order, seed: call("torch.rand", size=order),
    before=seeded,
    planned=lambda order, **_: order,
)


FACE_LINES = (
    'rows, columns = torch.meshgrid(torch.linspace(-1, 1, 48), torch.linspace(-1.33, 1.33, 64), indexing="ij")',
    "radius = (rows**2 + columns**2).sqrt()",
    "eyes = (columns.abs() - 0.3) ** 2 + (rows + 0.25) ** 2 < 0.02",
    "mouth = (0.45 < radius) & (radius < 0.6) & (rows > 0.15)",
    "face, sky = (radius < 0.9) & ~eyes & ~mouth, radius >= 0.9",
    "red, green, blue = 1.0 * face, 0.8 * face + 0.4 * sky, 0.8 * sky",
)


def _face(colors: str) -> torch.Tensor:
    """What the lines compute: float32, (48, 64, 3) or (3, 48, 64)."""
    rows, columns = torch.meshgrid(torch.linspace(-1, 1, 48), torch.linspace(-1.33, 1.33, 64), indexing="ij")
    radius = (rows**2 + columns**2).sqrt()
    eyes = (columns.abs() - 0.3) ** 2 + (rows + 0.25) ** 2 < 0.02
    mouth = (radius > 0.45) & (radius < 0.6) & (rows > 0.15)
    face, sky = (radius < 0.9) & ~eyes & ~mouth, radius >= 0.9
    sheets = [1.0 * face, 0.8 * face + 0.4 * sky, 0.8 * sky]
    return torch.stack(sheets, dim=-1 if colors == "last" else 0)


FACE = Operation(
    id="face",
    section=SECTION,
    name=N_("A face"),
    teaches=N_(
        "A drawn picture, 48 high and 64 wide. Image files and plotting tools keep the three colors last; PyTorch's "
        "layers want them first. Turn one into the other with permute, and see what reshape makes of it."
    ),
    params={
        "colors": Pick(
            torch="dim",
            label=N_("Colors"),
            help=N_("Where the three colors are in the shape: (48, 64, 3) or (3, 48, 64)."),
            default="last",
            options={"last": (N_("last: (48, 64, 3)"), "-1"), "first": (N_("first: (3, 48, 64)"), "0")},
        )
    },
    run=_face,
    code=lambda colors: f"torch.stack([red, green, blue], dim={colors})",
    before=lambda colors: FACE_LINES,
)

OPERATIONS = (IMAGE, FACE)
