"""Every slip by its id."""

from .model import REQUIRED_GRAD, TEST_DATA, Y_PREDS
from .saving import LOAD_STATE_DICT, LOADED_MODEL_0, MODEL_0_SAVED
from .second_model import MANULA_SEED, SGC, TWO_DEVICES
from .slip import Slip
from .tensors import CURLY_QUOTES, FLOAT_32, NUMPY, RESHAPE
from .testing import INDENTATION, TEST_LOOP, TRAIN_LABEL
from .training import COMMENTED_LOSS, LOSS_SHAPES, MODEL_TRAIN, OTHER_OPTIMIZER

IN_ORDER = (
    FLOAT_32,
    RESHAPE,
    NUMPY,
    CURLY_QUOTES,
    TEST_DATA,
    REQUIRED_GRAD,
    Y_PREDS,
    MODEL_TRAIN,
    COMMENTED_LOSS,
    LOSS_SHAPES,
    TEST_LOOP,
    TRAIN_LABEL,
    LOAD_STATE_DICT,
    MANULA_SEED,
    SGC,
    OTHER_OPTIMIZER,
    INDENTATION,
    MODEL_0_SAVED,
    LOADED_MODEL_0,
    TWO_DEVICES,
)

SLIPS: dict[str, Slip] = {slip.id: slip for slip in IN_ORDER}
"""From the id in a link to the slip, in the order of the course."""
