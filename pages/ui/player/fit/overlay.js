// What lies over the chart of the points: sticks or squares at the points, a line placed by hand, and its handles.

export class Overlay {
  // `box` is the chart, `margin` what its figure leaves around the axes.
  constructor(box, margin) {
    this.element = document.createElement("div");
    Object.assign(this.element, { className: "wb-over", role: "group" });
    this.canvas = this.element.appendChild(document.createElement("canvas"));
    box.append(this.element);
    this.margin = margin;
    this.ranges = { x: [0, 1], y: [0, 1] };
    this.sizes = new ResizeObserver(() => this.fit());
    this.sizes.observe(this.element);
    this.scrolled = () => this.forget();
    addEventListener("scroll", this.scrolled, { capture: true, passive: true });
  }

  end() {
    this.sizes.disconnect();
    removeEventListener("scroll", this.scrolled, true);
    this.element.remove();
  }

  // The size is read when it changes and not for every picture, because reading it makes the browser lay out the page.
  fit() {
    const { canvas, element } = this;
    this.forget();
    [this.width, this.height] = [element.clientWidth, element.clientHeight];
    [canvas.width, canvas.height] = [this.width * devicePixelRatio, this.height * devicePixelRatio];
    this.redraw?.();
  }

  // The axes in pixels: left, right, top and bottom.
  get axes() {
    const { l, r, t, b } = this.margin;
    return { left: l, right: this.width - r, top: t, bottom: this.height - b };
  }

  // Where a value is, in pixels.
  across(x) {
    const { left, right } = this.axes;
    return left + ((x - this.ranges.x[0]) / (this.ranges.x[1] - this.ranges.x[0])) * (right - left);
  }

  up(y) {
    const { top, bottom } = this.axes;
    return bottom - ((y - this.ranges.y[0]) / (this.ranges.y[1] - this.ranges.y[0])) * (bottom - top);
  }

  // The value at a place in pixels, with as many digits as a pixel can tell apart.
  valueAt(axis, pixel) {
    const { left, right, top, bottom } = this.axes;
    const [low, high] = this.ranges[axis];
    const part = axis === "x" ? (pixel - left) / (right - left) : (bottom - pixel) / (bottom - top);
    return rounded(low + part * (high - low), (high - low) / (axis === "x" ? right - left : bottom - top));
  }

  // Where a pointer is, in pixels. The corner is read at a press and after the page has scrolled.
  placeOf({ type, clientX, clientY }) {
    if (type !== "pointermove") this.forget();
    this.corner ??= this.element.getBoundingClientRect();
    return { x: clientX - this.corner.left, y: clientY - this.corner.top };
  }

  forget() {
    this.corner = undefined;
  }

  // Whether a place is further outside the axes than a trembling hand.
  isOutside({ x, y }, most = 14) {
    const { left, right, top, bottom } = this.axes;
    return x < left - most || x > right + most || y < top - most || y > bottom + most;
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

// A number to the digits that a step of this size leaves.
export function rounded(value, step) {
  const power = Math.floor(Math.log10(step));
  const scale = 10 ** Math.abs(power);
  return power < 0 ? Math.round(value * scale) / scale : Math.round(value / scale) * scale;
}
