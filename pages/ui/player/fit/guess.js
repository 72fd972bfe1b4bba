// A line placed by hand: two handles that go up and down, each at its X.

import { rounded } from "../edit/over.js";

const PLACES = [0.12, 0.88]; // of the handles, as parts of the chart's width
const KEYS = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

export class Guess {
  constructor(fit, button) {
    Object.assign(this, { fit, button, on: false });
    this.handles = PLACES.map((_, k) => this.handle(k));
    button.onclick = () => this.turn();
  }

  handle(k) {
    const handle = this.fit.overlay.element.appendChild(document.createElement("div"));
    Object.assign(handle, { className: "wb-handle", tabIndex: 0, hidden: true, role: "slider", ariaOrientation: "vertical" });
    handle.onpointerdown = (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      event.preventDefault();
    };
    handle.onpointermove = (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const { top, bottom } = this.fit.overlay.axes;
      const { y } = this.fit.overlay.placeOf(event);
      this.move(k, this.fit.overlay.valueAt("y", Math.max(top, Math.min(bottom, y))));
    };
    handle.onkeydown = (event) => {
      const steps = KEYS[event.key];
      if (!steps || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation(); // in the player, arrows go to other epochs
      const step = this.step;
      this.move(k, rounded(this.ends[k].y + steps * step * (event.shiftKey ? 10 : 1), step));
    };
    return handle;
  }

  // The step of a key: a hundredth of the chart, to a round number.
  get step() {
    const [low, high] = this.fit.overlay.ranges.y;
    return 10 ** Math.floor(Math.log10((high - low) / 50));
  }

  update() {
    const { words, data: { all } } = this.fit;
    this.button.textContent = words.guess;
    this.button.title = all ? words.guess_help : words.loss;
    this.button.disabled = !all;
    if (!all && this.on) this.turn();
    this.handles.forEach((handle, k) => (handle.ariaLabel = words.ends[k]));
  }

  // Show the line or hide it. The first guess is flat, at the middle of the points.
  turn() {
    this.on = !this.on;
    this.button.ariaPressed = String(this.on);
    if (!this.ends) {
      const { x } = this.fit.overlay.ranges;
      const { y } = this.fit.pointsOf("train");
      const middle = y.reduce((sum, value) => sum + value, 0) / y.length;
      this.ends = PLACES.map((part) => ({ x: x[0] + part * (x[1] - x[0]), y: middle }));
    }
    this.fit.follow();
  }

  move(k, y) {
    this.ends[k].y = y;
    this.fit.follow();
  }

  get line() {
    if (!this.on) return undefined;
    const [one, other] = this.ends;
    const weight = (other.y - one.y) / (other.x - one.x);
    return { weight, bias: one.y - weight * one.x };
  }

  draw(ink) {
    const { overlay, player } = this.fit;
    if (this.on) overlay.line(ink, this.line, { color: player.charts.colours.text, width: 2, dash: [10, 4] });
  }

  // The handles follow the axes; they keep their line if these change.
  place() {
    const { overlay, format } = this.fit;
    const { line } = this;
    const { top, bottom } = overlay.axes;
    this.handles.forEach((handle, k) => {
      handle.hidden = !this.on;
      if (!line) return;
      const { x } = overlay.ranges;
      const end = this.ends[k];
      end.x = x[0] + PLACES[k] * (x[1] - x[0]);
      end.y = line.weight * end.x + line.bias;
      handle.style.translate = `${overlay.across(end.x)}px ${Math.max(top, Math.min(bottom, overlay.up(end.y)))}px`;
      handle.setAttribute("aria-valuenow", end.y);
      handle.setAttribute("aria-valuetext", format(end.y));
    });
  }
}
