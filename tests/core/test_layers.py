"""The allowed imports, and what `import wb_core` does to a process."""

import ast
import inspect
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import wb_core as wb

ROOT = Path(__file__).parents[2]

# A package imports only packages of the rows above, and a kind never imports another kind.
LAYERS = [
    ["base"],
    ["kinds", "hardware", "tensorlab", "slips", "sandbox"],
    ["records"],
    ["jobs"],
    ["checkpoints", "tables", "sweeps", "export"],
    ["uploads", "lessons"],
]
KINDS = {path.parent.name for path in (ROOT / "wb_core" / "kinds").glob("*/__init__.py")}
LAYER = {module: layer for layer, modules in enumerate(LAYERS) for module in modules}


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def imports(name: str, tree: ast.AST, is_package: bool) -> set[str]:
    """The absolute names that a module imports, `from a import b` as "a.b"."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [node.module] if node.module else []
            if node.level:
                parts = name.split(".")
                base = parts[: len(parts) - node.level + is_package] + base
            found |= {".".join([*base, alias.name]) for alias in node.names}
    return found


def kind_of(name: str) -> str:
    """The kind whose folder a module is in, or ""."""
    parts = name.split(".")
    return parts[2] if parts[:2] == ["wb_core", "kinds"] and len(parts) > 2 and parts[2] in KINDS else ""


def core_breaches(name: str, imported: set[str]) -> list[str]:
    breaches = [
        f"{name} imports {other}"
        for other in imported
        if other.split(".")[0] in ("streamlit", "plotly", "pages", "app")
    ]
    if name == "wb_core":
        return breaches
    module = name.split(".")[1]
    if module not in LAYER:
        return [*breaches, f"{name} is in no layer"]
    kind = kind_of(name)
    for other in imported:
        if not within(other, "wb_core"):
            continue
        target = other.removeprefix("wb_core").strip(".").split(".")[0]
        if target != module and LAYER.get(target, len(LAYERS)) >= LAYER[module]:
            breaches.append(f"{name} imports {other}, which is not in a lower layer")
        if kind and kind_of(other) not in ("", kind):
            breaches.append(f"{name} imports {other}, which is of another kind")
    return breaches


def page_breaches(name: str, imported: set[str], pages: set[str]) -> list[str]:
    breaches = []
    for other in imported:
        if within(other, "pages") and not within(other, "pages.ui"):
            breaches.append(f"{name} imports the page {other}")
        if other.split(".")[0] in pages | {"app", "ui"}:
            breaches.append(f"{name} imports {other}, which is not a name to import it by")
        if within(name, "pages.ui.figures") and within(other, "streamlit"):
            breaches.append(f"{name} imports {other}")
    return breaches


def session_state_breaches(name: str, tree: ast.AST) -> list[str]:
    if name == "pages.ui.session.state":
        return []
    texts = (getattr(node, field, None) for node in ast.walk(tree) for field in ("attr", "id", "name", "value"))
    return [f"{name} mentions st.session_state"] if "session_state" in texts else []


def breaches(name: str, source: str, *, is_package: bool = False, pages: frozenset[str] = frozenset()) -> list[str]:
    """Describe the forbidden imports of the module `name`."""
    tree = ast.parse(source)
    imported = imports(name, tree, is_package)
    found = session_state_breaches(name, tree)
    if within(name, "wb_core"):
        return found + core_breaches(name, imported)
    return found + page_breaches(name, imported, set(pages))


def test_imports_go_only_to_lower_layers():
    paths = [path for top in ("wb_core", "pages") for path in sorted((ROOT / top).rglob("*.py"))] + [ROOT / "app.py"]
    paths = [path for path in paths if path.exists()]
    pages = frozenset(path.stem for path in (ROOT / "pages").glob("*.py"))
    found = []
    for path in paths:
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        found += breaches(name, path.read_text(encoding="utf-8"), is_package=is_package, pages=pages)
    assert found == []
    assert {path.stem for path in paths} >= {"fields", "linear", "best_line", "landscape"}


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("wb_core.base.step", "from ..kinds.run import Run"),
        ("wb_core.kinds.line.run", "from ..images.run import ImageRun"),
        ("wb_core.kinds.line.run", "from .. import images"),
        ("wb_core.base.step", "def f():\n    import wb_core.kinds.run"),
        ("wb_core.base.step", "from wb_core import Run"),
        ("wb_core.base.step", "import wb_core"),
        ("wb_core.base.step", "import streamlit as st"),
        ("wb_core.base.step", "from plotly import graph_objects"),
        ("wb_core.base.step", "from pages.ui import fields"),
        ("wb_core.base.fields", "from ..kinds.line.config import LinearConfig"),
        ("wb_core.kinds.line.landscape", "from ...checkpoints import checkpoint"),
        ("wb_core.records.file", "from ..jobs import Job"),
        ("wb_core.records.file", "from .. import sweeps"),
        ("wb_core.unheard_of", ""),
        ("pages.linear", "import pages.tensors"),
        ("pages.linear", "from pages.tensors import draw"),
        ("pages.linear", "from . import tensors"),
        ("pages.linear", "import tensors"),
        ("pages.linear", "from ui import fields"),
        ("pages.linear", "st.session_state['run'] = 1"),
        ("pages.ui.widgets.fields", "from pages import linear"),
        ("pages.ui.widgets.fields", "from ...linear import config"),
        ("pages.ui.widgets.fields", "from streamlit import session_state"),
        ("pages.ui.figures.loss", "import streamlit as st"),
        ("pages.ui.figures.loss", "from streamlit.delta_generator import DeltaGenerator"),
        ("app", "from pages.linear import config"),
        ("app", "getattr(st, 'session_state')"),
    ],
)
def test_a_breach_of_the_layers_is_found(name, source):
    assert len(breaches(name, source, pages=frozenset({"linear", "tensors"}))) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("wb_core.kinds.line.run", "import torch\nfrom .config import LinearConfig\nfrom ..run import Run"),
        ("wb_core.base.fields", "from .errors import ConfigError"),
        ("wb_core.sweeps.jobs", "from ..jobs import Job"),
        ("pages.linear", "import streamlit as st\nimport wb_core as wb\nfrom pages.ui import fields"),
        ("pages.ui.session.state", "import streamlit as st\nst.session_state['run'] = 1"),
        ("pages.ui.figures.loss", "import plotly\nimport wb_core\nfrom pages.ui.figures import theme"),
        ("app", "from pages.ui import i18n"),
    ],
)
def test_an_allowed_import_is_not_a_breach(name, source):
    assert breaches(name, source, pages=frozenset({"linear", "tensors"})) == []


def test_the_engine_imports_no_streamlit_plotly_ray_or_compiler_and_leaves_torch_as_it_is():
    code = """
