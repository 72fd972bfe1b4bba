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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
import torch

import wb_core as wb
from tests.core import plain
from tests.runs import finished

RUN_EXPORTED = Path(__file__).with_name("run_exported.py")
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
    found = [(wb.LinearConfig(**{**short, **settings}), None) for settings in [{}, *every, *CHANGES, *DIVERGING]]
    found += [(wb.LinearConfig(**short, **settings), start) for settings, start in STARTS]
    found += [(wb.LinearConfig(loss="mse", model=model), {"weight": 2.0**100, "bias": 0.0}) for model in plain.MODELS]
    rng = random.Random(50)
    found += [(random_config(rng), None) for _ in range(30)]
    return {f"{number:03}": case for number, case in enumerate(found)}


CORPUS = corpus()
# These notebooks are run: one diverges, one has a start. For all others, a test compares cells and script.
NOTEBOOKS = [
    "000",
    next(n for n, (c, _) in CORPUS.items() if c.epochs == 1000),
    next(n for n in CORPUS if CORPUS[n][1]),
]
WRITERS = {"py": wb.to_script, "ipynb": wb.to_notebook}


def run_alone(*command: object, cwd: Path) -> str:
    """Run a command that does not know this repository, with plots drawn but not shown."""
    environment = {**os.environ, "MPLBACKEND": "Agg"}
    done = subprocess.run(map(str, command), cwd=cwd, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def write(folder: Path, kind: str, name: str) -> Path:
    config, start = CORPUS[name]
    path = folder / f"{name}.{kind}"
    path.write_text(WRITERS[kind](config, start=start), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """The final states of exported files that another process ran: all scripts, some notebooks."""

    def run_all(kind):
        folder = tmp_path_factory.mktemp(kind)
        for name in CORPUS if kind == "py" else NOTEBOOKS:
            write(folder, kind, name)
        run_alone(sys.executable, "-I", RUN_EXPORTED, folder, cwd=folder)
        return torch.load(folder / "states.pt")

    with ThreadPoolExecutor() as pool:  # two processes, each on its own core
        return {name: state for states in pool.map(run_all, WRITERS) for name, state in states.items()}


def assert_same_bits(state, expected):
    assert list(state) == list(expected)
    for name, tensor in expected.items():
        assert state[name].dtype == tensor.dtype == torch.float32
        assert torch.equal(state[name].view(torch.int32), tensor.view(torch.int32)), name


def run_of(name):
    config, start = CORPUS[name]
    return finished(config, start=start)


@pytest.mark.parametrize("file", [*(f"{name}.py" for name in CORPUS), *(f"{name}.ipynb" for name in NOTEBOOKS)])
def test_a_script_and_a_notebook_end_with_the_bits_of_the_run(file, states):
    run = run_of(file.partition(".")[0])
    found = states[file]
    assert_same_bits(found["model"], run.model.state_dict())
    [(saved_as, saved)] = found["files"].items()
    assert saved_as == f"models/{FILES[run.config.model]}"
    assert_same_bits(saved, run.model.state_dict())


def test_the_corpus_has_runs_that_diverge_late_at_once_and_never():
    ends = [run_of(name).diverged_at for name in CORPUS]
    assert ends.count(0) >= 2
    assert sum(end is not None and end > 1 for end in ends) >= 3
    assert ends.count(None) > 80


SCRIPTS = [{}, {"model": "linear", "loss": "mse", "lr": 1.0, "epochs": 1000}, CHANGES[12]]


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """The folder and the output of each script, run in its own process, all at once."""

    def run_one(settings):
        folder = tmp_path_factory.mktemp("script")
        (folder / "workflow.py").write_text(wb.to_script(wb.LinearConfig(**settings)), encoding="utf-8")
        return folder, run_alone(sys.executable, "-I", "workflow.py", cwd=folder)

    with ThreadPoolExecutor() as pool:
        return list(pool.map(run_one, SCRIPTS))


@pytest.mark.parametrize("number", range(len(SCRIPTS)))
def test_a_script_run_by_itself_prints_the_recorded_losses(number, scripts):
    config, (folder, text) = wb.LinearConfig(**SCRIPTS[number]), scripts[number]
    run = wb.Run(config)
    run.finish()
    assert_same_bits(torch.load(folder / "models" / FILES[config.model]), run.model.state_dict())
    printed = [line for line in text.splitlines() if line.startswith("Epoch: ")]
    rows = [run.history.row(epoch) for epoch in range(0, run.epoch, 10)]
    losses = [f"Train loss: {row['train_loss']:.4f} | Test loss: {row['test_loss']:.4f}" for row in rows]
    expected = [f"Epoch: {10 * i} | {loss}" for i, loss in enumerate(losses)]
    if run.diverged_at is not None:
        expected.append(f"Epoch: {run.diverged_at} | The numbers grew beyond all bounds: stopped.")
    assert printed == expected
    assert text.splitlines()[0] == torch.__version__
    assert text.splitlines()[-1] == "tensor(True)"


@pytest.mark.parametrize("name", ["000", "090"])
def test_a_notebook_run_by_itself_ends_with_the_bits_of_the_run(name, tmp_path):
    path = write(tmp_path, "ipynb", name)
    run_alone(sys.executable, "-I", RUN_EXPORTED, tmp_path, cwd=tmp_path)
    [(file, state)] = torch.load(tmp_path / "states.pt").items()
    assert file == path.name
    assert_same_bits(state["model"], run_of(name).model.state_dict())


def test_the_plots_can_be_drawn_for_any_numbers(tmp_path):
    """The other tests do not render the plots; here each is rendered."""
    diverging = [name for name, (config, _) in CORPUS.items() if config.epochs == 1000]
    code = "from matplotlib import pyplot as plt; plt.show = lambda: (plt.savefig('picture.png'), plt.close())\n"
    for name in ["000", *diverging]:
        path = write(tmp_path, "py", name)
        path.write_text(code + path.read_text(encoding="utf-8"), encoding="utf-8")
    run_alone(sys.executable, "-I", RUN_EXPORTED, tmp_path, cwd=tmp_path)


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
        assert {name for name, *_ in ONE_AT_A_TIME} == {field.name for field in dataclasses.fields(wb.LinearConfig)}

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
