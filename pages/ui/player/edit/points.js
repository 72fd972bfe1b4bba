// Lists of points, each [x, y] or [x1, x2, class].

// Which points are for training, as wb_core/base/split.py has it.
export function isForTraining(n, { length }, { fraction, shuffled }) {
  return shuffled ? shuffled[n] !== "0" : n < Math.min(Math.max(1, Math.floor(fraction * length)), length - 1);
}

// Whether these are the same points in the same order.
export function same(some, others) {
  return some.length === others.length && some.every((point, n) => point.every((value, k) => value === others[n][k]));
}
