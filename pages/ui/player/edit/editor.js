// Points that a hand adds, moves and removes in a chart. The browser follows each move; letting go tells the server all points.
//
// What is edited is a draft { points, base, sent } of the server's points, which the chart shows until the server shows the
// same. The `host` has what the server says, `data` and `words`, the `overlay` over its chart, the `player`, and `follow()`,
// which draws what has changed. Those that make an editor of their own of this one say which points are refused, `refusal`,
// what a draft of points is, `drafted`, and how it comes on show and goes, `display` and `restore`.

import { Keys } from "./keys.js";
import { isForTraining, same } from "./points.js";
import { Pointer } from "./pointer.js";

const RESTS = 700; // milliseconds after the last key, after which the server gets the points

export class Editor {
  constructor(host, button) {
    Object.assign(this, { host, button, on: false, current: 0 });
    this.element = host.overlay.element;
    this.cursor = this.element.appendChild(document.createElement("button"));
    Object.assign(this.cursor, { type: "button", className: "wb-cursor" });
    button.onclick = (event) => {
      this.turn(!this.on);
      if (!this.on) return;
      this.cursor.focus({ preventScroll: true });
      if (event.detail) this.hush(); // by mouse or finger, who first need to read how
    };
    this.pointer = new Pointer(this, host.overlay);
    new Keys(this);
    this.cursor.onfocus = () => this.choose(this.current);
    this.cursor.onblur = () => {
      if (!this.on) this.said = undefined;
      this.commit();
      this.host.follow();
    };
  }

  // A message of the server.
  update() {
    const { words, data: { points } } = this.host;
    this.button.textContent = words.edit;
    this.button.title = points ? words.edit_help : words.too_many;
    this.button.disabled = !points;
    this.element.ariaLabel = words.points;
    if (!points) this.turn(false);
    const old = this.refused ?? (this.said && !this.isHeld ? this.told : undefined); // of which points it speaks
    if (old && !(points && same(points, old))) this.hush();
    if (points) this.current = Math.min(this.current, this.points.length - 1);
  }

  // The draft that stays on show when such points arrive: one that is still in hand, or on its way to the server.
  held(points) {
    const { draft } = this;
    if (draft && (!points || same(points, draft.points) || !(this.isHeld || same(points, draft.base)))) this.draft = undefined;
    return this.draft;
  }

  // The points on show: those of the hand, or those of the server.
  get points() {
    return this.draft?.points ?? this.host.data.points;
  }

  // Whether a hand is moving points.
  get isHeld() {
    return Boolean(this.pointer.hand || this.waiting);
  }

  // What there is to say beside the chart.
  get says() {
    return this.said ?? (this.on ? this.host.words.how : undefined);
  }

  turn(on) {
    if (this.on === on) return;
    this.on = on;
    this.said = undefined;
    this.button.ariaPressed = String(on);
    this.element.classList.toggle("wb-editing", on);
    this.commit();
    this.host.follow();
  }

  // Say how to edit, and nothing of a point.
  hush() {
    [this.said, this.refused] = [];
    this.host.follow();
  }

  choose(index) {
    this.current = (index + this.points.length) % this.points.length;
    this.refused = undefined;
    this.say();
    this.host.follow();
  }

  // A new point at a place.
  made(place) {
    return place;
  }

  // Move one of some points to another place.
  move(points, index, place) {
    this.show(points.with(index, [...place, ...points[index].slice(2)]));
  }

  // What a key does that is not one of every editor's.
  keyOf() {}

  // Say of a new point that the model doesn't learn from it, if that is so.
  added() {
    const { words, data } = this.host;
    if (!this.refused && !isForTraining(this.current, this.points, data)) this.said = words.new_test_point;
  }

  removed() {
    if (this.refused) return;
    this.current = Math.min(this.current, this.points.length - 1);
    this.said = this.host.words.removed.replace("{count}", this.points.length);
    this.told = this.points;
  }

  // Say which point this is, unless there was something to refuse.
  say() {
    const { words, data } = this.host;
    const point = this.points[this.current];
    if (this.refused || this.pointer.hand?.gone || !point) return;
    const [x, y] = point.map((value) => String(Number(value.toPrecision(7))));
    this.told = this.points;
    const names = { number: this.current + 1, count: this.points.length, x, y, label: words.classes?.[point[2]] };
    const text = isForTraining(this.current, this.points, data) ? words.point : words.test_point;
    this.said = text.replace(/\{(\w+)\}/g, (_, name) => names[name]);
  }

  // Show these points and say which one is held, if a model can learn from them.
  show(points) {
    const { words, data } = this.host;
    this.refused = undefined;
    const refusal = points.length > data.most ? words.too_many : this.refusal(points);
    if (refusal) {
      this.refused = this.points; // until the server has others
      this.said = refusal;
      return this.host.follow();
    }
    this.draft = this.drafted(points);
    this.say();
    this.display();
  }

  wait() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.commit(), RESTS);
    this.host.follow();
  }

  // Tell the server.
  commit() {
    clearTimeout(this.waiting);
    this.waiting = undefined;
    const { draft, host } = this;
    if (!draft || draft.sent) return;
    if (same(draft.points, host.data.points)) return this.forget();
    draft.sent = true;
    host.player.press("points", draft.points);
  }

  // Go back to the points of the server.
  forget() {
    this.draft = undefined;
    this.restore();
  }

  // The cursor lies on the current point. While that one is removed it stays in sight, which keeps the focus.
  place() {
    const { overlay, words } = this.host;
    const point = this.points?.[Math.min(this.current, this.points.length - 1)];
    this.cursor.hidden = !point;
    if (!point) return;
    this.cursor.style.translate = `${overlay.across(point[0])}px ${overlay.up(point[1])}px`;
    this.cursor.ariaLabel = this.said ?? words.points;
    this.cursor.title = this.on ? words.keys : (words.reads ?? "");
    this.cursor.classList.toggle("wb-gone", Boolean(this.pointer.hand?.gone));
  }
}
