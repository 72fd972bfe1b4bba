"""Lessons with tensors: shapes that must fit, shapes that fit too well, and tensors that share memory."""

from ...base.fields import N_
from ..conditions import Computed, Equal, Shape, SharedMemory
from ..lesson import ChoiceQuestion, Lesson, Mistake

BASKETS = "A_tensor_4x3v2v1v0v0v3v4v1v1v1v5v0v2*B_tensor_2x3v3v2v1v2v2v4"
COSTS = ((8, 6), (10, 22), (6, 8), (17, 18))
COSTS_BY_SHOP = tuple(zip(*COSTS, strict=True))

GUESSES = "A_tensor_3x1v21v18v25*B_tensor_3v20v18v24"
TOO_HIGH = (1, 0, 1)
TOO_LOW = (-1, 0, -1)

DAYS = "A_tensor_6v12v15v11v14v17v16"
MEASURED = (12, 15, 11, 14, 17, 16)
OVERWRITTEN = (99, 15, 11, 14, 17, 16)

LESSONS = (
    Lesson(
        id="shapes-that-fit",
        title=N_("Shapes that fit"),
        page="tensors",
        story=N_(
            "A says how many apples, pears and plums are in each of four baskets: 4 rows, 3 columns. B has the price "
            "of each fruit in two shops: 2 rows, 3 columns. The matrix product, `matmul`, takes a row of the first, a "
            "column of the second, multiplies number by number and adds up. These shapes don't fit yet."
        ),
        start={"shelf": BASKETS, "do": "matmul"},
        opened=("compute", "reshape"),
        question=ChoiceQuestion(
            N_("You want to know what each basket costs in each shop. Which shape will that table have?"),
            (
                N_("(4, 2): a row for each basket, a column for each shop"),
                N_("(4, 3): a row for each basket, a column for each fruit"),
                N_("(3, 3): a row and a column for each fruit"),
            ),
            answer=0,
        ),
        task=N_(
            "Save a table of what each basket costs in each shop: a row for each basket, a column for each shop. "
            "Compute it from A and B."
        ),
        conditions=(Equal(COSTS), Computed(BASKETS)),
        mistakes=(
            Mistake(
                (Equal(COSTS_BY_SHOP),),
                N_("The costs are right, but here each row is a shop. Swap rows and columns."),
            ),
            Mistake(
                (Shape((4, 2)),),
                N_(
                    "The shape is right, but the numbers aren't: a reshape of B mixes the prices of the two shops. You "
                    "need the transpose, which swaps rows and columns."
                ),
            ),
            Mistake(
                (Shape((3, 2)),),
                N_("There's a (3, 2) tensor now, and it fits: 3 columns meet 3 rows. Only the product is missing."),
            ),
        ),
        hints=(
            N_("The inner sizes must be equal: (4, **3**) fits (**3**, 2)."),
            N_("B is (2, 3). You need its transpose, `B.T`: rows and columns swapped, so (3, 2)."),
            N_("Under Compute, `torch.matmul`, set Transpose to “the second”. Then press “Save as C”."),
        ),
        par=2,
        why=N_(
            "A product needs equal inner sizes: (4, 3) and (3, 2) give (4, 2), and the 3 disappears. The transpose "
            "turned B so that each number of fruits met the price of that fruit."
        ),
        solution={"shelf": f"{BASKETS}*C_matmul_A_B_matmul_b", "do": "matmul_A_B_matmul_b"},
    ),
    Lesson(
        id="nine-differences",
        title=N_("Shapes that fit too well"),
        page="tensors",
        story=N_(
            "A model has guessed three temperatures: A, a column of shape (3, 1). The true ones are in B, a plain list "
            "of shape (3,). How far off is each guess? If two shapes aren't equal, PyTorch may stretch them until they "
            "fit. That's called broadcasting."
        ),
        start={"shelf": GUESSES, "do": "sub_A_number_B_1"},
        opened=("compute", "reshape"),
        question=ChoiceQuestion(
            N_("How many numbers does A - B have?"),
            (
                N_("3: each guess minus its own true value"),
                N_("9: each guess minus every true value"),
                N_("None: these shapes give an error"),
            ),
            answer=1,
        ),
        task=N_("Save the three differences, each guess minus its own true value: 21 - 20, 18 - 18, 25 - 24."),
        conditions=(Equal(TOO_HIGH, any_shape=True), Computed(GUESSES)),
        mistakes=(
            Mistake(
                (Shape((3, 3)),),
                N_(
                    "These are nine differences: each guess minus every true value. A loss would average them all, "
                    "without any error. Give A and B the same shape before you subtract."
                ),
            ),
            Mistake(
                (Equal(TOO_LOW, any_shape=True),),
                N_("That's true value minus guess. Swap left and right."),
            ),
            Mistake(
                (Shape(()),),
                N_("That's a single number, but each of the three guesses has its own difference."),
            ),
            Mistake(
                (Shape((3,), "A"), Shape((3,), "B")),
                N_("A and B have the same shape now. Subtract them, and save the result."),
            ),
        ),
        hints=(
            N_("Combine A with a tensor, B, and read what the page says about the result."),
            N_("Under Reshape, `squeeze` removes a dimension of size 1, and `unsqueeze` adds one."),
            N_("Make `A.squeeze()` and save it as A. Then save A - B as C."),
        ),
        par=3,
        why=N_(
            "(3, 1) and (3,) both stretch to (3, 3), so nobody complains, and a loss compares every guess with every "
            "true value. With equal shapes each guess meets its own."
        ),
        solution={"shelf": f"{GUESSES}*A_squeeze_A*C_sub_A_tensor_B", "do": "sub_A_tensor_B"},
    ),
    Lesson(
        id="view-or-copy",
        title=N_("One memory, two names"),
        page="tensors",
        story=N_(
            "A has the temperatures of six days. `view` shows them as a table of 2 rows, and it's fast, because it "
            "copies nothing: the table is another look at the same numbers in memory."
        ),
        start={"shelf": DAYS, "do": "view_A_2x3"},
        opened=("reshape",),
        question=ChoiceQuestion(
            N_("You save this table as B and write 99 into its first cell. What's the first number of A then?"),
            (N_("12, as before"), N_("99, too"), N_("PyTorch doesn't allow it: there's an error")),
            answer=1,
        ),
        task=N_(
            "Save a table with 2 rows of 3 days whose first number is 99, while the first number of A stays 12. To "
            "change a number, click it."
        ),
        conditions=(Equal(MEASURED, "A"), Equal((OVERWRITTEN[:3], OVERWRITTEN[3:])), Computed(DAYS, edits=True)),
        mistakes=(
            Mistake(
                (Equal(OVERWRITTEN, "A"), SharedMemory()),
                N_(
                    "A has changed, too: the table is a view, and both have the same memory. Undo, and make a copy "
                    "before you write."
                ),
            ),
            Mistake(
                (Equal(OVERWRITTEN, any_shape=True),),
                N_("You wrote 99 into a copy, and A is safe. Only the table of 2 rows is missing."),
            ),
            Mistake(
                (Equal((MEASURED[:3], MEASURED[3:])), SharedMemory(shared=False)),
                N_("This table is a copy with its own memory. Now write 99 into its first cell."),
            ),
            Mistake(
                (SharedMemory(),),
                N_(
                    "A view shares its memory with A: what you write into it shows in A, too. Save a copy of the "
                    "table, and write 99 into the copy."
                ),
            ),
        ),
        hints=(
            N_("Try it with `view` first, and watch A as you write 99. Undo takes it back."),
            N_("One of the operations under Reshape makes a copy with its own memory."),
            N_("Save `A.clone()` as B and `B.view(2, 3)` as C. Then change the first number of C to 99."),
        ),
        par=3,
        why=N_(
            "A view is a second name for the same memory, so every change shows in both. `clone` copies the numbers "
            "into a memory of their own."
        ),
        solution={"shelf": f"{DAYS}*B_clone_A*C_view_B_2x3*C_edit_0x0_99", "do": "view_B_2x3"},
    ),
)
