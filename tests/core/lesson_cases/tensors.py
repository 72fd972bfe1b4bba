"""Lessons with tensors."""

from wb_core.lessons.path.tensors import BASKETS, DAYS, GUESSES

from .cases import Cases


def after(shelf: str, steps: str) -> dict[str, str]:
    """The shelf of a lesson after some more steps."""
    return {"shelf": f"{shelf}*{steps}"}


CASES = {
    "shapes-that-fit": Cases(
        near=(after(BASKETS, "C_tensor_4x2v8v6v10v22v6v8v17v18"), after(BASKETS, "C_matmul_B_A_at_b")),
        mistakes=(
            after(BASKETS, "C_matmul_B_A_matmul_b"),
            after(BASKETS, "B_reshape_B_3x2*C_matmul_A_B"),
            after(BASKETS, "B_t_B"),
        ),
        also=(
            after(BASKETS, "B_t_B*C_matmul_A_B"),
            after(BASKETS, "C_matmul_B_A_matmul_b*D_t_C"),
            after(BASKETS, "B_permute_B_1x0*A_matmul_A_B_at"),
        ),
    ),
    "nine-differences": Cases(
        near=(after(GUESSES, "C_sub_A_tensor_A"), after(GUESSES, "C_tensor_3v1v0v1")),
        mistakes=(
            after(GUESSES, "C_sub_A_tensor_B"),
            after(GUESSES, "A_squeeze_A*C_sub_B_tensor_A"),
            after(GUESSES, "A_squeeze_A*C_sub_A_tensor_B*D_max_C*C_del"),
            after(GUESSES, "A_squeeze_A"),
        ),
        also=(
            after(GUESSES, "B_unsqueeze_B_1*C_sub_A_tensor_B"),
            after(GUESSES, "A_reshape_A_3*A_sub_A_tensor_B"),
            after(GUESSES, "A_t_A*C_sub_A_tensor_B"),
        ),
    ),
    "view-or-copy": Cases(
        near=(after(DAYS, "B_clone_A*C_view_B_2x3*C_edit_0x0_98"), after(DAYS, "B_view_A_3x2")),
        mistakes=(
            after(DAYS, "B_view_A_2x3*B_edit_0x0_99"),
            after(DAYS, "B_clone_A*B_edit_0_99"),
            after(DAYS, "B_view_A_2x3*C_clone_B*B_del"),
            after(DAYS, "B_view_A_2x3"),
        ),
        also=(
            after(DAYS, "B_view_A_2x3*C_clone_B*C_edit_0x0_99"),
            after(DAYS, "B_reshape_A_2x3*B_clone_B*B_edit_0x0_99"),
        ),
    ),
}
