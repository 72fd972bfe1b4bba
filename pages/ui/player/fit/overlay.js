// What lies over the chart of the points: sticks or squares at the points, a line placed by hand, and its handles.

import { Over } from "../edit/over.js";

export class Overlay extends Over {
  constructor(box, margin) {
    super(box, margin);
    this.canvas = this.element.appendChild(document.createElement("canvas"));
  }

  fit() {
    const { canvas } = this;
    [canvas.width, canvas.height] = [this.element.clientWidth, this.element.clientHeight].map((one) => one * devicePixelRatio);
    super.fit();
  }

  // Begin another picture; returns what draws it.
  clear() {
    const ink = this.canvas.getContext("2d");
    ink.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ink.clearRect(0, 0, this.width, this.height);
    ink.beginPath();
    return ink;
  }

  // Draw within the axes.
  within(draw) {
    const ink = this.clear();
    const { left, right, top, bottom } = this.axes;
    ink.save();
    ink.rect(left, top, right - left, bottom - top);
    ink.clip();
    draw(ink);
    ink.restore();
  }

  line(ink, { weight, bias }, { color, width, dash = [] }) {
    ink.beginPath();
    ink.setLineDash(dash);
    [ink.strokeStyle, ink.lineWidth] = [color, width];
    for (const x of this.ranges.x) ink.lineTo(this.across(x), this.up(weight * x + bias));
    ink.stroke();
  }

  ring(ink, [x, y], color) {
    ink.beginPath();
    ink.setLineDash([]);
    [ink.strokeStyle, ink.lineWidth] = [color, 2];
    ink.arc(this.across(x), this.up(y), 9, 0, 2 * Math.PI);
    ink.stroke();
  }

  // The way from each point to a line: as sticks, or as squares that are square on the screen.
  residuals(ink, { X, y }, { weight, bias }, kind, { color, alpha }) {
    const side = Math.sign(weight) || 1;
    const places = Array.from(X, (x, n) => [this.across(x), this.up(y[n]), this.up(weight * x + bias)]);
    ink.fillStyle = color;
    if (kind === "squares") {
      ink.globalAlpha = alpha * 0.18;
      for (const [left, from, to] of places) ink.fillRect(left, from, side * (from - to), to - from); // away from the line
    }
    ink.globalAlpha = alpha;
    for (const [left, from, to] of places) {
      if (kind === "squares") frame(ink, left, from, side * (from - to), to - from);
      else ink.fillRect(left - 0.75, from, 1.5, to - from);
    }
    ink.globalAlpha = 1;
  }
}

// The edges of a rectangle, one pixel wide: drawn as four others, because a browser without a GPU is slow at lines.
function frame(ink, left, top, width, height) {
  ink.fillRect(left, top, width, 1);
  ink.fillRect(left, top + height, width, 1);
  ink.fillRect(left, top, 1, height);
  ink.fillRect(left + width, top, 1, height);
}
