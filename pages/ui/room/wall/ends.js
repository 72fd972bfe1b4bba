// Everybody's weight and bias on one landscape: the loss map of the data that most learn from, else axes alone.

import { placeOf } from "./curves.js";
import { fill, PATH, TARGET } from "./parts.js";
import { Sheet, rounded } from "./sheet.js";
import { whole, write } from "../../player/text.js";
import { viridis } from "../../player/viridis.js";

const NEAR = 16; // pixels from the pointer to a mark
const FAR = 4; // from the target: what goes further leaves the landscape, as in the lab

export class Ends extends Sheet {
  // `ask` fetches a path from the server.
  constructor(pointed, ask, changed) {
    super("wb-wall-ends", pointed);
    Object.assign(this, { ask, changed, map: undefined });
  }

  take(runs, words, language) {
    Object.assign(this, { runs: runs.filter(({ curve }) => curve.epochs), words, language });
    if (!this.runs.length || !this.fit()) return;
    const groups = new Map();
    for (const run of this.runs) groups.set(run.curve.data, [...(groups.get(run.curve.data) ?? []), run]);
    const [most] = [...groups.values()].sort((a, b) => b.length - a.length);
    const common = 2 * most.length > this.runs.length; // a map of fewer would mislead
    for (const run of this.runs) run.other = common && run.curve.data !== most[0].curve.data;
    this.targets = common ? [most[0].curve.target] : [...new Map(this.runs.map(({ curve: { target } }) => [String(target), target])).values()];
    this.axes = { x: this.range("weight", 0), y: this.range("bias", 1), names: [words.weight, words.bias] };
    if (common) this.fetchMap(most[0]);
    else this.map = this.asked = undefined;
    const ink = this.ink(this.ground);
    if (this.map) this.paint(ink);
    this.drawAxes(ink, !this.map);
    ink.save();
    this.clip(ink);
    Object.assign(ink, { strokeStyle: this.map ? "#fff" : this.color, lineWidth: 1.5, globalAlpha: this.map ? 0.4 : 0.25 });
    for (const run of this.runs) run.trail = this.trailOf(run.curve);
    for (const { trail } of this.runs.filter(({ bad }) => !bad)) ink.stroke(trail); // those of the others would hide the map
    ink.restore();
    write(this.key, [words.ends_key, !common && words.no_map, most.length < this.runs.length && common && words.other_data].filter(Boolean).join(" · "));
  }

  range(name, part) {
    let [low, high] = [Infinity, -Infinity];
    const note = (value) => ([low, high] = [Math.min(low, value), Math.max(high, value)]);
    const calm = this.runs.filter(({ bad }) => !bad);
    for (const { curve } of calm.length ? calm : this.runs) {
      const goal = curve.target[part];
      const far = Math.max(FAR, 1.25 * Math.abs(curve[name][0] - goal));
      note(goal);
      for (const value of curve[name]) note(Math.min(Math.max(value, goal - far), goal + far));
    }
    const air = Math.max(0.2 * (high - low), 0.15);
    return rounded(low - air, high + air);
  }

  trailOf({ at, weight, bias }) {
    const path = new Path2D();
    const far = (value) => Math.min(Math.max(value, -1e4), 1e4);
    for (let n = 0; n < at.length; n++) path.lineTo(far(this.x(weight[n])), far(this.y(bias[n])));
    return path;
  }

  async fetchMap({ id, curve }) {
    const { x, y } = this.axes;
    const asked = String([curve.data, x, y]);
    if (this.asked === asked) return;
    Object.assign(this, { asked, map: undefined });
    const found = await this.ask(`room-map?seat=${id}&weight=${x}&bias=${y}`);
    if (!found || this.asked !== asked) {
      if (this.asked === asked) this.asked = undefined; // the next news ask again
      return;
    }
    const bytes = Uint8Array.from(atob(found.losses), (letter) => letter.charCodeAt(0));
    this.map = picture(new Float32Array(bytes.buffer), found.size);
    this.changed();
  }

  paint(ink) {
    const { left, right, top, bottom } = this.room;
    const inner = this.map.width - 1;
    ink.imageSmoothingQuality = "high";
    ink.drawImage(this.map, 0.5, 0.5, inner, inner, left, top, right - left, bottom - top);
  }

  star(ink, x, y) {
    ink.beginPath();
    for (let n = 0; n < 10; n++) {
      const [r, angle] = [n % 2 ? 4.5 : 11, (n * Math.PI) / 5];
      ink.lineTo(x + r * Math.sin(angle), y - r * Math.cos(angle));
    }
    ink.closePath();
    Object.assign(ink, { fillStyle: TARGET, strokeStyle: "#fff", lineWidth: 1.5 });
    ink.fill();
    ink.stroke();
  }

  draw(epoch, held) {
    if (!this.runs?.length || !this.width) return;
    const ink = this.ink(this.front);
    ink.save();
    this.clip(ink, 1);
    const found = this.runs.find(({ id }) => id === held);
    for (const run of this.runs) this.mark(ink, run, epoch, 7);
    for (const [weight, bias] of this.targets) this.star(ink, this.x(weight), this.y(bias));
    if (found) {
      Object.assign(ink, { strokeStyle: this.map ? "#fff" : this.color, lineWidth: 2.5 });
      ink.stroke(found.trail);
      this.mark(ink, found, epoch, 11);
    }
    ink.restore();
    if (found) this.label(ink, found.name, ...this.placeIn(found, epoch));
    const inside = this.runs.filter((run) => this.isInside(...this.placeIn(run, epoch))).length;
    const names = { epoch: whole(epoch, this.language), count: inside, outside: this.runs.length - inside };
    const text = fill(names.outside ? this.words.ends_outside : this.words.ends_title, names);
    write(this.title, text);
    this.image.ariaLabel = text;
  }

  placeIn({ curve }, epoch) {
    const n = placeOf(curve, epoch);
    return [this.x(curve.weight[n]), this.y(curve.bias[n])];
  }

  isInside(x, y) {
    const { left, right, top, bottom } = this.room;
    return x >= left && x <= right && y >= top && y <= bottom;
  }

  mark(ink, run, epoch, r) {
    const [x, y] = this.placeIn(run, epoch);
    run.place = [x, y];
    ink.beginPath();
    for (const [across, up] of [[0, -r], [r, 0], [0, r], [-r, 0]]) ink.lineTo(x + across, y + up);
    ink.closePath();
    const around = this.map ? "#fff" : this.paper;
    Object.assign(ink, { fillStyle: run.other ? around : PATH, strokeStyle: run.other ? PATH : around, lineWidth: 1.5 });
    ink.fill();
    ink.stroke();
  }

  at(x, y) {
    let [nearest, best] = [undefined, NEAR];
    for (const { id, place } of this.runs) {
      const far = place ? Math.hypot(place[0] - x, place[1] - y) : Infinity;
      if (far < best) [nearest, best] = [id, far];
    }
    return nearest;
  }
}

// Losses as colours, by powers as in the lab.
function picture(losses, size) {
  const logs = losses.map((loss) => Math.log(Math.max(loss, 1e-12)));
  const sorted = logs.slice().sort();
  const [low, high] = [sorted[Math.floor(0.002 * sorted.length)], sorted.at(-1)];
  const canvas = new OffscreenCanvas(size, size);
  const image = new ImageData(size, size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const share = (logs[(size - 1 - row) * size + column] - low) / (high - low || 1);
      image.data.set([...viridis(Math.min(Math.max(share, 0), 1)), 255], 4 * (row * size + column));
    }
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}
