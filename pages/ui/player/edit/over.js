// What lies over a chart of points: where values are in pixels, and which value is at a pixel.

export class Over {
  // `box` is the chart, `margin` what its figure leaves around the axes.
  constructor(box, margin) {
    this.element = document.createElement("div");
    Object.assign(this.element, { className: "wb-over", role: "group" });
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
    const { element } = this;
    this.forget();
    [this.width, this.height] = [element.clientWidth, element.clientHeight];
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
}

// A number to the digits that a step of this size leaves.
export function rounded(value, step) {
  const power = Math.floor(Math.log10(step));
  const scale = 10 ** Math.abs(power);
  return power < 0 ? Math.round(value * scale) / scale : Math.round(value / scale) * scale;
}
