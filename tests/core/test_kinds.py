"""The descriptions of the kinds, and that no code outside them checks a config's class."""

import ast
import dataclasses
import math
from pathlib import Path

import pytest
import torch

import wb_core as wb
from wb_core.base.evaluation import Evaluation
from wb_core.base.fields import applies, specs
from wb_core.base.history import History
from wb_core.kinds.images.diagnosis import cut_off

ROOT = Path(__file__).parents[2]
CONFIGS = {"LinearConfig", "ImageConfig", "PointsConfig"}

every_kind = pytest.mark.parametrize("kind", wb.KINDS.values(), ids=list(wb.KINDS))


def kind_questions(tree):
    """The calls of `isinstance`, and comparisons of a type, that name a config class."""
    for node in ast.walk(tree):
        call = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "isinstance"
        compare = isinstance(node, ast.Compare) and any(isinstance(op, ast.Is | ast.Eq) for op in node.ops)
        if call or compare:
            names = {getattr(part, "attr", getattr(part, "id", "")) for part in ast.walk(node)}
            yield from names & CONFIGS


@every_kind
def test_a_config_finds_its_kind(kind):
    assert wb.kind_of(kind.config) is wb.kind_of(kind.config()) is kind
    assert type(wb.Run(kind.config())) is kind.run


def test_values_that_are_not_configs_have_no_kind():
    with pytest.raises(TypeError, match="not the config of a kind"):
        wb.kind_of(object())


@every_kind
def test_metrics_are_columns_of_the_history_and_a_checkpoint_has_a_name(kind):
    assert {metric.name for metric in kind.metrics} <= set(kind.run.columns)
    assert kind.checkpoint_name(kind.config()).endswith(".pth")


@every_kind
def test_the_learning_rate_is_the_first_axis_that_a_sweep_offers(kind):
    assert kind.sweepable[0] == "lr"


@every_kind
def test_every_condition_names_a_setting_and_one_of_its_values(kind):
    for spec in specs(kind.config).values():
        if spec.when:
            name, value = spec.when
            assert specs(kind.config)[name].check(name, value) == value
    assert not applies(kind.config(optimizer="adam"), "momentum")
    assert applies(kind.config(optimizer="sgd"), "momentum")


@pytest.mark.parametrize("top", ["wb_core", "pages"])
def test_no_module_outside_the_kinds_asks_which_kind_a_config_is(top):
    modules = [path for path in (ROOT / top).rglob("*.py") if "kinds" not in path.parts]
    assert modules
    found = {str(path) for path in modules if list(kind_questions(ast.parse(path.read_text(encoding="utf-8"))))}
    assert found == set()


