"""The exported code: it runs by itself, and ends with the bits of the run."""

import ast
import dataclasses
import io
import itertools
import json
import os
import random
import subprocess
import sys
import tokenize
from pathlib import Path

import nbformat
import pytest
import torch
from matplotlib import pyplot as plt

import wb_core as wb
from tests.core import plain
from tests.core.exported import assert_same_bits, code_of, execute, saved_by
from tests.runs import finished
from tests.width import cases

OPTIMIZERS = ({"optimizer": "sgd"}, {"optimizer": "sgd", "momentum": 0.9}, {"optimizer": "adam"})
FILES = {"parameter": "01_pytorch_workflow_model_0.pth", "linear": "01_pytorch_workflow_model_1.pth"}

CHANGES = [
    {"weight": -1.25}, {"weight": 1e4}, {"bias": 0.0}, {"bias": -0.1},
    {"start": -5.0}, {"end": 3.7}, {"step": 0.3}, {"step": 0.0001}, {"start": -1000.0, "end": 1000.0, "step": 1.0},
    {"noise": 0.01}, {"noise": 0.5}, {"noise": 1000.0}, {"noise": 0.2, "seed": 7},
    {"train_fraction": 0.001}, {"train_fraction": 0.5}, {"train_fraction": 0.999}, {"step": 0.5, "train_fraction": 0.1},
    {"momentum": 0.5}, {"momentum": 0.99}, {"lr": 1e-5}, {"lr": 0.5}, {"lr": 1e3}, {"lr": 1e-300},
    {"epochs": 1}, {"epochs": 137}, {"seed": 0}, {"seed": 2**31}, {"seed": 2**32 - 1}, {"device": "auto"},
]  # fmt: skip
BY_HAND = [{"model": model, "init": "0.5,-1.2"} for model in plain.MODELS]
DIVERGING = [
    {"loss": "mse", "lr": 1.0, "epochs": 1000},
    {"loss": "mse", "lr": 1000.0, "epochs": 1000, "model": "linear"},
    {"loss": "mse", "lr": 2.0, "momentum": 0.9, "epochs": 1000},
    {"loss": "mse", "lr": 1.0, "epochs": 1000, "start": -5.0, "noise": 0.3, "model": "linear"},
]
STARTS = [
    ({"model": model, **optimizer}, start)
    for model, optimizer in itertools.product(plain.MODELS, OPTIMIZERS)
    for start in ({"weight": -1.5, "bias": 2.25}, {"weight": torch.tensor(0.1).item(), "bias": 0.0})
]


def random_config(rng: random.Random) -> wb.LinearConfig:
    start, step = rng.uniform(-5, 5), rng.uniform(0.005, 0.5)
    return wb.LinearConfig(
        weight=rng.uniform(-2, 2),
        bias=rng.uniform(-2, 2),
        start=start,
        end=start + rng.randint(3, 200) * step,
        step=step,
        noise=rng.choice([0.0, rng.uniform(0, 0.5)]),
        train_fraction=rng.uniform(0.05, 0.95),
        model=rng.choice(sorted(plain.MODELS)),
        loss=rng.choice(sorted(plain.LOSSES)),
        optimizer=rng.choice(["sgd", "adam"]),
        momentum=rng.choice([0.0, 0.9, rng.uniform(0, 0.99)]),
        lr=10 ** rng.uniform(-4, 0.5),
        epochs=rng.randint(1, 120),
        seed=rng.randint(0, 2**32 - 1),
    )


def corpus() -> dict[str, tuple[wb.LinearConfig, dict[str, float] | None]]:
    """Name -> config and initial weights (None: the seed's)."""
    short = {"epochs": 40}
    every = [
        {"model": model, "loss": loss, **optimizer}
        for model, loss, optimizer in itertools.product(plain.MODELS, plain.LOSSES, OPTIMIZERS)
    ]
    known = [{}, *every, *CHANGES, *BY_HAND, *DIVERGING]
    found = [(wb.LinearConfig(**{**short, **settings}), None) for settings in known]
    found += [(wb.LinearConfig(**short, **settings), start) for settings, start in STARTS]
    found += [(wb.LinearConfig(loss="mse", model=model), {"weight": 2.0**100, "bias": 0.0}) for model in plain.MODELS]
    rng = random.Random(50)
    found += [(random_config(rng), None) for _ in range(cases(30))]
    return {f"{number:03}": case for number, case in enumerate(found)}


CORPUS = corpus()
DIVERGING_NAME = next(name for name, (config, _) in CORPUS.items() if config.epochs == 1000)
# These notebooks are run: one diverges, one has a start. For all others, a test compares cells and script.
NOTEBOOKS = ["000", DIVERGING_NAME, next(name for name, (_, start) in CORPUS.items() if start)]
WRITERS = {"py": wb.to_script, "ipynb": wb.to_notebook}


