"""Slips in the data and the first model."""

from ..base.fields import N_
from .before import DATA, IMPORTS, MODEL_0, SEED, STAND_IN
from .slip import Slip, snippet

SCATTER = '''
class plt:
    """A stand-in for matplotlib, which is not installed: it records the labels of what is drawn."""

    labels = []

    def scatter(x, y, label):
        plt.labels.append(label)

    def legend():
        print("Legend:", plt.labels)
'''

TEST_DATA = Slip(
    id="test_data",
    title=N_("test_dat isn't test_data"),
    where=N_("Chapter 1 · plotting the data"),
    lesson=N_(
        "The function gets the test points as `test_dat` but uses `test_data`. Python finds no such name, but only "
        "when the line runs: defining the function works."
    ),
    avoid=N_("Call a new function once, right after you write it. An error about a name is nearly always a typo."),
    before=IMPORTS + DATA + SCATTER,
    faulty=snippet("""
          def plot_predictions(
              train_data=X_train, train_labels=y_train,
        >     test_dat=X_test, test_labels=y_test,
              predictions=None,
          ):
              plt.scatter(train_data, train_labels, label="Training data")
              plt.scatter(test_data, test_labels, label="Test data")
              plt.legend()

          plot_predictions()
    """),
    repaired=snippet("""
          def plot_predictions(
              train_data=X_train, train_labels=y_train,
        >     test_data=X_test, test_labels=y_test,
              predictions=None,
          ):
              plt.scatter(train_data, train_labels, label="Training data")
              plt.scatter(test_data, test_labels, label="Test data")
              plt.legend()

          plot_predictions()
    """),
    raises=(NameError,),
    note=STAND_IN,
)

REQUIRED_GRAD = Slip(
    id="required_grad",
    title=N_("required_grad instead of requires_grad"),
    where=N_("Chapter 1 · the first model"),
    lesson=N_(
        "`requires_grad=True` tells PyTorch to compute gradients for these numbers so they can be learned. "
        "`torch.randn` has no option `required_grad`, and PyTorch raises an error instead of guessing."
    ),
    avoid=N_(
        "Compare the name with the ones the error lists. An `nn.Parameter` tracks gradients anyway, so you can "
        "leave the option out."
    ),
    before=IMPORTS + SEED.lstrip(),
    faulty=snippet("""
          class LinearRegressionModel(nn.Module):
              def __init__(self):
                  super().__init__()
        >         self.weights = nn.Parameter(torch.randn(
        >             1, required_grad=True, dtype=torch.float))
                  self.bias = nn.Parameter(torch.randn(
                      1, requires_grad=True, dtype=torch.float))

              def forward(self, x: torch.Tensor) -> torch.Tensor:
                  return self.weights * x + self.bias

          model_0 = LinearRegressionModel()
          print(model_0.state_dict())
    """),
    repaired=snippet("""
          class LinearRegressionModel(nn.Module):
              def __init__(self):
                  super().__init__()
        >         self.weights = nn.Parameter(torch.randn(
        >             1, requires_grad=True, dtype=torch.float))
                  self.bias = nn.Parameter(torch.randn(
                      1, requires_grad=True, dtype=torch.float))

              def forward(self, x: torch.Tensor) -> torch.Tensor:
                  return self.weights * x + self.bias

          model_0 = LinearRegressionModel()
          print(model_0.state_dict())
    """),
    raises=(TypeError,),
)

Y_PREDS = Slip(
    id="y_preds",
    title=N_("A space in a name: y_ preds"),
    where=N_("Chapter 1 · first predictions"),
    lesson=N_(
        "A space ends a name. Python sees two names side by side, `y_` and `preds`, and has no rule for that, so it "
        "doesn't even start to run."
    ),
    avoid=N_("A name is one piece: use `_` instead of a space. “invalid syntax” means Python can't parse this line."),
    before=IMPORTS + DATA + MODEL_0,
    faulty=snippet("""
        > y_ preds = model_0(X_train)
          print(y_preds.shape)
    """),
    repaired=snippet("""
        > y_preds = model_0(X_train)
          print(y_preds.shape)
    """),
    raises=(SyntaxError,),
)
