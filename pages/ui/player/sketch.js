// Draws the lines and marks of a chart on a canvas, with the axes and the look that they have in its figure.
// plotly.js takes ten times as long for a picture: too long for every place of a dragged thumb.

const NAMED = { solid: [], dot: [1, 1], dash: [3, 3] }; // dashes, in widths of the line

const FAR = 1e4; // pixels; what is further away is cut off, because browsers draw it in wrong places

const STAR = Array.from({ length: 10 }, (_, k) => {
  const [angle, far] = [(k * Math.PI) / 5, k % 2 ? 0.535 : 1.4];
  return `${(far * Math.sin(angle)).toFixed(3)},${(-far * Math.cos(angle)).toFixed(3)}`;
});
const SHAPES = {
  circle: "M1,0A1,1 0 1,1 -1,0A1,1 0 1,1 1,0Z",
  square: "M1,1H-1V-1H1Z",
  diamond: "M1.3,0L0,1.3L-1.3,0L0,-1.3Z",
  "triangle-up": "M-1.155,0.5H1.155L0,-1Z",
  "triangle-down": "M-1.155,-0.5H1.155L0,1Z",
  x: "M0,0.566L0.566,1.131L1.131,0.566L0.566,0L1.131,-0.566L0.566,-1.131L0,-0.566L-0.566,-1.131L-1.131,-0.566L-0.566,0L-1.131,0.566L-0.566,1.131Z",
  star: `M${STAR.join("L")}Z`,
};
const marks = new Map(); // symbol and size -> Path2D

export class Sketch {
  // The sketch of these traces of a figure in a box, with such axes; undefined if there are others than it can draw.
  static of(box, traces, layout, margin) {
    const known = ({ type = "scatter", marker }) => type === "scatter" && (!marker?.symbol || marker.symbol.replace("-open", "") in SHAPES);
    if (!layout["xaxis.range"] || !layout["yaxis.range"] || !traces.every(known)) return undefined;
    return (box.sketch ??= new Sketch(box, margin));
  }

  // `box` holds the plots and the canvas; `margin` is what the figure leaves around the axes.
  constructor(box, margin) {
    Object.assign(this, { box, margin, canvas: box.querySelector("canvas") });
  }

  // The size is read once and not for every picture, because reading it makes the browser lay out the page.
  fit() {
    const { canvas, box } = this;
    [this.width, this.height, this.scale] = [box.clientWidth, box.clientHeight, devicePixelRatio];
    [canvas.width, canvas.height] = [this.width * this.scale, this.height * this.scale];
    this.fitted = true;
  }

  // Draw these traces, each { x, y } with its look, in place of plotly.js.
  draw(traces, layout) {
    if (!this.fitted) this.fit();
    const { width, height, scale, margin } = this;
    const ink = this.canvas.getContext("2d");
    ink.setTransform(scale, 0, 0, scale, 0, 0);
    ink.clearRect(0, 0, width, height);
    ink.save();
    ink.beginPath();
    ink.rect(margin.l, margin.t, width - margin.l - margin.r, height - margin.t - margin.b);
    ink.clip();
    const across = place(layout, "xaxis", margin.l, width - margin.r);
    const up = place(layout, "yaxis", height - margin.b, margin.t);
    for (const trace of traces) {
      ink.globalAlpha = trace.opacity ?? 1;
      if (trace.mode.includes("lines")) line(ink, trace, across, up);
      if (trace.mode.includes("markers")) points(ink, trace, across, up, scale);
    }
    ink.restore();
    this.show(true);
  }

  // Show this drawing, or that of plotly.js.
  show(shown) {
    if (this.shown === shown) return;
    this.shown = shown;
    this.box.classList.toggle("wb-sketched", shown);
  }
}

// Where a value of an axis is, in pixels between `from` and `to`.
function place(layout, axis, from, to) {
  const [low, high] = layout[`${axis}.range`];
  const length = (to - from) / (high - low);
  if (layout[`${axis}.type`] === "log") return (value) => from + (Math.log10(value) - low) * length;
  return (value) => from + (value - low) * length;
}

function line(ink, { x, y, line: { color, width, dash = "solid" }, connectgaps }, across, up) {
  ink.strokeStyle = color;
  ink.lineWidth = width;
  ink.lineJoin = "round";
  ink.setLineDash(NAMED[dash]?.map((part) => part * width) ?? dash.split(",").map(parseFloat));
  ink.beginPath();
  let before;
  for (let k = 0; k < x.length; k++) {
    const now = [across(x[k]), up(y[k])];
    if (y[k] === null || !now.every(Number.isFinite)) {
      if (!connectgaps) before = undefined;
      continue;
    }
    const [begin, end] = before ? near(before, now) : [1, 1];
    if (begin > 0) ink.moveTo(...between(before ?? now, now, begin));
    if (begin < end) ink.lineTo(...between(before, now, end));
    before = now;
  }
  ink.stroke();
}

// Where the part of a segment begins and ends that is not far away, from 0 to 1.
function near(from, to) {
  let [begin, end] = [0, 1];
  for (const axis of [0, 1]) {
    if (Math.abs(from[axis]) <= FAR && Math.abs(to[axis]) <= FAR) continue;
    const cuts = [-FAR, FAR].map((edge) => (edge - from[axis]) / (to[axis] - from[axis] || 1e-9));
    [begin, end] = [Math.max(begin, Math.min(...cuts)), Math.min(end, Math.max(...cuts))];
  }
  return begin < end ? [begin, end] : [1, 1];
}

function between(from, to, part) {
  return part === 0 ? from : part === 1 ? to : [0, 1].map((axis) => from[axis] + part * (to[axis] - from[axis]));
}

function points(ink, { x, y, marker: { symbol = "circle", size, color, line: edge } }, across, up, scale) {
  const open = symbol.endsWith("-open");
  const key = `${symbol} ${size}`;
  if (!marks.has(key)) {
    const mark = new Path2D();
    mark.addPath(new Path2D(SHAPES[symbol.replace("-open", "")]), new DOMMatrix([size / 2, 0, 0, size / 2, 0, 0]));
    marks.set(key, mark);
  }
  ink.setLineDash([]);
  ink.lineWidth = edge?.width ?? (open ? 1 : 0);
  ink.fillStyle = color;
  ink.strokeStyle = open ? color : edge?.color;
  for (let k = 0; k < x.length; k++) {
    const [left, top] = [across(x[k]), up(y[k])];
    if (y[k] === null || !Number.isFinite(left) || !Number.isFinite(top)) continue;
    ink.setTransform(scale, 0, 0, scale, scale * left, scale * top);
    if (!open) ink.fill(marks.get(key));
    if (ink.lineWidth && (open || edge?.width)) ink.stroke(marks.get(key));
  }
  ink.setTransform(scale, 0, 0, scale, 0, 0);
}