def write(folder: Path, kind: str, name: str) -> Path:
    config, start = CORPUS[name]
    path = folder / f"{name}.{kind}"
    path.write_text(WRITERS[kind](config, start=start), encoding="utf-8", newline="\n")
    return path


def run_of(name):
    config, start = CORPUS[name]
    return finished(config, start=start)


def assert_ends_as(run, home, names=None):
    """Compare the saved model, and the one in memory, with the run's."""
    if names is not None:
        assert_same_bits(names["model"].state_dict(), run.model.state_dict())
    name, saved = saved_by(home)
    assert name == FILES[run.config.model]
    assert_same_bits(saved, run.model.state_dict())


def assert_prints_the_losses_of(run, printed):
    rows = [run.history.row(epoch) for epoch in range(0, run.epoch, 10)]
    losses = [f"Train loss: {row['train_loss']:.4f} | Test loss: {row['test_loss']:.4f}" for row in rows]
    expected = [f"Epoch: {10 * i} | {loss}" for i, loss in enumerate(losses)]
    if run.diverged_at is not None:
        expected.append(f"Epoch: {run.diverged_at} | The numbers grew beyond all bounds: stopped.")
    assert [line for line in printed if line.startswith("Epoch: ")] == expected
    assert printed[0] == torch.__version__
    assert printed[-1] == "tensor(True)"


@pytest.mark.parametrize("name", CORPUS)
def test_a_script_ends_with_the_bits_and_prints_the_losses_of_the_run(name, tmp_path):
    config, start = CORPUS[name]
    names, printed = execute(wb.to_script(config, start=start), tmp_path)
    run = run_of(name)
    assert_ends_as(run, tmp_path, names)
    assert_prints_the_losses_of(run, printed)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_ends_with_the_bits_of_the_run(name, tmp_path):
    config, start = CORPUS[name]
    names, _printed = execute(code_of(wb.to_notebook(config, start=start)), tmp_path)
    assert_ends_as(run_of(name), tmp_path, names)


def test_the_corpus_has_runs_that_diverge_late_at_once_and_never():
    ends = [run_of(name).diverged_at for name in CORPUS]
    assert ends.count(0) >= 2
    assert sum(end is not None and end > 1 for end in ends) >= 3
    assert ends.count(None) > 50 + cases(30)


