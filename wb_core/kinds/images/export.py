"""The code of an image run as a workflow, cell by cell, with the run's settings.

The code computes the same bits as `Run` with one thread on the same kind of processor: it sets the seed before the
model and again before the training, and when the numbers overflow it stops at the last good epoch.
"""

from typing import Any

from ...base import workflow_steps
from ...base.fields import N_
from ...base.workflow import Cell, Pen, Say, Workflow
from . import export_code as code
from . import export_data_code as data
from .config import ImageConfig

_LARGEST = N_("The largest of the ten numbers is the prediction.")


def image_workflow(config: ImageConfig, say: Say, start: Any) -> Workflow:
    """The code of an image run that starts with the seed's weights, or with those of the checkpoint file `start`."""
    if not isinstance(start, str | None):
        raise TypeError("the start of an image run is the name of a checkpoint file")
    pen = Pen(config, say)
    bits = say(N_("With PyTorch {version} and the same kind of CPU you get exactly the page's numbers."))
    return Workflow(
        say(N_("Pictures of clothes with PyTorch")),
        (workflow_steps.needs(pen), bits.format(version=workflow_steps.version())),
        (
            pen.cell(
                N_("Libraries"),
                N_("Python's own tools, PyTorch with its building blocks (nn), and pyplot for the pictures."),
                "import gzip",
                "import hashlib",
                "import os" if config.data_dir is None else None,
                data.LIBRARIES,
            ),
            workflow_steps.start(pen, one_thread=True),
            _files(pen),
            _data(pen),
            pen.cell(
                N_("Look at the data"),
                N_("Nine pictures and what they show. If a window opens, close it to continue."),
                pen.code(data.PICTURES, channel=N_("a picture has one channel: gray")),
            ),
            _batches(pen),
            _model(pen, start),
            pen.cell(
                N_("Loss and optimizer"),
                N_("The loss measures how wrong the model is; the optimizer makes it smaller."),
                workflow_steps.loss_fn(pen),
                *workflow_steps.optimizer(pen),
            ),
            pen.cell(
                N_("Accuracy and test"),
                N_("The share of right predictions, in percent, on pictures the model never trained on."),
                pen.code(
                    code.TEST,
                    testing=N_("no gradients, no step"),
                    largest=_LARGEST,
                    mean=N_("The mean over the batches, like in the course. The page shows the share of all pictures."),
                ),
            ),
            _training(pen),
            pen.cell(
                N_("Loss curves"),
                N_("How wrong the model was, batch by batch and epoch by epoch. Lower is better."),
                code.CURVES,
            ),
            pen.cell(
                N_("Predictions"),
                N_("What the model predicts for the first nine test pictures: green is right, red is wrong."),
                pen.code(code.PREDICTIONS, largest=_LARGEST),
            ),
            pen.cell(
                N_("Confusion matrix"),
                N_("How often each class was predicted as each other one. Right predictions are on the diagonal."),
                pen.code(code.CONFUSION, rows=N_("a row for each true class")),
            ),
            workflow_steps.save(pen, code.FILES[config.model]),
            pen.cell(
                N_("Load it again"),
                N_("A new model loads the parameters from the file. True: all its predictions are the same."),
                code.LOAD.format(model=code.CLASSES[config.model]),
            ),
        ),
    )


def _files(pen: Pen[ImageConfig]) -> Cell:
    folder = pen.config.data_dir
    path = f'os.getenv("WB_DATA_DIR") or "{data.FOLDER}"' if folder is None else _quoted(folder)
    return pen.cell(
        N_("Files"),
        N_("70,000 pictures of clothes by Zalando. Files missing from this folder are downloaded (31 MB)."),
        pen.setting("data_dir", f"DATA_PATH = Path({path})", lambda _: f'"{data.FOLDER}"'),
        pen.code(
            data.DOWNLOAD,
            checksums=N_("of the unpacked files"),
            packed=N_("not a gzip file, or its end is missing"),
            network=N_("no network, certificate, permission or space"),
        ),
    )


def _data(pen: Pen[ImageConfig]) -> Cell:
    small = pen.code(
        data.SMALL,
        small=N_("A tenth of the pictures is enough to start with: the first of each class."),
        order=N_("in their original order"),
    )
    return pen.cell(
        N_("Data"),
        N_("Pictures for training, others for the test, and the class number of each."),
        pen.code(
            data.READ,
            header=N_("the first bytes hold the number of pictures"),
            floats=N_("from 0 (black) to 1 (white)"),
        ),
        pen.setting(
            "dataset",
            'X_train, y_train = read_pictures("train")',
            lambda _: pen.say(N_("the first 600 of each class")),
        ),
        data.TEST_SET,
        small if pen.config.dataset == "fashion_mnist_small" else None,
        "",
        "print(X_train.shape, y_train.shape, X_test.shape, y_test.shape)",
    )


def _batches(pen: Pen[ImageConfig]) -> Cell:
    return pen.cell(
        N_("Batches"),
        N_("The model sees a few pictures at a time; a DataLoader hands them out."),
        pen.setting("batch_size", f"BATCH_SIZE = {pen.config.batch_size}"),
        pen.code(data.LOADERS, shuffle=N_("in a new order every epoch")),
    )


def _model(pen: Pen[ImageConfig], start: str | None) -> Cell:
    config, name = pen.config, code.CLASSES[pen.config.model]
    loaded = [
        "",
        workflow_steps.checkpoint_comment(pen),
        f"checkpoint = torch.load(f={_quoted(start or '')}, map_location=device, weights_only=True)",
        "model.load_state_dict(checkpoint)",
    ]
    return pen.cell(
        N_("Model"),
        N_("It turns a picture into ten numbers, one per class. What it learns starts out random."),
        pen.setting("model", f"class {name}(nn.Module):", code.CLASSES.__getitem__),
        pen.code(
            code.BODIES[config.model],
            flatten=N_("all numbers in one row"),
            relu=N_("what is below zero becomes zero"),
            window=N_("looks at 3 by 3 pixels"),
            pool=N_("half as wide and half as high: 14 by 14"),
            pool_again=N_("and again: 7 by 7"),
            answer=N_("one score per class"),
        ),
        "",
        "",
        pen.setting("hidden_units", f"hidden_units = {config.hidden_units}"),
        "torch.manual_seed(RANDOM_SEED)",
        f"model = {name}(hidden_units).to(device)",
        *(loaded if start is not None else []),
        "print(model)",
    )


def _training(pen: Pen[ImageConfig]) -> Cell:
    return pen.cell(
        N_("Training loop"),
        N_("For every batch, the same five lines take one training step. After every epoch comes a test."),
        pen.setting("epochs", f"epochs = {pen.config.epochs}"),
        pen.code(
            code.LOOP,
            **workflow_steps.LOOP_COMMENTS,
            seed=N_("it sets the order of the batches"),
            zero_grad=N_("3. clear the last batch's gradients"),
        ),
    )


def _quoted(text: str) -> str:
    """A string as a Python literal, in double quotes unless that needs more backslashes."""
    code = repr(text)
    return code if '"' in code else f'"{code[1:-1]}"'
