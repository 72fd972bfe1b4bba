"""The code of an image run: it needs no torchvision, and ends with the bits of the run."""

import ast
import dataclasses
import gzip
import hashlib
import http.client
import io
import json
import os
import ssl
import subprocess
import sys
import tokenize
import urllib.error
import urllib.request
from unittest import mock

import nbformat
import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt

import wb_core as wb
from tests.core.exported import assert_same_bits, code_of, execute, saved_by
from tests.core.plain_images import mean_accuracy
from tests.runs import finished
from wb_core.kinds.images.data import fashion, small_set
from wb_core.kinds.images.data.idx import write_idx

FILES = {model: f"03_pytorch_computer_vision_model_{n}.pth" for n, model in enumerate(["linear", "relu", "tiny_vgg"])}
STANDARD = {"copy", "gzip", "hashlib", "http", "os", "pathlib", "timeit", "urllib", "zlib"}

FULL = wb.ImageConfig(dataset="fashion_mnist", epochs=2)
RUNS = {
    "linear": FULL,
    "relu, momentum": dataclasses.replace(FULL, model="relu", hidden_units=7, optimizer="sgd", momentum=0.9, lr=0.02),
    "tiny_vgg": dataclasses.replace(FULL, model="tiny_vgg", hidden_units=3, batch_size=64),
    "adam, batches of 17": dataclasses.replace(FULL, optimizer="adam", lr=0.003, seed=7, batch_size=17),
    "one batch, best device": dataclasses.replace(FULL, batch_size=1000, seed=2**32 - 1, device="auto"),
    "diverges at once": dataclasses.replace(FULL, lr=1000, epochs=3),
    "diverges later": dataclasses.replace(FULL, lr=1.4, momentum=0.99, epochs=9),
}
ONE_AT_A_TIME = [
    ("dataset", "fashion_mnist", 'X_train, y_train = read_pictures("train")', "the first 600 of each class"),
    ("data_dir", "/pictures", 'DATA_PATH = Path("/pictures")', '"data/fashion-mnist"'),
    ("model", "relu", "class FashionMNISTModelV1(nn.Module):", "FashionMNISTModelV0"),
    ("model", "tiny_vgg", "class FashionMNISTModelV2(nn.Module):", "FashionMNISTModelV0"),
    ("hidden_units", 16, "hidden_units = 16", "10"),
    ("batch_size", 64, "BATCH_SIZE = 64", "32"),
    ("optimizer", "adam", "optimizer = torch.optim.Adam(", "torch.optim.SGD"),
    ("momentum", 0.9, "    momentum=0.9,", "0.0"),
    ("lr", 0.02, "    lr=0.02,", "0.1"),
    ("epochs", 5, "epochs = 5", "3"),
    ("seed", 7, "RANDOM_SEED = 7", "42"),
    ("device", "cuda", 'device = "cuda"', '"cpu"'),
    ("device", "auto", ")", '"cpu"'),
]
TEXTS = [
    (wb.ImageConfig(), None),
    (wb.ImageConfig(), "my_checkpoint.pth"),
    (wb.ImageConfig(model="relu", dataset="fashion_mnist", data_dir="/pictures", device="auto"), None),
    (wb.ImageConfig(model="tiny_vgg", hidden_units=64, momentum=0.9, device="mps"), "it's mine.pth"),
    *((wb.ImageConfig(**{name: value}), None) for name, value, *_ in ONE_AT_A_TIME),
]


@pytest.fixture(scope="module")
def folder(few, tmp_path_factory):
    """The same images as the four files of the full set."""
    found = tmp_path_factory.mktemp("pictures")
    for part, pictures in (("train", few.train), ("test", few.test)):
        for name, numbers in zip(fashion.FILES[part], (pictures.pixels, pictures.y), strict=True):
            packed = gzip.compress(write_idx(numbers.to(torch.uint8).numpy()), compresslevel=1)
            (found / f"{name}.gz").write_bytes(packed)
    return found


@pytest.fixture(scope="module")
def full():
    found = fashion.find_folder()
    if found is None:
        pytest.skip("the full set is not on this machine")
    return found


