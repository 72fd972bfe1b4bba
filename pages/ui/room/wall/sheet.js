// A chart of the wall: axes and all that rests on one canvas, and what moves with the epoch on another one.

import { element } from "../elements.js";
import { ticksOf } from "../../player/plane/axes.js";
import { format } from "../../player/text.js";

export class Sheet {
  constructor(className, pointed) {
    this.ground = element("canvas", "");
    this.front = element("canvas", "");
    this.image = element("div", "wb-sheet-image", this.ground, this.front);
    this.image.setAttribute("role", "img");
    this.title = element("h2", "");
    this.key = element("p", "wb-sheet-key");
    this.box = element("section", `wb-sheet ${className}`, this.title, this.image, this.key);
    this.image.onpointermove = ({ clientX, clientY }) => {
      const { left, top } = this.image.getBoundingClientRect();
      pointed(this.runs && this.width ? this.at(clientX - left, clientY - top) : undefined);
    };
    this.image.onpointerleave = () => pointed(undefined);
  }

  // Read size and colours; returns whether there is room to draw.
  fit() {
    const { image } = this;
    [this.width, this.height] = [image.clientWidth, image.clientHeight];
    if (!this.width) return false;
    const style = getComputedStyle(image);
    const size = Math.max(12, parseFloat(style.fontSize) * 0.95);
    Object.assign(this, { size, color: style.color, font: `${size}px ${style.fontFamily}`, faint: style.getPropertyValue("--wall-line"), paper: style.getPropertyValue("--wall-paper") });
    for (const canvas of [this.ground, this.front]) {
      [canvas.width, canvas.height] = [Math.round(this.width * devicePixelRatio), Math.round(this.height * devicePixelRatio)];
    }
    this.room = { left: 4.6 * size, right: this.width - 1.2 * size, top: 0.6 * size, bottom: this.height - 3.2 * size };
    return this.room.right > this.room.left;
  }

  ink(canvas) {
    const ink = canvas.getContext("2d");
    ink.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ink.clearRect(0, 0, this.width, this.height);
    Object.assign(ink, { font: this.font, fillStyle: this.color, lineJoin: "round" });
    return ink;
  }

  x(value) {
    const { left, right } = this.room;
    const [low, high] = this.axes.x;
    return left + ((value - low) / (high - low)) * (right - left);
  }

  y(value) {
    const { top, bottom } = this.room;
    const [low, high] = this.axes.y;
    const share = this.axes.log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return bottom - share * (bottom - top);
  }

  // Draw the axes { x, y, log, names }, with lines to read from.
  drawAxes(ink, lines = true) {
    const { left, right, top, bottom } = this.room;
    const { axes, size } = this;
    Object.assign(ink, { strokeStyle: this.faint, lineWidth: 1, textAlign: "center", textBaseline: "top" });
    const across = ticksOf(axes.x, Math.max(3, Math.min(8, (right - left) / (6 * size))));
    for (const value of across.values) {
      if (lines) line(ink, this.x(value), top, this.x(value), bottom);
      ink.fillText(signed(value, across.digits), this.x(value), bottom + 0.35 * size);
    }
    ink.textAlign = "right";
    ink.textBaseline = "middle";
    for (const [value, text] of axes.log ? powers(axes.y) : linear(axes.y)) {
      if (lines) line(ink, left, this.y(value), right, this.y(value));
      ink.fillText(text, left - 0.4 * size, this.y(value));
    }
    ink.strokeRect(left, top, right - left, bottom - top);
    Object.assign(ink, { textAlign: "center", textBaseline: "alphabetic" });
    ink.fillText(axes.names[0], (left + right) / 2, this.height - 0.35 * size);
    ink.save();
    ink.translate(0.95 * size, (top + bottom) / 2);
    ink.rotate(-Math.PI / 2);
    ink.fillText(axes.names[1], 0, 0);
    ink.restore();
  }

  // Only what lies within the axes is drawn, with `more` pixels around.
  clip(ink, more = 0, until = this.room.right) {
    const { left, top, bottom } = this.room;
    ink.beginPath();
    ink.rect(left - more, top - more, until - left + 2 * more, bottom - top + 2 * more);
    ink.clip();
  }

  // A name beside a place, on paper, within the picture.
  label(ink, text, x, y) {
    const { size, room } = this;
    const width = ink.measureText(text).width + size;
    const left = x + size + width < room.right ? x + 0.8 * size : x - 0.8 * size - width;
    const top = Math.min(Math.max(y - 0.9 * size, room.top), room.bottom - 1.8 * size);
    Object.assign(ink, { fillStyle: this.paper, strokeStyle: this.color, lineWidth: 1 });
    ink.beginPath();
    ink.roundRect(left, top, width, 1.8 * size, 0.35 * size);
    ink.fill();
    ink.stroke();
    Object.assign(ink, { fillStyle: this.color, textAlign: "left", textBaseline: "middle" });
    ink.fillText(text, left + size / 2, top + 0.95 * size);
  }
}

function line(ink, x1, y1, x2, y2) {
  ink.beginPath();
  ink.moveTo(x1, y1);
  ink.lineTo(x2, y2);
  ink.stroke();
}

const signed = (value, digits) => value.toFixed(digits).replace(/^-0(\.0*)?$/, "0").replace("-", "−");

function linear(range) {
  const { values, digits } = ticksOf(range, 5);
  return values.map((value) => [value, Math.abs(value) < 1e5 ? signed(value, digits) : format(value)]);
}

function powers([low, high]) {
  const decades = Math.log10(high / low);
  const every = Math.max(1, Math.ceil(decades / 6));
  const found = [];
  for (let power = Math.ceil(Math.log10(low) - 1e-9); 10 ** power <= high * (1 + 1e-9); power += every) {
    for (const digit of decades < 2.5 ? [1, 2, 5] : [1]) {
      const value = digit * 10 ** power;
      if (value <= high * (1 + 1e-9)) found.push([value, power < -3 || power > 4 ? value.toExponential(0).replace("+", "").replace("-", "−") : String(Number(value.toPrecision(1)))]);
    }
  }
  return found;
}

// Round ends around numbers, so that most news change no axis.
export function rounded(low, high) {
  const rough = Math.max(high - low, 1e-9) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((one) => one * power >= rough) * power;
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step];
}
