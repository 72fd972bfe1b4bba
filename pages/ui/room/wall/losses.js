// Everybody's test loss on one chart. What was trained up to the epoch is drawn strongly, what comes after it faintly.

import { hasEnded, placeOf } from "./curves.js";
import { element } from "../elements.js";
import { fill, TEST, WARNING } from "./parts.js";
import { Sheet, rounded } from "./sheet.js";
import { format, whole, write } from "../../player/text.js";

const NEAR = 14; // pixels from the pointer to a line
const TOO_FAR = 10; // times the first loss, where a run that explodes leaves the chart
const REACH = 2; // shown epochs on each side that a band takes together
const TURNS = 10;
const SPREAD = 20; // the largest loss by the smallest, from which the axis counts in powers

export class Losses extends Sheet {
  constructor(pointed) {
    super("wb-wall-losses", pointed);
    this.lines = element("canvas", "");
  }

  // Take runs { id, name, curve, bad } and draw all that rests.
  take(runs, words, language) {
    Object.assign(this, { runs: runs.filter(({ curve }) => curve.epochs), words, language });
    if (!this.runs.length || !this.fit()) return;
    this.axes = this.axesOf();
    const ink = this.ink(this.ground);
    this.drawAxes(ink);
    for (const run of this.runs) this.trace(run);
    ink.save();
    this.clip(ink);
    for (const run of this.runs) this.stroke(ink, run, 1.5, 0.2);
    ink.restore();
    [this.lines.width, this.lines.height] = [this.ground.width, this.ground.height];
    const strong = this.ink(this.lines);
    this.clip(strong);
    for (const run of this.runs) this.stroke(strong, run, 2, 0.75);
    this.key.textContent = words.losses_key;
  }

