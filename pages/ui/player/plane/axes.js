// The axes of the plane: the area that holds all points, round numbers along it, and what a value is in pixels.

const MARGIN = 0.08; // of the points' width on each side
const UNEQUAL = 3; // times that one axis is longer than the other, before they get different units

// The area around points, square in their units where that is sensible.
export function areaOf({ x1, x2 }) {
  const ends = [x1, x2].map((values) => values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]));
  const lengths = ends.map(([low, high]) => Math.max(high - low, 1e-6 * Math.max(Math.abs(low), Math.abs(high)), 1e-6));
  const most = Math.max(...lengths);
  const equal = most / Math.min(...lengths) <= UNEQUAL;
  const [x, y] = ends.map(([low, high], axis) => {
    const half = (0.5 + MARGIN) * (equal ? most : lengths[axis]);
    return [(low + high) / 2 - half, (low + high) / 2 + half];
  });
  return { x, y };
}

// About `count` round numbers within an axis, and how many digits they have after the point.
export function ticksOf([low, high], count = 5) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((one) => one * power >= rough) * power;
  const first = Math.ceil(low / step);
  const values = Array.from({ length: Math.floor(high / step) - first + 1 }, (_, k) => (first + k) * step);
  return { values, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}
