"""The image sweep page with fake jobs, without a browser."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import wb_core as wb
from pages.ui.compare.tray import Tray
from pages.ui.labs.images import work
from pages.ui.sentences import CODES
from pages.ui.session import share
from pages.ui.session.reaper import JobReaper
from pages.ui.sweep import jobs
from pages.ui.sweep.driver import SweepDriver
from pages.ui.sweep.images import VIEW as VIEW_CLASS
from pages.ui.sweep.jobs import MAX_ENDED, JobSweepLab, SweepRegistry
from pages.ui.sweep.view import AxisRange, full_range
from tests.core.test_job_sweep import Places
from tests.pages.app import button, kept, open_page, query, send_kept, widget
from tests.pages.image_jobs import rows_of

FEW = {"hidden_units": "5", "epochs": "2", "x_low": "0.01", "x_high": "0.1", "x_steps": "2", "y": "model"}
AXES = wb.kind_of(wb.ImageConfig).sweepable
VIEW = VIEW_CLASS()
LOSSES = np.full(376, 0.75, np.float32)


@pytest.fixture
def places(monkeypatch):
    """A fake workplace with two places; no timer drives sweeps."""
    places = Places(2)
    monkeypatch.setattr(work, "WORK", places)
    monkeypatch.setattr(SweepDriver, "_run", lambda self: None)
    return places


def link(x, y=None, **more):
    """The part of a link that says these axes."""
    return share.encode(VIEW_CLASS(**x.fields("x"), **({"y": "none"} if y is None else y.fields("y")), **more))


def opened(**query_):
    app = open_page("sweep.py", kind="image", **query_)
    assert not app.exception
    return app


def lab_of(app) -> JobSweepLab:
    return app.session_state["pages.ui.sweep.kinds.SweepLabs"].of("image")


def begun(app):
    button(app, "Run the sweep").click().run()
    assert not app.exception
    return lab_of(app)


def end_all(places, lab):
    """Finish all jobs, each with a slightly better result than the previous one."""
    while lab.busy:
        for ticket in places.running():
            number = float(ticket.split()[1])
            rows = [{**row, "test_accuracy": row["test_accuracy"] + number} for row in rows_of(2)]
            places.end(ticket, rows=rows, batches=188, samples=6000, batch_losses=LOSSES)
        lab.look()


def says(app):
    return [text.value for text in (*app.markdown, *app.caption, *app.info, *app.error, *app.warning)]


def signs(app):
    """The legend of the figure."""
    [legend] = [part.proto.body for part in app.get("html") if 'class="wb-signs"' in part.proto.body]
    return re.findall("<span>(.*?)</span>", legend)


class TestPage:
    def test_the_page_shows_the_work_and_trains_each_combination_as_a_job(self, places):
        app = opened(**FEW)
        assert "2 × 3 = **6 runs**, 72,000 pictures in total." in says(app)
        lab = begun(app)
        assert lab.busy
        assert not button(app, "Stop").disabled
        end_all(places, lab)
        app.run()
        assert not app.exception
        assert button(app, "Stop").disabled
        configs = [report.job.config for report in places.reports.values()]
        assert configs == [
            wb.ImageConfig(epochs=2, hidden_units=5, lr=lr, model=model)
            for lr in (0.01, 0.1)
            for model in ("linear", "relu", "tiny_vgg")
        ]
        assert "Best of 6 runs: 85.25% at Learning rate 0.1, Model Convolutions (TinyVGG)." in says(app)

    def test_results_are_shown_as_they_arrive(self, places):
        app = opened(**FEW)
        lab = begun(app)
        assert "No run has finished with a loss yet." in says(app)
        places.end("ticket 1", state="failed", error=wb.JobError("job.crashed", "gone"), rows=[])
        places.end("ticket 0", diverged_at=1, rows=rows_of(1))
        lab.look()
        app.run()
        assert "No run has finished with a loss yet." in says(app)
        assert signs(app) == ["exploded (the loss grew and grew): 1", "failed: 1", "not trained yet: 4"]
        places.end("ticket 2")
        lab.look()
        app.run()
        [finding] = [text for text in says(app) if text.startswith("Best of")]
        assert finding.startswith("Best of 3 runs: 80.25% at Learning rate 0.01, Model Convolutions (TinyVGG).")

    def test_the_best_run_is_open_at_the_end_and_another_can_be_chosen(self, places):
        app = opened(**FEW)
        lab = begun(app)
        end_all(places, lab)
        app.run()
        assert lab.chosen == 5
        assert any("test accuracy **85.25%**" in text for text in says(app))
        lab.choose(0)
        app.run()
        assert any("test accuracy **80.25%**" in text for text in says(app))
        app.select_slider(key="sweep.at.1.model").set_value(1).run()
        assert not app.exception
        assert lab.chosen == 1

    def test_each_outcome_has_its_text(self, places):
        app = opened(**FEW)
        lab = begun(app)
        places.end("ticket 0", state="failed", error=wb.JobError("job.crashed", "gone"), rows=[])
        places.end("ticket 1", diverged_at=0, rows=[])
        lab.look()
        sentences = [
            CODES["job.crashed"],
            "**Exploded** in epoch 0",
            "first epoch",
            "first epoch",
            "its turn",
            "its turn",
        ]
        for run, sentence in enumerate(sentences):
            lab.choose(run)
            app.run()
            assert not app.exception
            assert any(sentence in text for text in says(app)), sentence

    def test_restarted_runs_are_reported(self, places):
        app = opened(**FEW)
        lab = begun(app)
        places.change("ticket 1", tries=2)
        lab.look()
        lab.choose(1)
        app.run()
        [again] = [text for text in says(app) if text.startswith("Runs restarted")]
        assert again.endswith(": 1. None is counted twice.")
        assert "A computer in the cluster was lost, so this run started over on another one." in says(app)
        end_all(places, lab)
        assert lab.frame().outcome.tolist() == ["done"] * 6

    def test_stop_keeps_the_results(self, places):
        app = opened(**FEW)
        lab = begun(app)
        places.end("ticket 0")
        lab.look()
        button(app, "Stop").click().run()
        assert not lab.busy
        assert [part.proto.text for part in app.get("progress")] == ["Stopped: 1 of 6 runs finished."]
        assert any("80.25%" in text for text in says(app))

    def test_the_selected_run_can_be_saved_and_opened_in_its_lab(self, places):
        app = opened(**FEW)
        lab = begun(app)
        end_all(places, lab)
        lab.choose(1)
        app.run()
        button(app, "Save this run").click().run()
        [entry] = app.session_state[f"{Tray.__module__}.Tray"].entries
        assert entry.run.config == lab.work.config(1)
        assert entry.run.columns["test_accuracy"] == (82.25, 81.25)
        button(app, "Open it in its lab").click().run()
        assert not app.exception
        assert widget(app, "Learning rate").value == 0.01
        assert widget(app, "Model").value == "relu"

    @pytest.mark.parametrize("way", ["lines", "table", "map"])
    @pytest.mark.parametrize("column", ["final_test_accuracy", "best_test_accuracy", "final_test_loss"])
    def test_every_view_works_with_several_seeds(self, places, way, column):
        app = opened(**link(AxisRange("batch_size", 8, 256, 3, True, wb.ImageConfig), seeds=2), epochs="2")
        lab = begun(app)
        end_all(places, lab)
        app.session_state["sweep.shown.ImageConfig"] = way
        app.session_state["sweep.measure.ImageConfig"] = column
        app.run()
        assert not app.exception
        assert any(text.startswith("Best of 3 combinations: ") for text in says(app))
        if way == "table":
            assert list(app.dataframe[0].value["Batch size"]) == [8, 8, 45, 45, 256, 256]
            assert set(app.dataframe[0].value["Outcome"]) == {"done"}

    @pytest.mark.parametrize("name", [name for name in AXES if name != "seed"])
    def test_every_setting_can_be_an_axis(self, places, name):
        other = None if name == "lr" else AxisRange("lr", 0.01, 0.1, 2, True, wb.ImageConfig)
        axes = link(full_range(name, 2, wb.ImageConfig), other)
        app = opened(**axes, epochs="2")
        assert not app.warning
        lab = begun(app)
        end_all(places, lab)
        app.run()
        assert not app.exception
        assert list(lab.axes.values) == [name, *([] if name == "lr" else ["lr"]), "seed"]
        assert query(app) == {"kind": "image", "epochs": "2", **axes}

    def test_a_sweep_over_the_limits_is_refused_with_its_size(self, places):
        app = opened(x_steps="60")
        assert app.error[0].value.startswith("60 × 3 = 180 runs are too many")
        assert button(app, "Run the sweep").disabled
        app = opened(x_steps="30", epochs="20", dataset="fashion_mnist")
        assert "90 × 20 × 60,000 = 108,000,000" in app.error[0].value

    def test_a_missing_full_set_cannot_be_swept(self, places, monkeypatch, tmp_path):
        monkeypatch.setenv("WB_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        app = opened(dataset="fashion_mnist", epochs="1", x_steps="2")
        assert button(app, "Run the sweep").disabled
        button(app, "Download")

    def test_a_link_of_a_line_is_reported(self, places):
        app = opened(x="weight*0*1*3*lin", y="noise*0*1*3*lin", weight="0.3")
        assert len(app.warning) == 1
        assert query(app) == {"kind": "image"}

    def test_an_old_link_opens_the_image_sweep_with_its_settings(self, places):
        former = {"x": "lr*0.01*0.1*2*log", "y": "model", "epochs": "2", "hidden_units": "5", "seeds": "2"}
        app = opened(**former)
        assert not app.exception
        assert not app.warning
        assert query(app) == query(opened(**FEW, seeds="2"))
        assert "2 × 3 × 2 = **12 runs**, 144,000 pictures in total." in says(app)
        assert app.segmented_control(key="SweepChoice.kind").value == "image"

    def test_each_kind_keeps_its_settings_and_its_sweep(self, places):
        app = opened(**FEW)
        lab = begun(app)
        address = query(app)
        choice = app.segmented_control(key="SweepChoice.kind")
        choice.set_value("linear").run()
        assert not app.exception
        assert query(app) == {}
        widget(app, "Second axis").set_value("none").run()
        widget(app, "Seeds").set_value(3).run()
        button(app, "Run the sweep").click().run()
        lines = app.session_state["pages.ui.sweep.kinds.SweepLabs"].of("linear")
        assert len(lines.work.axes) == 24 * 3
        assert lines.number != lab.number  # the player tells their runs apart by it
        app.segmented_control(key="SweepChoice.kind").set_value("image").run()
        assert not app.exception
        assert query(app) == address
        assert lab_of(app) is lab
        assert lab.busy
        app.segmented_control(key="SweepChoice.kind").set_value("linear").run()
        assert query(app) == {"y": "none", "seeds": "3"}
        assert any(text.startswith("Best of 24 combinations: ") for text in says(app))

    def test_a_second_sweep_cancels_the_first(self, places):
        app = opened(**FEW)
        first = begun(app).work
        widget(app, "Seeds").set_value(2).run()
        lab = begun(app)
        assert first.stopped
        assert first.finished
        assert lab.work is not first
        assert len(lab.work) == 12


class TestOpening:
    """The page opens with the sweep of the default settings, which is trained once for all visitors."""

    def test_the_second_visitor_sees_the_runs_of_the_first(self, places, monkeypatch):
        monkeypatch.setattr(jobs, "REGISTRY", SweepRegistry())
        ann = lab_of(opened())
        assert len(ann.axes) == 12
        bob = lab_of(opened())
        assert bob.work is ann.work
        end_all(places, ann)
        app = opened()
        assert any(text.startswith("Best of 12 runs: ") for text in says(app))
        assert len(places.reports) == 12

    def test_who_begins_another_sweep_does_not_stop_it_for_the_others(self, places, monkeypatch):
        monkeypatch.setattr(jobs, "REGISTRY", SweepRegistry())
        app, others = opened(), lab_of(opened())
        assert not [part for part in app.button if part.label == "Stop"]
        button(app, "5 seeds").click().run()
        assert not app.exception
        assert len(lab_of(app).work) == 20
        assert not others.work.stopped

    def test_one_that_was_stopped_or_forgotten_is_trained_again(self, places, monkeypatch):
        monkeypatch.setattr(jobs, "REGISTRY", SweepRegistry())
        first = lab_of(opened()).work
        first.cancel()
        assert lab_of(opened()).work is not first


class TestReturn:
    """The visitor comes back with a new session on the server."""

    def test_the_sweep_and_its_settings_are_there(self, places, monkeypatch):
        app = opened(**FEW)
        lab = begun(app)
        send_kept(monkeypatch, kept(app.run()))
        again = opened(**FEW)
        assert not again.exception
        assert lab_of(again).work is lab.work
        assert query(again) == {"kind": "image", **FEW}

    def test_an_unknown_ticket_changes_nothing(self, places, monkeypatch):
        send_kept(monkeypatch, {"visit": '{"sweeps": {"image": {"ticket": "of somebody else"}}}'})
        app = opened(**FEW)
        assert not app.exception
        assert lab_of(app).work is None


class TestSweepRegistry:
    def test_the_oldest_finished_sweeps_are_forgotten(self):
        sweeps = SweepRegistry()
        done = [wb.JobSweep(wb.ImageConfig(), Places(1), seed=[1]) for _ in range(MAX_ENDED + 3)]
        tickets = [sweeps.submit(sweep, VIEW) for sweep in done]
        for sweep in done:
            sweep.look()
            sweep.cancel()
        last = sweeps.submit(wb.JobSweep(wb.ImageConfig(), Places(1), seed=[1]), VIEW)
        for ticket in tickets[:3]:
            with pytest.raises(wb.JobError):
                sweeps.poll(ticket)
        for ticket in (*tickets[3:], last):
            sweeps.poll(ticket)

    def test_large_finished_sweeps_are_forgotten_earlier(self, monkeypatch):
        evaluation = wb.ImageRun(wb.ImageConfig(hidden_units=1)).test()
        monkeypatch.setattr(jobs, "MAX_ENDED_BYTES", 2 * evaluation.logits.nbytes + 10_000)
        sweeps = SweepRegistry()
        for _ in range(4):
            work = Places(1)
            sweep = wb.JobSweep(wb.ImageConfig(), work, seed=[1])
            sweeps.submit(sweep, VIEW)
            sweep.look()
            work.end("ticket 0", evaluation=evaluation, batch_losses=np.zeros(188, np.float32))
            sweep.look()
        last = wb.JobSweep(wb.ImageConfig(), Places(1), seed=[1])
        sweeps.submit(last, VIEW)
        assert [found for found, _view in sweeps._known.values()][1:] == [sweep, last]
        assert len(sweeps._known) == 3

    def test_a_cancelled_sweep_counts_as_finished_even_if_its_workplace_does_not_answer(self, monkeypatch):
        monkeypatch.setattr(Places, "cancel", lambda self, ticket: None)
        sweeps = SweepRegistry()
        for _ in range(MAX_ENDED + 3):
            sweep = wb.JobSweep(wb.ImageConfig(), Places(1), seed=[1])
            sweeps.submit(sweep, VIEW)
            sweep.look()
            sweep.cancel()
            assert not sweep.finished
        assert len(sweeps._known) == MAX_ENDED + 1

    def test_a_sweep_continues_on_other_pages_and_ends_when_the_visitor_leaves(self, places, clock):
        sweeps, here = SweepRegistry(), {"ann"}
        driver, reaper = SweepDriver(sweeps), JobReaper(sweeps, here.__contains__, grace=8)
        sweep = wb.JobSweep(wb.ImageConfig(), places, seed=range(5))
        ticket = sweeps.submit(sweep, VIEW)
        driver.drive(ticket)
        reaper.keep(ticket, "ann")
        driver.poll(0)
        places.end("ticket 0")
        driver.poll(1)
        assert sweep.ended == 1
        assert len(places.reports) == 5
        here.clear()
        reaper.left("ann", closed=True)
        clock.move(8)
        driver.poll(2)
        assert sweep.finished
        assert places.running() == []

    def test_of_concurrently_started_sweeps_only_the_displayed_one_continues(self, places, monkeypatch):
        lab, begun = JobSweepLab(VIEW), []

        def slow(self, sweep, view):
            begun.append(sweep)
            time.sleep(0.02)
            return submit(self, sweep, view)

        submit = SweepRegistry.submit
        monkeypatch.setattr(SweepRegistry, "submit", slow)
        with ThreadPoolExecutor(4) as clicks:
            list(clicks.map(lambda seed: lab.begin(wb.ImageConfig(), {"seed": [seed]}, VIEW), range(4)))
        assert len(begun) == 4
        assert [sweep for sweep in begun if not sweep.stopped] == [lab.work]

    def test_another_visitor_cannot_open_a_sweep(self, places):
        lab = JobSweepLab(VIEW)
        lab.begin(wb.ImageConfig(), {"seed": [1]}, VIEW)
        another, again = JobSweepLab(VIEW), JobSweepLab(VIEW)
        another.take_over({"ticket": "x" * len(lab.ticket)}, {}.get)
        assert another.work is None
        again.take_over(lab.saved, {}.get)
        assert again.work is lab.work
        assert jobs.REGISTRY.find(lab.ticket)[0] is lab.work


def test_every_view_survives_its_link():
    for x in AXES:
        for y in ("none", *AXES):
            if x == y or "seed" in (x, y):
                continue
            axes = full_range(x, 3, wb.ImageConfig).fields("x")
            axes |= {"y": y} if y == "none" else full_range(y, 3, wb.ImageConfig).fields("y")
            view = VIEW_CLASS(**axes, seeds=3)
            assert share.decode(share.encode(view), VIEW_CLASS) == ((view,), ())