import sys, torch
def settings():
    threads = torch.get_num_threads(), torch.get_num_interop_threads()
    return threads, torch.get_default_dtype(), torch.is_grad_enabled(), torch.get_rng_state().tolist()
before = settings()
import wb_core
assert settings() == before, "importing wb_core changed torch's settings"
for optimizer in wb_core.OPTIMIZERS:
    wb_core.Run(wb_core.LinearConfig(optimizer=optimizer, epochs=1)).finish()
print(sorted({"streamlit", "plotly", "ray", "torch._dynamo"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.slow
def test_importing_the_figures_brings_no_streamlit():
    code = "import sys, pages.ui.figures.images, pages.ui.figures.linear; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


class TestPublicNames:
    def test_all_is_sorted_constants_then_classes_then_functions(self):
        def kind(name: str) -> int:
            return 0 if name.isupper() else 1 if name[0].isupper() else 2

        assert wb.__all__ == sorted(set(wb.__all__), key=lambda name: (kind(name), name))

    def test_all_is_every_public_name_and_nothing_else(self):
        public = {name for name, value in vars(wb).items() if name[0] != "_" and not isinstance(value, ModuleType)}
        assert set(wb.__all__) == public

    @pytest.mark.parametrize("name", [name for name in wb.__all__ if not name.isupper()])
    def test_every_public_name_has_a_docstring_of_its_own(self, name):
        text = getattr(wb, name).__doc__
        assert text
        assert not text.startswith(f"{name}(")  # the one that dataclass generates
        assert inspect.cleandoc(text).splitlines()[0].endswith((".", ":"))