def checksums_of(code):
    """The names and checksums of the files that a script expects."""
    table = code[code.index("CHECKSUMS = {") :].split("\n", 1)[1].split("}")[0]
    return ast.literal_eval("{" + table + "}")


def expecting(folder, code):
    """The script with the checksums of the files in `folder`."""
    for name, checksum in checksums_of(code).items():
        code = code.replace(checksum, hashlib.md5(gzip.decompress((folder / name).read_bytes())).hexdigest())
    return code


def assert_ends_as(run, names, printed, home):
    """Compare all numbers of the run, its file, and its test."""
    history = {name: list(run.history.column(name)) for name in ("train_loss", "test_loss")}
    assert history == {"train_loss": names["loss_values"], "test_loss": names["test_loss_values"]}
    assert np.array(names["batch_losses"], dtype=np.float32).tobytes() == run.batch_losses.tobytes()
    assert_same_bits(names["model"].state_dict(), run.model.state_dict())
    name, saved = saved_by(home)
    assert name == FILES[run.config.model]
    assert_same_bits(saved, run.model.state_dict())

    evaluation = run.test()
    assert torch.equal(names["y_logits"], evaluation.logits)
    counted = torch.zeros(10, 10, dtype=torch.int64)
    counted.index_put_((run.data.y_test, evaluation.logits.argmax(dim=1)), torch.tensor(1), accumulate=True)
    assert torch.equal(names["confusion"], counted)
    mean = mean_accuracy(evaluation.logits, run.data.y_test, run.config.batch_size)
    assert names["test_acc_values"][-1:] == [mean][: run.epoch]
    assert printed[-2:] == [f"Test loss: {evaluation.loss:.5f}, Test acc: {mean:.2f}%", "tensor(True)"]
    rows, means, count = list(map(run.history.row, range(run.epoch))), names["test_acc_values"], len(run.data.test)
    assert [line for line in printed if line.startswith("Train loss: ")] == [
        f"Train loss: {row['train_loss']:.5f} | Test loss: {row['test_loss']:.5f}, Test acc: {mean:.2f}%"
        for row, mean in zip(rows, means, strict=True)
    ]
    shares = [(round(row["test_accuracy"] * count / 100), row["test_accuracy"]) for row in rows]
    assert [line for line in printed if "Right of all pictures" in line] == [
        f"Test acc is the mean over the batches. Right of all pictures: {right}/{count} = {share:.2f}%"
        for right, share in shares
    ]
    stopped = [line for line in printed if line.endswith("The numbers grew beyond all bounds: stopped.")]
    assert len(stopped) == (run.diverged_at is not None)