  axesOf() {
    let [low, high, last] = [Infinity, 0, 1];
    const firsts = this.runs.map(({ curve }) => curve.test_loss[0]).sort((a, b) => a - b);
    const top = TOO_FAR * firsts[firsts.length >> 1];
    for (const { curve } of this.runs) {
      last = Math.max(last, curve.epochs - 1);
      for (const loss of curve.test_loss) {
        if (loss < low) low = loss;
        if (loss > high && loss <= top) high = loss;
      }
    }
    const { words } = this;
    const log = low > 0 && high / low > SPREAD;
    const y = log ? [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))] : rounded(0, high || 1);
    return { x: [0, last], y, log, names: [words.epoch, words.loss] };
  }

  // The path of a run. Of one that bounces there is a band, too, and the middle of it: thirty zigzags hide each other.
  trace(run) {
    const { at, test_loss, lowest, highest } = run.curve;
    const across = Array.from(at, (epoch) => this.x(epoch));
    const up = Array.from(test_loss, (loss) => this.heightOf(loss));
    run.path = run.middle = pathOf(across, up);
    run.band = undefined;
    let ends;
    if (lowest) ends = [highest, lowest].map((losses) => Array.from(losses, (loss) => this.heightOf(loss)));
    else if (this.runs.length > 1 && bounces(test_loss)) ends = around(up);
    if (!ends) return;
    const [top, bottom] = ends;
    run.middle = pathOf(across, top.map((one, n) => (one + bottom[n]) / 2));
    run.band = pathOf([...across, ...across.toReversed()], [...top, ...bottom.toReversed()]);
  }

  // A loss in pixels; what is 0 stands at the bottom of an axis that counts in powers.
  heightOf(loss) {
    return Math.min(Math.max(this.y(Math.max(loss, this.axes.log ? this.axes.y[0] : -Infinity)), -1e4), 1e4);
  }

  stroke(ink, { middle, band, bad }, width, alpha) {
    const color = bad ? WARNING : TEST;
    Object.assign(ink, { strokeStyle: color, fillStyle: color, lineWidth: width, globalAlpha: 0.12 * alpha });
    if (band) ink.fill(band);
    ink.globalAlpha = alpha;
    ink.setLineDash(bad ? [7, 5] : []);
    ink.stroke(middle);
  }

  draw(epoch, held) {
    if (!this.runs?.length || !this.width) return;
    const ink = this.ink(this.front);
    const across = this.x(epoch);
    ink.save();
    this.clip(ink, 0, across);
    if (held) ink.globalAlpha = 0.35;
    ink.drawImage(this.lines, 0, 0, this.width, this.height);
    ink.restore();
    const found = this.runs.find(({ id }) => id === held);
    if (found) this.hold(ink, found, across);
    for (const run of this.runs) this.mark(ink, run, epoch);
    if (found) this.mark(ink, found, epoch, true);
    this.say(epoch);
  }

  hold(ink, { path, band }, until) {
    ink.save();
    this.clip(ink, 0, until);
    Object.assign(ink, { strokeStyle: this.color, lineWidth: band ? 1.5 : 4 });
    ink.stroke(path);
    ink.restore();
  }

  // Where a run is: a ring while it trains, a square at its end, a cross where it exploded.
  mark(ink, run, epoch, held = false) {
    const { curve, bad } = run;
    const n = placeOf(curve, epoch);
    const [x, y] = [this.x(curve.at[n]), this.heightOf(curve.test_loss[n])];
    if (y < this.room.top - 1) return;
    const r = held ? 7 : 4.5;
    Object.assign(ink, { strokeStyle: held ? this.color : bad ? WARNING : TEST, fillStyle: this.paper, lineWidth: held ? 3 : 2 });
    ink.beginPath();
    if (!hasEnded(curve, epoch)) ink.arc(x, y, r, 0, 2 * Math.PI);
    else if (curve.exploded) cross(ink, x, y, r);
    else ink.rect(x - r, y - r, 2 * r, 2 * r);
    ink.fill();
    ink.stroke();
    if (held) this.label(ink, `${run.name}: ${format(curve.test_loss[n])}`, x, y);
  }

  say(epoch) {
    const { words } = this;
    const losses = this.runs.map(({ curve }) => curve.test_loss[placeOf(curve, epoch)]).sort((a, b) => a - b);
    const middle = (losses[(losses.length - 1) >> 1] + losses[losses.length >> 1]) / 2;
    const names = { epoch: whole(epoch, this.language), median: format(middle), best: format(losses[0]), count: losses.length };
    const text = fill(losses.length > 1 ? words.losses_title : words.loss_title, names);
    write(this.title, text);
    this.image.ariaLabel = text;
  }

  at(x, y) {
    if (!this.axes) return undefined;
    const { left, right } = this.room;
    const epoch = ((x - left) / (right - left)) * (this.axes.x[1] - this.axes.x[0]);
    let [nearest, best] = [undefined, NEAR];
    for (const { id, curve } of this.runs) {
      const n = placeOf(curve, epoch + 0.5);
      const far = Math.hypot(Math.max(0, x - this.x(curve.at[n]) - 4), this.heightOf(curve.test_loss[n]) - y);
      if (far < best) [nearest, best] = [id, far];
    }
    return nearest;
  }
}

function pathOf(across, up) {
  const path = new Path2D();
  for (let n = 0; n < across.length; n++) path.lineTo(across[n], up[n]);
  return path;
}

// The highest and the lowest of some heights together, in pixels.
function around(up) {
  const some = up.map((_, n) => up.slice(Math.max(0, n - REACH), n + REACH + 1));
  return [some.map((one) => Math.min(...one)), some.map((one) => Math.max(...one))];
}

// Whether a loss often goes up and down from epoch to epoch.
function bounces(losses) {
  let turns = 0;
  for (let n = 2; n < losses.length; n++) if ((losses[n] - losses[n - 1]) * (losses[n - 1] - losses[n - 2]) < 0) turns++;
  return turns > TURNS;
}

function cross(ink, x, y, r) {
  ink.moveTo(x - r, y - r);
  ink.lineTo(x + r, y + r);
  ink.moveTo(x - r, y + r);
  ink.lineTo(x + r, y - r);
}