def run_alone(*command: object, cwd: Path) -> str:
    """Run a command that does not know this repository, with plots drawn but not shown."""
    environment = {**os.environ, "MPLBACKEND": "Agg"}
    done = subprocess.run(map(str, command), cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_script_run_by_itself_ends_with_the_bits_and_prints_the_losses_of_the_run(tmp_path):
    printed = run_alone(sys.executable, "-I", write(tmp_path, "py", DIVERGING_NAME), cwd=tmp_path)
    run = run_of(DIVERGING_NAME)
    assert_ends_as(run, tmp_path)
    assert_prints_the_losses_of(run, printed.splitlines())


@pytest.mark.parametrize(
    "name", [*list(CORPUS)[::25], *(n for n, (config, _) in CORPUS.items() if config.epochs == 1000)]
)
def test_the_plots_can_be_drawn_for_any_numbers(name, tmp_path):
    """The other tests plot nothing."""
    drawn = []

    def show():
        plt.savefig(tmp_path / f"{len(drawn)}.png")
        drawn.append(len(plt.gcf().axes))
        plt.close()

    config, start = CORPUS[name]
    execute(wb.to_script(config, start=start), tmp_path, show)
    assert drawn == [1, 1, 1]


class TestText:
    @pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
    def test_the_same_config_gives_the_same_file(self, write):
        for config, start in CORPUS.values():
            assert write(config, start=start) == write(dataclasses.replace(config), start=start)
        cases = {(config, tuple(start.items()) if start else None) for config, start in CORPUS.values()}
        assert len({write(config, start=start) for config, start in CORPUS.values()}) == len(cases)

    def test_a_notebook_is_valid_and_has_the_code_of_the_script(self):
        for config, start in CORPUS.values():
            notebook = nbformat.reads(wb.to_notebook(config, start=start), as_version=nbformat.NO_CONVERT)
            nbformat.validate(notebook)
            assert (notebook.nbformat, notebook.metadata.kernelspec.name) == (4, "python3")
            kinds = [cell.cell_type for cell in notebook.cells]
            assert kinds == ["markdown", *["markdown", "code"] * (len(kinds) // 2)]
            code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
            script = wb.to_script(config, start=start)
            assert [part.split("\n", 2)[2] for part in script.rstrip("\n").split("\n\n\n# ")[1:]] == code

    def test_a_script_is_well_formed_for_a_linter_and_a_formatter(self, tmp_path):
        for name, (_, start) in CORPUS.items():
            if start is None or start["weight"] < 1e16:  # Python writes 1e+30, the formatter 1e30
                write(tmp_path, "py", name)
        for command in (["check", "--select=E,F,W,I,B"], ["format", "--check"]):
            ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--line-length=120"]
            run_alone(*ruff, tmp_path, cwd=tmp_path)

    def test_a_script_imports_only_torch_and_matplotlib(self):
        for config, start in CORPUS.values():
            modules = set()
            for node in ast.walk(ast.parse(wb.to_script(config, start=start))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    modules.add(node.module.split(".")[0])
            assert modules == {"torch", "matplotlib", "copy", "pathlib"}

    def test_only_comments_are_translated(self):
        def say(text):
            return f"«{text}»"

        for config, start in CORPUS.values():
            script, said = wb.to_script(config, start=start), wb.to_script(config, say, start=start)
            assert ast.dump(ast.parse(script)) == ast.dump(ast.parse(said))
            tokens = tokenize.generate_tokens(io.StringIO(said).readline)
            comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
            assert len(comments) > 30
            for comment in comments:
                text = comment.removeprefix("# ").lstrip("0123456789. ")
                assert text[0] + text[-1] == "«»", comment
            for cell in json.loads(wb.to_notebook(config, say, start=start))["cells"]:
                if cell["cell_type"] == "markdown":
                    text = "".join(cell["source"]).lstrip("# 0123456789.")
                    assert text[0] + text[-1] == "«»"


ONE_AT_A_TIME = [
    ("weight", 1.5, "weight = 1.5", "0.7"),
    ("bias", -0.25, "bias = -0.25", "0.3"),
    ("start", -1.0, "start = -1.0", "0.0"),
    ("end", 2.0, "end = 2.0", "1.0"),
    ("step", 0.05, "step = 0.05", "0.02"),
    ("noise", 0.1, "noise = 0.1", "0.0"),
    ("train_fraction", 0.5, "train_split = int(0.5 * len(X))", "0.8"),
    ("model", "linear", "class LinearRegressionModelV2(nn.Module):", "LinearRegressionModel"),
    ("loss", "mse", "loss_fn = nn.MSELoss()", "nn.L1Loss"),
    ("loss", "huber", "loss_fn = nn.HuberLoss()", "nn.L1Loss"),
    ("optimizer", "adam", "optimizer = torch.optim.Adam(", "torch.optim.SGD"),
    ("momentum", 0.9, "    momentum=0.9,", "0.0"),
    ("lr", 0.02, "    lr=0.02,", "0.01"),
    ("epochs", 200, "epochs = 200", "100"),
    ("seed", 7, "RANDOM_SEED = 7", "42"),
    ("device", "cuda", 'device = "cuda"', '"cpu"'),
    ("device", "auto", ")", '"cpu"'),
]


class TestChangedLines:
    def test_the_default_script_has_no_changed_lines(self):
        script = wb.to_script(wb.LinearConfig())
        assert wb.changed_lines(wb.LinearConfig()) == ()
        assert "changed" not in script
        for absent in ("noise", "momentum", "min(", "foreach", "checkpoint"):
            assert absent not in script

    def test_every_changed_setting_changes_a_line(self):
        elsewhere = {"init", "schedule", "points", "shuffle", "standardise"}  # several lines, or tests of their own
        names = {field.name for field in dataclasses.fields(wb.LinearConfig)} - elsewhere
        assert {name for name, *_ in ONE_AT_A_TIME} == names

    @pytest.mark.parametrize(("name", "value", "line", "default"), ONE_AT_A_TIME)
    def test_the_line_of_a_changed_setting_has_a_comment_and_is_marked(self, name, value, line, default):
        config = wb.LinearConfig(**{name: value})
        script = wb.to_script(config).splitlines()
        [number] = [number for number, text in enumerate(script, start=1) if "changed" in text]
        assert script[number - 1] == f"{line}  # changed from {default}"
        assert number in wb.changed_lines(config)

    def test_exactly_the_lines_missing_in_the_default_script_are_marked(self):
        default = set(wb.to_script(wb.LinearConfig()).splitlines())
        for config, start in CORPUS.values():
            script = wb.to_script(config, start=start).splitlines()
            marked = wb.changed_lines(config, start=start)
            assert {number for number, line in enumerate(script, start=1) if line not in default} <= set(marked)
            assert all(script[number - 1].strip() for number in marked)
            rest = [line for number, line in enumerate(script, start=1) if number not in marked and line]
            assert rest == [line for line in rest if line in default]

    def test_the_same_lines_are_marked_in_every_language(self):
        for config, start in CORPUS.values():
            said = wb.changed_lines(config, lambda text: f"«{text}»", start=start)
            assert said == wb.changed_lines(config, start=start)

    def test_an_unused_setting_does_not_appear(self):
        adam = wb.LinearConfig(optimizer="adam")
        assert wb.to_script(dataclasses.replace(adam, momentum=0.9)) == wb.to_script(adam)
