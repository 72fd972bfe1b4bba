"""Slips with tensors."""

from ..base.fields import N_
from .before import DATA, IMPORTS, MODEL_0
from .slip import Slip, snippet

FLOAT_32 = Slip(
    id="float_32",
    title=N_("float_32 in the name, whole numbers inside"),
    where=N_("Chapter 0 · creating tensors"),
    lesson=N_(
        "`dtype=None` lets PyTorch choose the type, and 3, 4, 5 become whole numbers (`int64`). The name "
        "`float_32_tensor` promises decimal numbers, but a name changes nothing."
    ),
    avoid=N_("Give the type, `dtype=torch.float32`, and check `tensor.dtype` if you're not sure."),
    before=IMPORTS,
    faulty=snippet("""
          float_32_tensor = torch.tensor(
        >     ([3, 4, 5]), dtype=None,
              device=None, requires_grad=False)
          print(float_32_tensor)
          print(float_32_tensor.dtype)
    """),
    repaired=snippet("""
          float_32_tensor = torch.tensor(
        >     ([3, 4, 5]), dtype=torch.float32,
              device=None, requires_grad=False)
          print(float_32_tensor)
          print(float_32_tensor.dtype)
    """),
    compare=N_("Compare the type on the last line."),
)

RESHAPE = Slip(
    id="reshape",
    title=N_("Ten numbers, counted as nine"),
    where=N_("Chapter 0 · changing the shape (23 to 26)"),
    lesson=N_(
        "From 0 to 90 in steps of 10 there are ten numbers, not nine. `reshape` rearranges the same numbers; it "
        "never drops or adds any. So ten of them don't fit into 1 row of 9."
    ),
    avoid=N_("Look at `x.shape` first, or write `reshape(1, -1)`: PyTorch fills in the `-1` itself."),
    before=IMPORTS,
    faulty=snippet("""
          x = torch.arange(0, 100, 10)
          print(x.shape)
        > R = x.reshape(1, 9)
          print(R.shape)
    """),
    repaired=snippet("""
          x = torch.arange(0, 100, 10)
          print(x.shape)
        > R = x.reshape(1, 10)
          print(R.shape)
    """),
    raises=(RuntimeError,),
)

NUMPY = Slip(
    id="numpy",
    title=N_("numpy() on a tensor that needs a gradient"),
    where=N_("Chapter 0 · PyTorch and NumPy (28)"),
    lesson=N_(
        "The notes say that `.numpy()` needs a tensor on the CPU. It needs one more thing: a model's prediction "
        "carries a record of how it was computed (`requires_grad`), for `backward()`, and NumPy can't keep that "
        "record."
    ),
    avoid=N_(
        "`.detach()` gives the same numbers without the record. Predictions made under `torch.inference_mode()` "
        "never have one."
    ),
    before=IMPORTS + DATA + MODEL_0,
    faulty=snippet("""
          tensor = model_0(X_test)
          print(tensor.device, tensor.requires_grad)
        > array = tensor.numpy()
          print(array.dtype, array.shape)
    """),
    repaired=snippet("""
          tensor = model_0(X_test)
          print(tensor.device, tensor.requires_grad)
        > array = tensor.detach().numpy()
          print(array.dtype, array.shape)
    """),
    raises=(RuntimeError,),
)

CURLY_QUOTES = Slip(
    id="curly_quotes",
    title=N_("Curly quotes"),
    where=N_("Chapter 0 · using the GPU (31), and in many other lines"),
    lesson=N_(
        "A word processor turned the straight quotes into curly ones. They look almost the same, but Python only "
        "knows straight ones. With one curly quote in it, not even the first line of the program runs."
    ),
    avoid=N_("Write code in a code editor or a notebook. After pasting, retype the quotes."),
    before=IMPORTS,
    faulty=snippet("""
        > device = “cuda” if torch.cuda.is_available() else “cpu”
          print(device)
    """),
    repaired=snippet("""
        > device = "cuda" if torch.cuda.is_available() else "cpu"
          print(device)
    """),
    raises=(SyntaxError,),
)