class TestSameBits:
    @pytest.mark.parametrize("name", RUNS)
    def test_a_script_ends_with_the_bits_of_the_run(self, name, few, folder, tmp_path):
        config = dataclasses.replace(RUNS[name], data_dir=folder)
        run = finished(config, data=few)
        assert run.diverged_at in {"diverges at once": [0], "diverges later": range(1, 9)}.get(name, [None])
        before = torch.get_rng_state()
        assert_ends_as(run, *execute(expecting(folder, wb.to_script(config)), tmp_path), tmp_path)
        assert torch.equal(torch.get_rng_state(), before)

    def test_a_notebook_that_starts_from_a_checkpoint_ends_with_the_bits_of_the_run(self, few, folder, tmp_path):
        config = dataclasses.replace(FULL, data_dir=folder, epochs=1)
        checkpoint = wb.save_checkpoint(finished(dataclasses.replace(config, seed=5), data=few))
        (tmp_path / "my_checkpoint.pth").write_bytes(checkpoint)
        run = wb.ImageRun(config, data=few)
        wb.load_checkpoint(checkpoint, into=run)
        run.finish()
        code = code_of(wb.to_notebook(config, start="my_checkpoint.pth"))
        assert_ends_as(run, *execute(expecting(folder, code), tmp_path), tmp_path)

    @pytest.mark.slow
    def test_the_script_takes_the_small_set_from_the_full_one(self, full, monkeypatch, tmp_path):
        monkeypatch.setenv("WB_DATA_DIR", str(full))
        config = wb.ImageConfig(epochs=1)
        assert_ends_as(finished(config), *execute(wb.to_script(config), tmp_path), tmp_path)

    @pytest.mark.slow
    def test_a_script_run_by_itself_prints_the_published_figures(self, full, tmp_path):
        script = tmp_path / "computer_vision.py"
        script.write_text(wb.to_script(FULL), encoding="utf-8")
        environment = {**os.environ, "MPLBACKEND": "Agg", "WB_DATA_DIR": str(full)}
        command = [sys.executable, "-I", script.name]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
        printed = done.stdout.splitlines()
        assert [line for line in printed if line.startswith("Train loss: ")] == [
            "Train loss: 0.59039 | Test loss: 0.50954, Test acc: 82.04%",
            "Train loss: 0.47633 | Test loss: 0.47989, Test acc: 83.20%",
        ]
        seen = [f"Looked at {count}/60000 samples" for count in (0, 12800, 25600, 38400, 51200)]
        assert [line for line in printed if line.startswith("Looked at ")] == seen * 2
        assert [line for line in printed if line.startswith("Train time on cpu: ")]
        assert printed[-1] == "tensor(True)"

    @pytest.mark.parametrize("name", ["linear", "diverges at once"])
    def test_the_plots_can_be_drawn_for_any_numbers(self, name, folder, tmp_path):
        """The other tests plot nothing."""
        drawn = []

        def show():
            plt.savefig(tmp_path / f"{len(drawn)}.png")
            drawn.append([len(axes.images) + len(axes.lines) for axes in plt.gcf().axes])
            plt.close()

        execute(expecting(folder, wb.to_script(dataclasses.replace(RUNS[name], data_dir=folder))), tmp_path, show)
        assert drawn == [[1] * 9, [3, 1], [1] * 9, [1]]


def data_cells(config):
    """The script up to the tensors of images."""
    return wb.to_script(config).split("\n\n\n# 5. ")[0]


def ending(code, home):
    """The one line with which a script ends early."""
    with pytest.raises(SystemExit) as caught:
        execute(code, home)
    assert "\n" not in str(caught.value)
    return str(caught.value)