class TestImageDiagnosis:
    CONFIG = wb.ImageConfig(epochs=3, lr=0.1)

    @staticmethod
    def history(*accuracies):
        history = History(wb.ImageRun.columns)
        for accuracy in accuracies:
            history.append((0.5, 0.5, accuracy, 1.0))
        return history

    @staticmethod
    def evaluation(*predicted):
        return Evaluation(0.5, 50.0, torch.nn.functional.one_hot(torch.tensor(predicted), 10).float())

    def test_several_predicted_classes_mean_learned(self):
        found = wb.diagnose(self.history(50, 82.5), self.CONFIG, evaluation=self.evaluation(3, 3, 4))
        assert (found.label, found.epochs, found.evidence) == ("learned", (0, 1), {"test_accuracy": 82.5})
        assert found.suggestion is None

    @pytest.mark.parametrize(
        ("accuracy", "largest", "label", "changes"),
        [
            (10.4, 2.4, "near_guessing", {"epochs": 9}),
            (19.9, 80.0, "near_guessing", {"lr": 0.01}),
            (20.0, 2.4, "learned", {}),
        ],
    )
    def test_less_than_twice_the_accuracy_of_guessing_is_not_learned(self, accuracy, largest, label, changes):
        evaluation = dataclasses.replace(self.evaluation(3, 3, 4), accuracy=accuracy)
        found = wb.diagnose(self.history(accuracy), self.CONFIG, evaluation=evaluation, batch_losses=[largest])
        assert (found.label, found.suggestion.changes if found.suggestion else {}) == (label, changes)
        assert found.evidence.get("guessing", 10) == 10

    def test_one_predicted_class_with_small_losses_means_too_few_steps(self):
        losses = [2 * math.log(10) - 0.01]
        found = wb.diagnose(self.history(10), self.CONFIG, evaluation=self.evaluation(3, 3), batch_losses=losses)
        assert (found.label, found.evidence["predicted"], found.suggestion.changes) == (
            "too_few_steps",
            3,
            {"epochs": 9},
        )

    def test_one_predicted_class_after_a_huge_loss_means_too_large_steps(self):
        losses = [2 * math.log(10) + 0.01]
        found = wb.diagnose(self.history(10), self.CONFIG, evaluation=self.evaluation(3, 3), batch_losses=losses)
        assert (found.label, found.suggestion.changes) == ("too_large_steps", {"lr": 0.01})

    @pytest.mark.parametrize(
        ("settings", "changes"),
        [
            ({"lr": 0.5}, {"lr": 0.05}),
            ({"lr": 0.5, "momentum": 0.95}, {"momentum": 0.5, "lr": 0.1}),
            ({"lr": 0.5, "momentum": 0.95, "optimizer": "adam"}, {"lr": 0.05}),
        ],
    )
    def test_numbers_that_are_not_finite_mean_exploding(self, settings, changes):
        found = wb.diagnose(self.history(), wb.ImageConfig(**settings), diverged_at=0)
        assert (found.label, found.evidence, found.suggestion.changes) == ("exploding", {"epoch": 0}, changes)

    def test_at_the_most_epochs_the_suggestion_is_larger_steps(self):
        found = wb.diagnose(self.history(10), wb.ImageConfig(epochs=20), evaluation=self.evaluation(3, 3))
        assert found.suggestion.changes == {"lr": 0.3}

    @pytest.mark.parametrize("settings", [{"epochs": 20, "lr": 1.0}, {"epochs": 20, "lr": 0.0001}, {"lr": 0.0001}])
    @pytest.mark.parametrize("largest", [1.0, 80.0])
    def test_no_advice_is_what_the_settings_are_already(self, settings, largest):
        config = wb.ImageConfig(**settings)
        found = wb.diagnose(self.history(10), config, evaluation=self.evaluation(3, 3), batch_losses=[largest])
        changes = found.suggestion.changes if found.suggestion else {}
        assert all(getattr(config, name) != value for name, value in changes.items())
        assert found.suggestion or (largest < 2) == (config.lr == 1.0)

    @pytest.mark.parametrize("lr", [0.01, 0.02, 0.1, 0.3])
    def test_smaller_steps_after_larger_ones_are_not_those_of_before(self, lr):
        config, rates = wb.ImageConfig(epochs=20, lr=lr), [lr]
        for largest in (1.0, 80.0):
            found = wb.diagnose(self.history(10), config, evaluation=self.evaluation(3, 3), batch_losses=[largest])
            config = dataclasses.replace(config, **found.suggestion.changes)
            rates.append(config.lr)
        assert rates[1] > rates[0] > rates[2]

    def test_a_last_relu_that_cuts_classes_off_is_named_with_the_model_without_it(self):
        logits = torch.rand(50, 10)
        logits[:, [3, 6]] = 0.0
        logits[7, 3] = 1e-9  # not once the largest
        relu = dataclasses.replace(self.CONFIG, model="relu")
        found = wb.diagnose(self.history(60), relu, evaluation=Evaluation(0.5, 60.0, logits))
        assert (found.label, found.evidence) == ("cut_off", {"classes": 2, "zeros": 0.98})
        assert found.suggestion.changes == {"model": "linear"}
        assert cut_off(Evaluation(0.5, 60.0, logits)) == (3, 6)
        logits[7, 3] = logits[8, 6] = 2.0
        assert wb.diagnose(self.history(60), relu, evaluation=Evaluation(0.5, 60.0, logits)).label == "learned"

    def test_on_real_images_a_last_relu_cuts_classes_off_and_the_advice_helps(self):
        config = wb.ImageConfig(model="relu", seed=6, epochs=1)
        run, other = wb.Run(config), wb.Run(dataclasses.replace(config, model="linear"))
        for one in (run, other):
            one.finish()
        found = wb.diagnose(run.history, config, evaluation=run.evaluation, batch_losses=run.batch_losses)
        assert (found.label, found.suggestion.changes) == ("cut_off", {"model": "linear"})
        logits, y = run.evaluation.logits, run.data.y_test
        for number in cut_off(run.evaluation):
            assert (logits[y == number, number] == 0).float().mean() > 0.9  # also on its own images
        assert cut_off(other.evaluation) == ()
        assert other.evaluation.accuracy > run.evaluation.accuracy

    def test_a_test_loss_below_the_train_loss_is_explained_by_when_each_is_measured(self):
        history = History(wb.ImageRun.columns)
        history.append((2.0, 1.2, 50.0, 1.0))
        history.append((1.0, 0.8, 60.0, 1.0))
        losses = [*[2.0] * 20, *[1.05] * 18, 0.6, 0.5]
        [finding] = wb.diagnose(history, self.CONFIG, batch_losses=losses).findings
        assert finding.label == "test_below_train"
        assert finding.evidence == {
            "train_loss": 1.0,
            "test_loss": 0.8,
            "batches": 20,
            "late_batches": 2,
            "late_loss": pytest.approx(0.55),
        }
        history.append((0.7, 0.75, 60.0, 1.0))
        assert wb.diagnose(history, self.CONFIG, batch_losses=[*losses, *[0.7] * 20]).findings == ()
