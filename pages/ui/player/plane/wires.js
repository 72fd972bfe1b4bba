// The weights of the network as lines: the larger, the wider; those below 0 are dashed and have the other colour.

const STEPS = 12; // widths, so that the lines of a width are drawn at once
const WIDEST = 5;
const DASH = [4, 3];
const NEAR = { mouse: 6, touch: 16 }; // pixels by which a hand may miss a line
const MOST = 0.999;

// How large a weight or a bias is, from 0 to 1.
export function sizeOf(value) {
  return Math.abs(value) / (Math.abs(value) + 1.5);
}

export class Wires {
  // `ends` are { layer, unit, from, x0, y0, x1, y1 }: the weight from a unit of the layer before to a unit. `scale` makes
  // all lines thinner.
  constructor(ends, scale) {
    Object.assign(this, { ends, scale });
  }

  weightOf({ layer, unit, from }, network, parameters) {
    const { before, weight } = network.layers[layer];
    return parameters[weight + unit * before + from];
  }

  // Draw all lines, those of `shown` (a test for lines, or none) stronger than the others.
  draw(ink, network, parameters, colours, shown) {
    const groups = new Map();
    for (const end of this.ends) {
      const value = this.weightOf(end, network, parameters);
      if (!Number.isFinite(value)) continue;
      const step = Math.floor(Math.min(sizeOf(value), MOST) * STEPS);
      const key = (value < 0 ? -1 - step : step) + (shown?.(end) ? 100 : 0);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(end);
    }
    for (const [key, ends] of [...groups].sort(([one], [other]) => one - other)) {
      const strong = key > 50;
      const step = strong ? key - 100 : key;
      const size = ((step < 0 ? -1 - step : step) + 0.5) / STEPS;
      ink.beginPath();
      for (const end of ends) trace(ink, end);
      ink.strokeStyle = colours[step < 0 ? 0 : 1];
      ink.lineWidth = Math.max(strong ? 1.6 : 0.6, WIDEST * size * this.scale);
      ink.globalAlpha = strong ? 1 : (shown ? 0.25 : 1) * (0.4 + 0.6 * size) * this.scale ** 0.5;
      ink.setLineDash(step < 0 ? DASH : []);
      ink.stroke();
    }
    ink.globalAlpha = 1;
    ink.setLineDash([]);
  }

  // The line under a pointer of this kind.
  at(x, y, pointer) {
    let [found, nearest] = [undefined, NEAR[pointer] ?? NEAR.mouse];
    for (const end of this.ends) {
      if (x < end.x0 || x > end.x1) continue;
      const far = Math.abs(heightOf(end, x) - y);
      if (far < nearest) [found, nearest] = [end, far];
    }
    return found;
  }

  find({ layer, unit, from }) {
    return this.ends.find((end) => end.layer === layer && end.unit === unit && end.from === from);
  }
}

function trace(ink, { x0, y0, x1, y1 }) {
  const middle = (x0 + x1) / 2;
  ink.moveTo(x0, y0);
  ink.bezierCurveTo(middle, y0, middle, y1, x1, y1);
}

// The height of a line at a place between its ends.
function heightOf({ x0, y0, x1, y1 }, x) {
  const part = (x - x0) / (x1 - x0);
  let t = part;
  for (let k = 0; k < 4; k++) t -= (1.5 * t - 1.5 * t * t + t * t * t - part) / (1.5 - 3 * t + 3 * t * t);
  return y0 + (y1 - y0) * t * t * (3 - 2 * t);
}
