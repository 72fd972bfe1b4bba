"""What a model said about pictures, and what happens to them on the way through it."""

import itertools

import pytest
import torch

import wb_core as wb
from wb_core.kinds.images.data import fashion

LOGITS = torch.tensor([[2.0, 0.0, 0.0], [0.0, 5.0, 0.0], [0.0, 0.0, 1.0], [9.0, 0.0, 0.0], [0.0, 0.0, 3.0]])
Y = torch.tensor([0, 0, 2, 1, 1])


class TestPredictions:
    predictions = wb.Predictions(LOGITS, Y)

    def test_the_answer_is_the_class_that_softmax_believes_in_most(self):
        assert self.predictions.predicted.tolist() == [0, 1, 2, 0, 2]
        assert self.predictions.right.tolist() == [True, False, True, False, False]
        assert torch.allclose(self.predictions.probabilities.sum(dim=1), torch.ones(5))
        assert torch.equal(self.predictions.confidence, LOGITS.softmax(dim=1).amax(dim=1))

    def test_the_confusion_matrix_has_a_row_for_each_true_class(self):
        assert self.predictions.confusion.tolist() == [[1, 1, 0], [1, 0, 1], [0, 0, 1]]

    def test_a_cell_has_its_pictures_and_the_surest_mistakes_come_first(self):
        assert self.predictions.cell(1, 2).tolist() == [4]
        assert self.predictions.cell(2, 0).tolist() == []
        assert self.predictions.mistakes.tolist() == [3, 1, 4]

    def test_every_cell_together_has_every_picture_once(self):
        logits, y = torch.randn(200, 10, generator=torch.Generator().manual_seed(1)), torch.arange(200) % 10
        predictions = wb.Predictions(logits, y)
        places = [place for true in range(10) for said in range(10) for place in predictions.cell(true, said).tolist()]
        assert sorted(places) == list(range(200))
        assert predictions.confusion.sum() == 200


class TestLayers:
    def test_the_shapes_of_tiny_vgg_are_those_of_the_course(self):
        run = wb.Run(wb.ImageConfig(model="tiny_vgg"))
        layers = wb.layers_of(run.model, run.data.test.floats(slice(0, 32)))
        assert [layer.made for layer in layers] == [
            *[(32, 10, 28, 28)] * 4,
            (32, 10, 14, 14),
            *[(32, 10, 14, 14)] * 4,
            (32, 10, 7, 7),
            (32, 490),
            (32, 10),
        ]
        assert all(before.made == after.taken for before, after in itertools.pairwise(layers))
        assert sum(layer.parameters for layer in layers) == sum(p.numel() for p in run.model.parameters())
        assert layers[0].code == repr(run.model.block_1[0])
        assert (layers[0].name, layers[0].kind, layers[-1].name) == ("block_1.0", "Conv2d", "classifier.1")

    def test_a_look_changes_nothing_and_ends_with_what_the_model_says(self):
        run = wb.Run(wb.ImageConfig(model="relu"))
        run.model.train()
        X = run.data.test.floats(slice(0, 5))
        layers = wb.layers_of(run.model, X)
        assert run.model.training
        assert not any(module._forward_hooks for module in run.model.modules())
        assert torch.equal(layers[-1].output, run.predict(X))

    @pytest.mark.parametrize(("size", "said"), [(10, "mat1 and mat2 shapes cannot be multiplied"), (490, "")])
    def test_a_linear_layer_of_the_wrong_size_is_refused_in_the_words_of_pytorch(self, size, said):
        assert said in wb.shape_error(torch.zeros(1, 490), size)
        assert bool(wb.shape_error(torch.zeros(1, 490), size)) == bool(said)


def test_who_asks_for_the_same_files_again_shares_the_pictures(tmp_path):
    first, again = fashion.fashion_mnist("fashion_mnist_small"), fashion.fashion_mnist("fashion_mnist_small")
    assert first is again
