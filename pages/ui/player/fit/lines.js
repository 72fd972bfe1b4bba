// Losses of a line, and the line with the least of them, as wb_core/kinds/line/best_line.py has it.
//
// A line is { weight, bias }. X and y are arrays; y and what lines predict count in units of `unit`.

export const LOSSES = {
  l1: (apart) => Math.abs(apart),
  mse: (apart) => apart * apart,
  huber: (apart) => (Math.abs(apart) <= 1 ? 0.5 * apart * apart : Math.abs(apart) - 0.5),
};

// The mean loss of a line.
export function lossOf(loss, { weight, bias }, { X, y }, unit = 1) {
  let sum = 0;
  for (let n = 0; n < X.length; n++) sum += LOSSES[loss]((weight * X[n] + bias - y[n]) / unit);
  return sum / X.length;
}

// The line with the least loss; of points that all have the same X, the flat one.
export function bestLine(loss, { X, y }, unit = 1) {
  const [middle, height] = [mean(X), mean(y)]; // subtracted, because numbers far from 0 lose digits
  const moved = { X: Float64Array.from(X, (x) => x - middle), y: Float64Array.from(y, (one) => (one - height) / unit) };
  const { weight, bias } = BEST[loss](moved);
  return { weight: weight * unit, bias: bias * unit + height - weight * unit * middle };
}

const BEST = { mse: leastSquares, l1: leastDeviations, huber };

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function leastSquares({ X, y }) {
  const middle = mean(X);
  let [products, squares] = [0, 0];
  X.forEach((x, n) => {
    products += (x - middle) * y[n];
    squares += (x - middle) ** 2;
  });
  const weight = squares ? products / squares : 0;
  return { weight, bias: mean(y) - weight * middle };
}

// Bisects the weights: for each, the best bias is a median, and what remains is a convex function of the weight.
function leastDeviations({ X, y }) {
  let [low, high] = slopes({ X, y });
  const rest = new Float64Array(y.length);
  for (;;) {
    const weight = (low + high) / 2;
    X.forEach((x, n) => (rest[n] = y[n] - weight * x));
    const bias = median(rest);
    const tilt = tiltOf(rest, X, bias);
    if (!(low < weight && weight < high) || tilt === 0) return { weight, bias };
    if (tilt > 0) low = weight;
    else high = weight;
  }
}

// How the loss falls with the weight. Points on the line take the share that balances the others.
function tiltOf(rest, X, bias) {
  let [tilt, sum, on, onX] = [0, 0, 0, 0];
  rest.forEach((value, n) => {
    const sign = Math.sign(value - bias);
    sum += sign;
    tilt += sign * X[n];
    if (!sign) {
      on += 1;
      onX += X[n];
    }
  });
  return on ? tilt - (sum / on) * onX : tilt;
}

// The least and the greatest slope from a point to one at the next X.
function slopes({ X, y }) {
  const byX = new Map(); // X -> lowest and highest y
  X.forEach((x, n) => {
    const [low, high] = byX.get(x) ?? [Infinity, -Infinity];
    byX.set(x, [Math.min(low, y[n]), Math.max(high, y[n])]);
  });
  const all = [...byX].sort(([one], [other]) => one - other);
  let [least, greatest] = all.length > 1 ? [Infinity, -Infinity] : [0, 0];
  for (let k = 1; k < all.length; k++) {
    const [[from, [low, high]], [to, [lowest, highest]]] = [all[k - 1], all[k]];
    least = Math.min(least, (lowest - high) / (to - from));
    greatest = Math.max(greatest, (highest - low) / (to - from));
  }
  return [least, greatest];
}

function median(values) {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// Newton's method from the least deviations, with half-steps while it overshoots.
function huber(points) {
  const { X, y } = points;
  const apart = ({ weight, bias }, n) => weight * X[n] + bias - y[n];
  const least = leastSquares(points);
  if (X.every((x) => x === X[0])) return { weight: 0, bias: huberMean(y) };
  if (X.every((_, n) => Math.abs(apart(least, n)) <= 1)) return least;
  let line = leastDeviations(points);
  let best = lossOf("huber", line, points);
  for (let k = 0; k < 100; k++) {
    const step = newton(points, line, apart);
    const after = (size) => ({ weight: line.weight - size * step.weight, bias: line.bias - size * step.bias });
    let size = 1;
    while (lossOf("huber", after(size), points) > best && size > 1e-9) size /= 2;
    const now = lossOf("huber", after(size), points);
    if (!(now < best)) break;
    [line, best] = [after(size), now];
  }
  return line;
}

// The points within 1 give the curvature; a small share of the others keeps it positive if these are too few.
function newton({ X }, line, apart) {
  let [ww, wb, bb, w, b] = [0, 0, 0, 0, 0];
  X.forEach((x, n) => {
    const far = apart(line, n);
    const share = (Math.abs(far) <= 1 ? 1 : 0) + 1e-3 / Math.max(Math.abs(far), 1);
    const slope = Math.max(-1, Math.min(1, far));
    [ww, wb, bb] = [ww + share * x * x, wb + share * x, bb + share];
    [w, b] = [w + slope * x, b + slope];
  });
  const determinant = ww * bb - wb * wb;
  return { weight: (bb * w - wb * b) / determinant, bias: (ww * b - wb * w) / determinant };
}

// The number with the least Huber loss to all of y, where the clipped residuals balance.
function huberMean(y) {
  let [low, high] = [Math.min(...y), Math.max(...y)];
  for (let middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2) {
    const sum = y.reduce((sum, value) => sum + Math.max(-1, Math.min(1, middle - value)), 0);
    if (sum < 0) low = middle;
    else high = middle;
  }
  return high;
}
