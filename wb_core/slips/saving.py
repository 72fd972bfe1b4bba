"""Slips in saving and loading a model."""

from ..base.fields import N_
from .before import DATA, FOLDER, IMPORTS, MODEL, MODEL_0, MODEL_V2, SEED
from .slip import Slip, snippet

TWO_MODELS = (
    MODEL + MODEL_V2 + SEED + "model_0 = LinearRegressionModel()" + SEED + "model_1 = LinearRegressionModelV2()\n"
)

LOAD_STATE_DICT = Slip(
    id="load_state_dict",
    title=N_("load_state_dict() with nothing to load"),
    where=N_("Chapter 1 · loading the model"),
    lesson=N_(
        "`load_state_dict` puts saved parameters into a model, so you have to pass them. The notes expect random "
        "numbers from the empty call, but those are already there, from the line that made the model."
    ),
    avoid=N_("“missing 1 required positional argument” means something belongs between the parentheses."),
    before=IMPORTS
    + MODEL_0
    + """
MODEL_SAVE_PATH = MODEL_PATH / "01_pytorch_workflow_model_0.pth"
torch.save(obj=model_0.state_dict(), f=MODEL_SAVE_PATH)
""",
    faulty=snippet("""
          print(model_0.state_dict())
          loaded_model_0 = LinearRegressionModel()
        > loaded_model_0.load_state_dict()
          print(loaded_model_0.state_dict())
    """),
    repaired=snippet("""
          print(model_0.state_dict())
          loaded_model_0 = LinearRegressionModel()
        > loaded_model_0.load_state_dict(torch.load(f=MODEL_SAVE_PATH))
          print(loaded_model_0.state_dict())
    """),
    raises=(TypeError,),
    note=FOLDER,
)

MODEL_0_SAVED = Slip(
    id="model_0_saved",
    title=N_("model_0 saved instead of model_1"),
    where=N_("Chapter 1 · saving the second model (6.5)"),
    lesson=N_(
        "The file is named after `model_1`, but its parameters are those of `model_0`. Saving works; only loading "
        "shows that the names inside belong to another model. If both models had the same names, you'd never notice."
    ),
    avoid=N_("Load a file right after you save it, and compare the predictions. Better now than in a month."),
    before=IMPORTS + TWO_MODELS,
    faulty=snippet("""
          MODEL_NAME = "01_pytorch_workflow_model_1.pth"
          MODEL_SAVE_PATH = MODEL_PATH / MODEL_NAME
        > torch.save(obj=model_0.state_dict(), f=MODEL_SAVE_PATH)

          loaded_model_1 = LinearRegressionModelV2()
          saved = torch.load(f=MODEL_SAVE_PATH)
          print(loaded_model_1.load_state_dict(saved))
    """),
    repaired=snippet("""
          MODEL_NAME = "01_pytorch_workflow_model_1.pth"
          MODEL_SAVE_PATH = MODEL_PATH / MODEL_NAME
        > torch.save(obj=model_1.state_dict(), f=MODEL_SAVE_PATH)

          loaded_model_1 = LinearRegressionModelV2()
          saved = torch.load(f=MODEL_SAVE_PATH)
          print(loaded_model_1.load_state_dict(saved))
    """),
    raises=(RuntimeError,),
    note=FOLDER,
)

LOADED_MODEL_0 = Slip(
    id="loaded_model_0",
    title=N_("Predictions from loaded_model_0"),
    where=N_("Chapter 1 · loading the second model (6.5)"),
    lesson=N_(
        "`loaded_model_1` was loaded, but the predictions come from `loaded_model_0`, left over from before. It's a "
        "model too, so there's no error, just another model's predictions."
    ),
    avoid=N_("The comparison is there to catch exactly this. Don't go on unless it says that all are equal."),
    before=IMPORTS
    + DATA
    + TWO_MODELS
    + """
loaded_model_0 = LinearRegressionModel()
loaded_model_0.load_state_dict(model_0.state_dict())
loaded_model_1 = LinearRegressionModelV2()
loaded_model_1.load_state_dict(model_1.state_dict())
with torch.inference_mode():
    y_preds = model_1(X_test)
""",
    faulty=snippet("""
          loaded_model_1.eval()
          with torch.inference_mode():
        >     loaded_model_preds = loaded_model_0(X_test)

          equal = y_preds == loaded_model_preds
          print(equal.sum().item(), "of", len(equal), "are equal")
    """),
    repaired=snippet("""
          loaded_model_1.eval()
          with torch.inference_mode():
        >     loaded_model_preds = loaded_model_1(X_test)

          equal = y_preds == loaded_model_preds
          print(equal.sum().item(), "of", len(equal), "are equal")
    """),
    compare=N_("Check how many predictions match the ones from before saving. All of them should."),
)
