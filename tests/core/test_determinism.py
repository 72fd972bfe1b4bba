"""Same config, same bits: repeated, in threads, in pieces, as a copy; and global randomness is untouched."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import wb_core as wb
from tests.core import plain
from tests.runs import finished
from tests.width import cases

CONFIGS = {
    "defaults": wb.LinearConfig(epochs=60),
    "noise": wb.LinearConfig(epochs=60, noise=0.2, seed=7),
    "momentum": wb.LinearConfig(epochs=60, noise=0.2, model="linear", loss="mse", momentum=0.9),
    "adam": wb.LinearConfig(epochs=60, noise=0.1, model="linear", loss="huber", optimizer="adam", seed=3),
}
every_config = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)


def trained(config):
    return finished(config).history.frame()


@contextmanager
def global_rng_in_use():
    """Another thread seeds torch's global generator and draws from it, all the time."""
    began, stop = Event(), Event()

    def hammer():
        while not stop.is_set():
            torch.manual_seed(42)
            torch.rand(3)
            began.set()

    with torch.random.fork_rng(devices=[]), ThreadPoolExecutor(1) as pool:
        hammering = pool.submit(hammer)
        assert began.wait(timeout=60)
        try:
            yield
        finally:
            stop.set()
        hammering.result()


@every_config
def test_the_same_config_gives_the_same_bits_again(config):
    plain.assert_same_bits(trained(config), trained(config))


def test_other_seeds_give_other_numbers():
    starts = {tuple(wb.Run(wb.LinearConfig(seed=seed)).line.values()) for seed in range(20)}
    assert len(starts) == 20


@every_config
def test_eight_threads_and_a_busy_global_generator_give_the_bits_of_one_plain_loop(config):
    _, expected = plain.train(config)
    barrier = Barrier(8)

    def together(_):
        barrier.wait(timeout=60)
        return trained(config)

    with global_rng_in_use(), ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(together, range(8)))
    for frame in frames:
        plain.assert_same_bits(frame, expected)


def test_threads_with_different_configs_do_not_mix():
    expected = [plain.train(config)[1] for config in CONFIGS.values()]
    with global_rng_in_use(), ThreadPoolExecutor(len(CONFIGS)) as pool:
        frames = list(pool.map(trained, CONFIGS.values()))
    for frame, plain_frame in zip(frames, expected, strict=True):
        plain.assert_same_bits(frame, plain_frame)


@every_config
def test_a_run_leaves_the_global_generator_as_it_found_it(config):
    before = torch.get_rng_state()
    run = wb.Run(config)
    run.advance(epochs=3)
    run.predict(run.data.X_test)
    run.losses()
    wb.loss_surface(run.data, config.loss, (-1, 1), (-1, 1), size=3)
    run.finish()
    assert torch.equal(torch.get_rng_state(), before)


pieces = st.lists(
    st.fixed_dictionaries({"epochs": st.integers(1, 25)}) | st.fixed_dictionaries({"seconds": st.floats(0, 0.003)}),
    max_size=8,
)


@every_config
@given(pieces=pieces)
@settings(max_examples=cases(10))
def test_training_in_any_pieces_gives_the_same_bits(config, pieces):
    run = wb.Run(config)
    for piece in pieces:
        left = config.epochs - run.epoch
        ran = run.advance(**piece)
        assert ran == min(piece["epochs"], left) if "epochs" in piece else min(1, left) <= ran <= left
    run.finish()
    plain.assert_same_bits(run.history.frame(), plain.train(config)[1])


@every_config
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda run: pickle.loads(pickle.dumps(run))], ids=["copy", "pickle"])
def test_a_copy_of_a_half_trained_run_ends_with_the_same_bits(config, copied):
    run = wb.Run(config)
    run.advance(epochs=10)
    other = copied(run)
    other.finish()
    assert (run.epoch, other.epoch) == (10, config.epochs)
    run.finish()
    plain.assert_same_bits(other.history.frame(), run.history.frame())