class TestData:
    URL = "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/"
    FIRST = "train-images-idx3-ubyte.gz"

    def test_the_checksums_are_those_of_the_full_set(self, full):
        code = wb.to_script(FULL)
        assert expecting(full, code) == code

    def test_missing_files_are_downloaded_once_and_checked(self, few, folder, monkeypatch, tmp_path):
        monkeypatch.delenv("WB_DATA_DIR", raising=False)
        asked, code = [], data_cells(FULL)

        def urlopen(url, timeout):
            asked.append(url)
            return (folder / url.rsplit("/", 1)[1]).open("rb")

        monkeypatch.setattr(urllib.request, "urlopen", urlopen)
        assert ending(code, tmp_path).endswith(f"{self.FIRST} is damaged or not the file it should be. Start again.")
        assert list(tmp_path.rglob("*.gz")) == []

        code = expecting(folder, code)
        for _ in range(2):
            names, printed = execute(code, tmp_path)
        assert asked == [self.URL + name for name in [self.FIRST, *checksums_of(code)]]
        assert not any(line.startswith("Downloading") for line in printed)
        assert {path.name for path in (tmp_path / "data" / "fashion-mnist").iterdir()} == checksums_of(code).keys()
        assert torch.equal(names["X_train"], few.X_train)
        assert torch.equal(names["y_test"], few.y_test)

    @pytest.mark.parametrize(
        "content",
        [b"", b"<!DOCTYPE html>", "cut off", gzip.compress(b"another file")],
        ids=["empty", "a web page", "cut off", "another file"],
    )
    def test_a_damaged_or_foreign_file_in_the_folder_is_named_with_the_remedy(self, folder, tmp_path, content):
        for name in fashion._names():
            (tmp_path / f"{name}.gz").write_bytes((folder / f"{name}.gz").read_bytes())
        last = tmp_path / "t10k-labels-idx1-ubyte.gz"
        last.write_bytes(last.read_bytes()[:-9] if content == "cut off" else content)
        code = expecting(folder, data_cells(dataclasses.replace(FULL, data_dir=tmp_path)))
        said = f"{last} is damaged or not the file it should be. Delete it and start again."
        assert ending(code, tmp_path) == said

    @pytest.mark.parametrize(
        "error",
        [
            urllib.error.URLError("[Errno -3] Temporary failure in name resolution"),
            urllib.error.URLError(ssl.SSLCertVerificationError("certificate verify failed")),
            http.client.IncompleteRead(b"half"),
            TimeoutError("timed out"),
        ],
        ids=["no network", "certificate", "broken off", "too slow"],
    )
    def test_a_failed_download_is_one_line_with_the_remedy(self, monkeypatch, tmp_path, error):
        monkeypatch.delenv("WB_DATA_DIR", raising=False)
        monkeypatch.setattr(urllib.request, "urlopen", mock.Mock(side_effect=error))
        said = ending(data_cells(FULL), tmp_path)
        assert str(error) in said
        assert f"download {self.URL}{self.FIRST} with a browser and put it into data/fashion-mnist" in said

    def test_the_small_set_is_the_first_images_of_each_class_in_order(self, few, folder, monkeypatch, tmp_path):
        monkeypatch.setenv("WB_DATA_DIR", str(folder))
        code = expecting(folder, data_cells(wb.ImageConfig())).replace("count=600", "count=9")
        names, _ = execute(code, tmp_path)
        places = small_set.first_of_each_class(few.y_train.numpy(), 9)
        assert len(places) == 90
        assert torch.equal(names["X_train"], few.X_train[places])
        assert torch.equal(names["y_train"], few.y_train[places])

    def test_the_classes_are_those_of_the_engine(self, folder, tmp_path):
        names, _ = execute(expecting(folder, data_cells(dataclasses.replace(FULL, data_dir=folder))), tmp_path)
        assert tuple(names["class_names"]) == fashion.CLASSES

    @pytest.mark.parametrize("name", ["it's", 'a "b"', 'it\'s "b"', "C:\\new\\x", "a\nb", "그림", "a\u2028b", "\udcff"])
    def test_any_folder_name_becomes_one_line_of_code(self, name):
        script = wb.to_script(wb.ImageConfig(data_dir=name))
        [line] = [line for line in script.splitlines() if line.startswith("DATA_PATH = ")]
        assert ast.literal_eval(line.removeprefix("DATA_PATH = Path(").split(")  # changed")[0]) == name
        assert script.encode()


