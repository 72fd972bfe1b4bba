// The small picture in a tile: the boundary of a network with some of its points, or how right pictures are so far.

import { hasEnded, placeOf } from "./curves.js";
import { TEST } from "./parts.js";
import { CLASSES, shapeOf } from "../../player/plane/classes.js";
import { Picture, ramp } from "../../player/plane/paint.js";

const SOFT = [0.62, 0.14]; // how much of its colour a picture under points has at most, and at least
const WIDE = 400; // pixels, from which percents are written
const LEVELS = 32; // a pixel is its class times this, plus how sure the network is

export class Little {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "wb-wall-little";
    this.canvas.ariaHidden = "true";
  }

  // Take another curve, size or theme.
  take(curve, colors) {
    Object.assign(this, { curve, colors, shown: undefined });
    const { canvas } = this;
    const drawn = curve && curve.epochs && curve.kind !== "linear";
    canvas.hidden = !drawn;
    if (!drawn) return;
    canvas.classList.toggle("wb-wall-wide", curve.kind === "images");
    [this.width, this.height] = [canvas.clientWidth, canvas.clientHeight];
    [canvas.width, canvas.height] = [this.width * devicePixelRatio, this.height * devicePixelRatio];
  }

  draw(epoch) {
    const { curve } = this;
    if (!this.width || this.canvas.hidden || !curve) return;
    const n = curve.kind === "points" ? placeOf({ at: curve.pictured }, epoch) : placeOf(curve, epoch);
    if (n === this.shown) return;
    this.shown = n;
    const ink = this.canvas.getContext("2d");
    ink.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ink.clearRect(0, 0, this.width, this.height);
    if (curve.kind === "points") this.boundary(ink, n);
    else this.accuracies(ink, n, epoch);
  }

  boundary(ink, n) {
    const { curve, colors, width, height } = this;
    const { side, spots } = curve;
    this.picture ??= new Picture(side);
    const from = n * side * side;
    for (let k = 0; k < side * side; k++) this.picture.pixels[k] = colors.levels[curve.pictures[from + k]];
    this.picture.flush();
    this.picture.draw(ink, 0, 0, width, height);
    const size = Math.max(1.8, width / 90);
    for (let k = 0; k < spots.length; k += 3) {
      ink.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, devicePixelRatio * spots[k] * width, devicePixelRatio * (1 - spots[k + 1]) * height);
      Object.assign(ink, { fillStyle: CLASSES[spots[k + 2]].color, strokeStyle: colors.paper, lineWidth: 0.8 });
      const shape = shapeOf(spots[k + 2], size);
      ink.fill(shape);
      ink.stroke(shape);
    }
  }

  // A line from 0 to 100 percent over all epochs, strong up to the one on show.
  accuracies(ink, n, epoch) {
    const { curve, colors, width, height } = this;
    const across = (k) => 6 + ((width - 12) * k) / Math.max(curve.epochs - 1, 1);
    const up = (percent) => height - 6 - ((height - 12) * percent) / 100;
    Object.assign(ink, { strokeStyle: colors.faint, lineWidth: 1 });
    Object.assign(ink, { fillStyle: colors.text, font: `16px ${colors.font}` });
    for (const percent of [0, 50, 100]) {
      ink.strokeRect(0, up(percent), width, 0);
      if (width > WIDE) ink.fillText(`${percent}%`, 6, up(percent) + (percent ? 18 : -6));
    }
    Object.assign(ink, { strokeStyle: TEST, fillStyle: colors.paper });
    for (const [last, width, alpha] of [[curve.epochs - 1, 2, 0.3], [n, 3, 1]]) {
      Object.assign(ink, { lineWidth: width, globalAlpha: alpha });
      ink.beginPath();
      for (let k = 0; k <= last; k++) ink.lineTo(across(k), up(curve.test_accuracy[k]));
      ink.stroke();
    }
    ink.beginPath();
    if (hasEnded(curve, epoch)) ink.rect(across(n) - 4, up(curve.test_accuracy[n]) - 4, 8, 8);
    else ink.arc(across(n), up(curve.test_accuracy[n]), 4.5, 0, 2 * Math.PI);
    ink.fill();
    ink.stroke();
  }
}

// The colours of a theme, which all little pictures share.
export function colorsOf(root) {
  const style = getComputedStyle(root);
  const paper = style.getPropertyValue("--wall-paper").trim();
  const levels = new Uint32Array(CLASSES.length * LEVELS);
  CLASSES.forEach(({ color }, k) => {
    const colors = ramp(paper, color, color, ...SOFT);
    for (let n = 0; n < LEVELS; n++) levels[k * LEVELS + n] = colors[128 + Math.floor((127 * n) / (LEVELS - 1))];
  });
  return { paper, text: style.color, font: style.fontFamily, faint: style.getPropertyValue("--wall-line").trim(), levels };
}
