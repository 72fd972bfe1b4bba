// Points that a hand adds, moves and removes. The browser follows each move; letting go tells the server all points.
//
// What is edited is a `Draft` of the server's points, which the charts show until the server shows the same.

import { Draft, isForTraining, same } from "./draft.js";
import { Keys } from "./keys.js";
import { Pointer } from "./pointer.js";

const RESTS = 700; // milliseconds after the last key, after which the server gets the points

export class Edit {
  constructor(fit, button) {
    Object.assign(this, { fit, button, on: false, current: 0 });
    this.element = fit.overlay.element;
    this.cursor = this.element.appendChild(document.createElement("button"));
    Object.assign(this.cursor, { type: "button", className: "wb-cursor" });
    button.onclick = (event) => {
      this.turn(!this.on);
      if (!this.on) return;
      this.cursor.focus({ preventScroll: true });
      if (event.detail) this.hush(); // by mouse or finger, who first need to read how
    };
    this.pointer = new Pointer(this, fit.overlay);
    new Keys(this);
    this.cursor.onfocus = () => this.choose(this.current);
    this.cursor.onblur = () => {
      if (!this.on) this.said = undefined;
      this.commit();
      this.fit.follow();
    };
  }

  // A message of the server.
  update() {
    const { words, data: { points, chosen } } = this.fit;
    this.button.textContent = words.edit;
    this.button.title = points ? words.edit_help : words.too_many;
    this.button.disabled = !points;
    this.element.ariaLabel = words.points;
    if (!points) this.turn(false);
    if (this.refused && !(points && same(points, this.refused))) this.hush();
    if (points) this.current = Math.min(this.current, this.points.length - 1);
    if (!this.draft) this.fade(false);
    if (chosen !== null && chosen === this.told) this.seeBiography();
  }

  // Scroll to the biography that was asked for, if it is out of view.
  seeBiography() {
    this.told = undefined;
    const charts = [...this.fit.player.root.querySelectorAll("[data-chart=residual], [data-chart=share]")];
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    charts.at(-1)?.scrollIntoView({ block: "nearest", behavior });
  }

  // What stays on show when such points arrive: a draft that is still in hand, or on its way to the server.
  held(points) {
    const { draft } = this;
    if (draft && (!points || same(points, draft.points) || !(this.isHeld || same(points, draft.base)))) this.draft = undefined;
    return this.draft?.shown();
  }

  // The points on show: those of the hand, or those of the server.
  get points() {
    return this.draft?.points ?? this.fit.data.points;
  }

  // Whether a hand is moving points, whose best line then is the line to look at.
  get isHeld() {
    return Boolean(this.pointer.hand || this.waiting);
  }

  // What there is to say above the meters.
  get says() {
    return this.said ?? (this.on ? this.fit.words.how : undefined);
  }

  turn(on) {
    if (this.on === on) return;
    this.on = on;
    this.said = undefined;
    this.button.ariaPressed = String(on);
    this.element.classList.toggle("wb-editing", on);
    this.commit();
    this.fit.follow();
  }

  // Say how to edit, and nothing of a point.
  hush() {
    [this.said, this.refused] = [];
    this.fit.follow();
  }

  choose(index) {
    this.current = (index + this.points.length) % this.points.length;
    this.refused = undefined;
    this.say();
    this.fit.follow();
  }

  // Ask the server for the biography of a point; the same point again closes it.
  tell(index) {
    const { chosen } = this.fit.data;
    const wanted = index === chosen ? null : index;
    if (wanted === null && chosen === null) return;
    if (wanted !== null) this.current = wanted;
    this.told = wanted;
    this.fit.player.press("point", wanted ?? -1);
  }

  // Say of a new point that the line doesn't learn from it, if that is so.
  added() {
    const { words, data } = this.fit;
    if (!this.refused && !isForTraining(this.current, this.points, data)) this.said = words.new_test_point;
  }

  removed() {
    const { words } = this.fit;
    if (this.refused) return;
    this.current = Math.min(this.current, this.points.length - 1);
    this.said = words.removed.replace("{count}", this.points.length);
  }

  // Say which point this is, unless there was something to refuse.
  say() {
    const { words, data } = this.fit;
    const point = this.points[this.current];
    if (this.refused || this.pointer.hand?.gone || !point) return;
    const [x, y] = point.map((value) => String(Number(value.toPrecision(7))));
    const names = { number: this.current + 1, count: this.points.length, x, y };
    const text = isForTraining(this.current, this.points, data) ? words.point : words.test_point;
    this.said = text.replace(/\{(\w+)\}/g, (_, name) => names[name]);
  }

  // Show these points and say which one is held, if a line can learn from them.
  show(points) {
    const { words, data } = this.fit;
    const many = points.length > data.most;
    this.refused = undefined;
    if (many || points.length < 2 || points.every(([x]) => x === points[0][0])) {
      this.refused = this.points; // until the server has others
      this.said = many ? words.too_many : words.refused;
      return this.fit.follow();
    }
    this.draft = new Draft(this.fit, points, this.draft);
    this.say();
    this.fade(true);
    this.fit.player.showIn(this.fit.at, this.draft.shown());
  }

  // Fade the loss map, which is still that of the points before, and say so.
  fade(faded) {
    if (faded === Boolean(this.faded)) return;
    this.faded = faded;
    const { words, player: { root, charts } } = this.fit;
    root.classList.toggle("wb-unground", faded);
    for (const { chart, grounded } of charts.layers) if (grounded) charts.boxes[chart].dataset.waits = faded ? words.waits : "";
  }

  wait() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.commit(), RESTS);
    this.fit.follow();
  }

  // Tell the server.
  commit() {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    const { draft, fit } = this;
    if (!draft || draft.sent) return;
    if (same(draft.points, fit.data.points)) return this.forget();
    draft.sent = true;
    fit.player.press("points", draft.points);
  }

  // Go back to the points of the server.
  forget() {
    this.draft = undefined;
    this.fade(false);
    this.fit.player.show(this.fit.player.recorded, this.fit.player.stand);
  }

  // A ring around the point whose biography is on show.
  draw(ink) {
    const { overlay, player, data } = this.fit;
    const point = this.points?.[data.chosen];
    if (point) overlay.ring(ink, point, player.charts.colours.text);
  }

  // The cursor lies on the current point.
  place() {
    const { overlay, words } = this.fit;
    const point = this.points?.[this.current];
    this.cursor.hidden = !point;
    if (!point) return;
    this.cursor.style.translate = `${overlay.across(point[0])}px ${overlay.up(point[1])}px`;
    this.cursor.ariaLabel = this.said ?? words.points;
    this.cursor.title = this.on ? words.keys : words.reads;
    this.cursor.classList.toggle("wb-gone", Boolean(this.pointer.hand?.gone));
  }
}