class TestText:
    @pytest.mark.parametrize("write", [wb.to_script, wb.to_notebook])
    def test_the_same_config_gives_the_same_file(self, write):
        for config, start in TEXTS:
            assert write(config, start=start) == write(dataclasses.replace(config), start=start)
        assert len({write(config, start=start) for config, start in TEXTS}) == len(TEXTS)

    def test_a_notebook_is_valid_and_has_the_code_of_the_script(self):
        for config, start in TEXTS:
            notebook = nbformat.reads(wb.to_notebook(config, start=start), as_version=nbformat.NO_CONVERT)
            nbformat.validate(notebook)
            code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
            script = wb.to_script(config, start=start)
            for number, source in enumerate(code, start=1):
                part = script.split(f"\n\n\n# {number}. ")[1].split(f"\n\n\n# {number + 1}. ")[0]
                assert part.rstrip("\n").split("\n", 2)[2] == source

    def test_a_script_is_well_formed_for_a_linter_and_a_formatter(self, tmp_path):
        for number, (config, start) in enumerate(TEXTS):
            script = wb.to_script(config, start=start)
            assert max(map(len, script.splitlines())) <= 100
            (tmp_path / f"{number}.py").write_text(script, encoding="utf-8")
        for command in (["check", "--select=E,F,W,I,B"], ["format", "--check"]):
            ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache", "--line-length=120", tmp_path]
            done = subprocess.run(ruff, capture_output=True, text=True, timeout=300)
            assert done.returncode == 0, done.stdout + done.stderr

    def test_a_script_imports_only_torch_and_matplotlib(self):
        for config, start in TEXTS:
            modules = set()
            for node in ast.walk(ast.parse(wb.to_script(config, start=start))):
                if isinstance(node, ast.Import):
                    modules |= {alias.name.split(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    modules.add(node.module.split(".")[0])
            assert modules | {"os"} == {"torch", "matplotlib"} | STANDARD

    def test_only_the_chosen_model_appears(self):
        for config, start in TEXTS:
            tree = ast.parse(wb.to_script(config, start=start))
            [name] = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
            assert name == f"FashionMNISTModelV{list(FILES).index(config.model)}"

    def test_only_comments_are_translated(self):
        def say(text):
            return f"«{text}»"

        for config, start in TEXTS:
            script, said = wb.to_script(config, start=start), wb.to_script(config, say, start=start)
            assert ast.dump(ast.parse(script)) == ast.dump(ast.parse(said))
            tokens = tokenize.generate_tokens(io.StringIO(said).readline)
            comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
            assert len(comments) > 40
            for comment in comments:
                text = comment.removeprefix("# ").lstrip("0123456789. ")
                assert text[0] + text[-1] == "«»", comment
            for cell in json.loads(wb.to_notebook(config, say, start=start))["cells"]:
                if cell["cell_type"] == "markdown":
                    text = "".join(cell["source"]).lstrip("# 0123456789.")
                    assert text[0] + text[-1] == "«»"

    def test_a_start_of_another_kind_is_refused(self):
        with pytest.raises(TypeError, match="name of a checkpoint file"):
            wb.to_script(wb.ImageConfig(), start={"weight": 1.0, "bias": 0.0})
        with pytest.raises(TypeError, match="weight"):
            wb.to_notebook(wb.LinearConfig(), start="my_checkpoint.pth")


class TestChangedLines:
    def test_the_default_script_has_no_changed_lines(self):
        script = wb.to_script(wb.ImageConfig())
        assert wb.changed_lines(wb.ImageConfig()) == ()
        for absent in ("changed", "momentum", "foreach", "checkpoint"):
            assert absent not in script

    def test_every_changed_setting_changes_a_line(self):
        names = {field.name for field in dataclasses.fields(wb.ImageConfig)} - {"loss"}  # there is only one
        assert {name for name, *_ in ONE_AT_A_TIME} == names

    @pytest.mark.parametrize(("name", "value", "line", "default"), ONE_AT_A_TIME)
    def test_the_line_of_a_changed_setting_has_a_comment_and_is_marked(self, name, value, line, default):
        config = wb.ImageConfig(**{name: value})
        script = wb.to_script(config).splitlines()
        [number] = [number for number, text in enumerate(script, start=1) if "changed" in text]
        assert script[number - 1] == f"{line}  # changed from {default}"
        assert number in wb.changed_lines(config)

    def test_exactly_the_lines_missing_in_the_default_script_are_marked(self):
        default = set(wb.to_script(wb.ImageConfig()).splitlines())
        for config, start in TEXTS:
            script = wb.to_script(config, start=start).splitlines()
            marked = wb.changed_lines(config, start=start)
            assert {number for number, line in enumerate(script, start=1) if line not in default} <= set(marked)
            rest = {line for number, line in enumerate(script, start=1) if number not in marked and line}
            assert rest <= default
            assert wb.changed_lines(config, lambda text: f"«{text}»", start=start) == marked

    def test_the_lines_that_load_a_checkpoint_are_marked(self):
        script = wb.to_script(wb.ImageConfig(), start="my_checkpoint.pth").splitlines()
        loading = [script[number - 1] for number in wb.changed_lines(wb.ImageConfig(), start="my_checkpoint.pth")]
        assert loading == [
            "# This run didn't start from random numbers but from a checkpoint.",
            'checkpoint = torch.load(f="my_checkpoint.pth", map_location=device, weights_only=True)',
            "model.load_state_dict(checkpoint)",
        ]

    def test_an_unused_setting_does_not_appear(self):
        adam = wb.ImageConfig(optimizer="adam")
        assert wb.to_script(dataclasses.replace(adam, momentum=0.9)) == wb.to_script(adam)
