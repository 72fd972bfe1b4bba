"""The section with the slips: it shows the engine's results, in both languages."""

import errno
import html
import re
import tempfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import wb_core as wb
from pages.ui.i18n import LANGUAGES, translator
from pages.ui.sentences import CODES
from pages.ui.step import slips
from pages.ui.step.view import FIRST_SLIP
from pages.ui.widgets import listing

every_slip = pytest.mark.parametrize("slip_id", wb.SLIPS)


def section():
    from pages.ui.step import slips

    slips.draw()


def open_section(**state):
    app = AppTest.from_function(section, default_timeout=60)
    for name, value in state.items():
        app.session_state[name] = value
    return app.run()


def said(app):
    return [block.value for block in app.code]


def texts(app):
    return [part.value for kind in (app.caption, app.markdown, app.header) for part in kind]


def listings(app):
    """Each listing as its code and its marked lines, read back from the page."""
    return [read(part.proto.body) for part in app.get("html")]


def read(body):
    lines = re.findall(r'<(mark|span) class="wb-line">(.*?)\n</\1>', body, re.DOTALL)
    code = "\n".join(html.unescape(re.sub(r"<[^>]+>", "", line)) for _, line in lines)
    return code, tuple(index for index, (tag, _) in enumerate(lines) if tag == "mark")


@pytest.mark.parametrize("language", LANGUAGES)
@every_slip
def test_a_slip_is_shown_with_its_code_and_output(slip_id, language):
    slip, outcome, words = wb.SLIPS[slip_id], wb.run_slip(slip_id), translator(language)
    app = open_section(**{slips.KEY: slip_id, "language": language})
    assert not app.exception
    assert listings(app) == [
        (slip.faulty.code, slip.faulty.marked),
        (slip.repaired.code, slip.repaired.marked),
        (slip.before.rstrip(), ()),
    ]
    faulty, repaired = said(app)
    assert faulty.startswith(outcome.faulty.printed.rstrip())
    if slip.raises:
        assert faulty.endswith(f"{outcome.faulty.error}: {outcome.faulty.message}".rstrip())
    else:
        assert faulty == outcome.faulty.printed.rstrip()
    assert repaired == outcome.repaired.printed.rstrip()
    shown = "\n".join(texts(app))
    for text in filter(None, (slip.where, slip.lesson, slip.avoid, slip.compare, slip.note)):
        assert words(text) in shown


def test_the_line_of_the_exception_is_named():
    app = open_section(**{slips.KEY: "model_0_saved"})
    assert "Lines with the mistake: 3" in texts(app)
    assert ":material/error: It stops at line 7 with this error:" in texts(app)
    assert ":material/check_circle: It runs and prints:" in texts(app)


def test_a_wrong_result_is_not_called_an_error():
    app = open_section(**{slips.KEY: "test_loop"})
    assert "Lines with the mistake: 9–12, 14–18" in texts(app)
    assert ":material/warning: There's no error. It prints:" in texts(app)
    assert not any(text.startswith(":material/error") for text in texts(app))


def test_all_slips_are_offered_in_order():
    app = open_section()
    [choice] = app.selectbox
    assert choice.label == "Mistake"
    assert choice.value == FIRST_SLIP
    assert choice.options == [slip.title for slip in wb.SLIPS.values()]


def test_only_the_chosen_slip_is_run():
    app = open_section()
    wb.run_slip.cache_clear()
    app.selectbox[0].set_value("sgc").run()
    assert said(app)[0] == "AttributeError: module 'torch.optim' has no attribute 'SGC'"
    assert wb.run_slip.cache_info().currsize == 1


def test_only_the_curves_are_drawn_and_once_for_each_version():
    assert len(open_section(**{slips.KEY: "train_label"}).get("plotly_chart")) == 2
    assert not open_section(**{slips.KEY: "test_data"}).get("plotly_chart")


class TestListing:
    @pytest.mark.parametrize(
        ("line", "kind", "text"),
        [
            ("x = 1  # for <ever>", "comment", "# for <ever>"),
            ('print(f"# {x} & y")', "text", 'f"# {x} & y"'),
            ("for x in y:", "keyword", "for"),
            ("device = “cuda”", "odd", "“"),
        ],
    )
    def test_tokens_of_a_line_have_their_kinds(self, line, kind, text):
        coloured = listing.coloured(line)
        assert f'<span class="wb-{kind}">{html.escape(text)}</span>' in coloured
        assert html.unescape(re.sub(r"<[^>]+>", "", coloured)) == line

    def test_names_that_contain_a_keyword_are_names(self):
        assert listing.coloured("format(island, for_)") == "format(island, for_)"

    def test_a_listing_is_focusable_and_has_a_name(self):
        def script():
            from pages.ui.widgets import listing

            listing.draw("a = 1\n\nb = 2", name='The "lines"', marked=(2,))

        app = AppTest.from_function(script).run()
        [body] = [part.proto.body for part in app.get("html")]
        assert body.startswith('<pre class="wb-listing" tabindex="0" role="region" aria-label="The &quot;lines&quot;">')
        assert read(body) == ("a = 1\n\nb = 2", (2,))


def no_folder(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere")


def no_space(monkeypatch):
    def write_bytes(path, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write_bytes)


@pytest.mark.parametrize("trouble", [no_folder, no_space])
def test_a_folder_for_temporary_files_that_is_of_no_use_is_one_sentence_and_costs_only_the_slips_that_save(
    monkeypatch, trouble
):
    monkeypatch.setattr(wb, "run_slip", wb.run_slip.__wrapped__)
    with monkeypatch.context() as patch:
        trouble(patch)
        app = open_section(**{slips.KEY: "model_0_saved"})
        assert [error.value for error in app.error] == [CODES["data.no_temporary_folder"]]
        assert not app.exception
        app.selectbox[0].select(FIRST_SLIP).run()
        assert not app.error
        assert not app.exception
    app.selectbox[0].select("model_0_saved").run()
    assert not app.error
    assert "<All keys matched successfully>" in said(app)
