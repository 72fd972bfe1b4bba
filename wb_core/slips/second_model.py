"""Slips in the second model, which may be trained on a GPU."""

from ..base.fields import N_
from .before import DATA, IMPORTS, MODEL_0, MODEL_1, MODEL_V2
from .slip import Slip, snippet

MANULA_SEED = Slip(
    id="manula_seed",
    title=N_("torch.manula_seed"),
    where=N_("Chapter 1 · device-agnostic code (the second model)"),
    lesson=N_(
        "Two letters are swapped: the function is called `manual_seed`. It sets the seed that all random numbers "
        "follow from, so everyone starts with the same weights."
    ),
    avoid=N_("“has no attribute” means a typo in the name after the dot. Let the editor complete it with the Tab key."),
    before=IMPORTS + MODEL_V2,
    faulty=snippet("""
        > torch.manula_seed(42)
          model_1 = LinearRegressionModelV2()
          print(model_1.state_dict())
    """),
    repaired=snippet("""
        > torch.manual_seed(42)
          model_1 = LinearRegressionModelV2()
          print(model_1.state_dict())
    """),
    raises=(AttributeError,),
)

SGC = Slip(
    id="sgc",
    title=N_("torch.optim.SGC"),
    where=N_("Chapter 1 · device-agnostic code (6.3)"),
    lesson=N_(
        "The optimizer is called SGD, for stochastic gradient descent. `torch.optim` has no `SGC`, so there's no "
        "optimizer and no training."
    ),
    avoid=N_("“has no attribute” means a typo in the name after the dot. Let the editor complete it with the Tab key."),
    before=IMPORTS + MODEL_1,
    faulty=snippet("""
        > optimizer = torch.optim.SGC(
              params=model_1.parameters(), lr=0.01)
          print(type(optimizer))
    """),
    repaired=snippet("""
        > optimizer = torch.optim.SGD(
              params=model_1.parameters(), lr=0.01)
          print(type(optimizer))
    """),
    raises=(AttributeError,),
)

TWO_DEVICES = Slip(
    id="two_devices",
    title=N_("Tensors on two devices"),
    where=N_("Chapter 1 · loading the second model (6.5), with a GPU"),
    lesson=N_(
        "The notes move the data to `device`, but never `loaded_model_0`: its weights stay on the CPU. PyTorch only "
        "computes with tensors on the same device and never moves one by itself. Without a GPU, `device` is the CPU "
        "too, so you don't notice."
    ),
    avoid=N_(
        "Move both: `model.to(device)`, and `X_test = X_test.to(device)`, which returns a moved copy you have to keep."
    ),
    before=IMPORTS + DATA + MODEL_0.replace("model_0", "loaded_model_0"),
    faulty=snippet("""
          device = "cuda" if torch.cuda.is_available() else "meta"
          X_test = X_test.to(device)
          print(next(loaded_model_0.parameters()).device, X_test.device)
          with torch.inference_mode():
        >     loaded_model_preds = loaded_model_0(X_test)
          print(loaded_model_preds.shape, loaded_model_preds.device)
    """),
    repaired=snippet("""
          device = "cuda" if torch.cuda.is_available() else "meta"
          X_test = X_test.to(device)
        > loaded_model_0.to(device)
          print(next(loaded_model_0.parameters()).device, X_test.device)
          with torch.inference_mode():
              loaded_model_preds = loaded_model_0(X_test)
          print(loaded_model_preds.shape, loaded_model_preds.device)
    """),
    raises=(RuntimeError,),
    note=N_(
        "Without an NVIDIA GPU this runs on `meta`, a PyTorch device for trying things out: it has shapes but no "
        "values. The error is real all the same; on a GPU the wording is a little different."
    ),
)
