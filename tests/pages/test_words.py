"""The catalogues have exactly the texts of the screen."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from pages.ui.i18n import LANGUAGES, LOCALE, translator

ROOT = Path(__file__).parents[2]
MARKS = {"_", "N_"}
FIELD = re.compile(r"\{[^}]*\}")
# Korean particles whose form depends on the sound before them, and units after a space.
PARTICLE = re.compile(r"\}[`*]*(은|는|이|가|을|를|과|와|로|으로|아|야|\(은\)|\(이\)|\(을\)|\(으\))(?![가-힣])")
UNIT = re.compile(r"[\d}] (개|장|초|번|배|점|행|열|%|MB|KB)(?![가-힣A-Za-z])")


def marked_texts() -> set[str]:
    """The argument of every `_("...")` and `N_("...")` in the source, including those in f-strings."""
    texts = set()
    for path in [ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("wb_core/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                [argument] = node.args
                if isinstance(argument, ast.Constant):
                    texts.add(argument.value)
                else:
                    assert node.func.id == "_", f"{path}:{node.lineno}: N_ needs a text"
    return texts


@pytest.fixture(params=[language for language in LANGUAGES if language != "en"])
def catalogue(request):
    with (LOCALE / request.param / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=request.param)


def test_every_text_is_translated_and_no_translation_is_stale(catalogue):
    translated = {m.id for m in catalogue if m.id and m.string and not m.fuzzy}
    assert marked_texts() - translated == set()
    assert {m.id for m in catalogue if m.id} - marked_texts() == set()


def test_no_text_is_marked_in_an_f_string():
    for path in [ROOT / "app.py", *ROOT.glob("pages/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                calls = [n for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
                assert not [n for n in calls if n.func.id in MARKS], f"{path}:{node.lineno}"


def test_translations_have_the_fields_of_the_original(catalogue):
    for message in catalogue:
        if message.id:
            assert sorted(FIELD.findall(message.string)) == sorted(FIELD.findall(message.id)), message.id


def test_korean_has_no_particle_after_a_placeholder_and_no_space_before_a_unit():
    with (LOCALE / "ko" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        texts = [message.string for message in read_po(file, locale="ko")]
    assert [text for text in texts if PARTICLE.search(text) or UNIT.search(text)] == []
    assert PARTICLE.search("학습률 {lr}은(는) 너무 큽니다")
    assert PARTICLE.search("{shape}과 다릅니다")
    assert UNIT.search("{wrong} 개")


def test_translations_are_used_and_english_needs_none():
    assert translator("ko")("Train") == "학습"
    assert translator("en")("Train") == "Train"
    assert translator("ko")("not a word of this app") == "not a word of this app"
