"""A network 2-8-8-1 of 300 epochs: from Train to its picture, and scrubbing, each picture of its own epoch."""

import statistics
from collections.abc import Iterator

from .browser import chromium, drawn, visit
from .first_train import train
from .report import Line, show
from .server import serve

EPOCHS, SWEEPS, TRAININGS = 300, 5, 7
PATH = f"points?points=200&noise=0.1&hidden=8-8&activation=tanh&optimizer=adam&lr=0.02&epochs={EPOCHS}"

# Moves the slider by an epoch in every frame: how many pictures were drawn, how many are of another epoch than the
# slider, and the milliseconds from each move to all drawings.
SCRUB = """async (epochs) => {
  const slider = document.querySelector(".wb-epoch input"), scene = document.querySelector(".wb-scene");
  const seen = { wrong: 0, pictures: 0, took: [] };
  const draw = scene.plane.boundary.draw;
  scene.plane.boundary.draw = function (...parts) { seen.pictures += 1; return draw.apply(this, parts); };
  const began = performance.now();
  for (let epoch = 0; epoch < epochs; epoch++) {
    await new Promise(requestAnimationFrame);
    const before = performance.now();
    slider.value = epoch;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    seen.took.push(performance.now() - before);
    if (Number(scene.dataset.epoch) !== epoch) seen.wrong += 1;
  }
  seen.rate = (1000 * epochs) / (performance.now() - began);
  delete scene.plane.boundary.draw;
  return seen;
}"""


def measure() -> Iterator[Line]:
    """Pictures a second, the median of several sweeps of the slider."""
    with serve() as server, chromium() as browser:
        page = visit(browser, f"{server.address}/{PATH}")
        drawn(page)
        times = [train(page, EPOCHS) for _ in range(TRAININGS)]
        drawn(page)
        sweeps = [page.evaluate(SCRUB, EPOCHS) for _ in range(SWEEPS)]
    took = statistics.median(times[1:])
    figure = f"{took:.0f} ms (the first {times[0]:.0f} ms)"
    yield Line("Train to the end of 2-8-8-1, its first picture", figure, "at most 600 ms, aim at 200", took <= 600)
    rates = [sweep["rate"] for sweep in sweeps]
    rate, wrong = statistics.median(rates), sum(sweep["wrong"] for sweep in sweeps)
    fewest, took = min(sweep["pictures"] for sweep in sweeps), statistics.median(sweeps[-1]["took"])
    figure = f"{rate:.1f} a second ({min(rates):.1f} to {max(rates):.1f}), {took:.1f} ms each"
    yield Line("scrubbing 2-8-8-1, boundary and units", figure, "at least 55 a second", rate >= 55)
    drew = f"{fewest} of {EPOCHS}, {wrong} of another epoch"
    yield Line("scrubbing, pictures drawn", drew, f"{EPOCHS}, 0", fewest == EPOCHS and not wrong)


if __name__ == "__main__":
    show(measure())
