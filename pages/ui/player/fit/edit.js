// Points that a hand adds, moves and removes. The browser follows each move; letting go tells the server all points.
//
// What is edited is a `Draft` of the server's points, which the charts show until the server shows the same.

import { Draft, isForTraining, same } from "./draft.js";
import { rounded } from "./overlay.js";

const NEAR = { mouse: 12, pen: 16, touch: 28 }; // pixels by which a hand may miss a point
const TREMBLE = 8; // pixels that a finger moves without wanting anything
const RESTS = 700; // milliseconds after the last key, after which the server gets the points
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Edit {
  constructor(fit, button) {
    Object.assign(this, { fit, button, on: false, current: 0 });
    this.element = fit.overlay.element;
    this.cursor = this.element.appendChild(document.createElement("button"));
    Object.assign(this.cursor, { type: "button", className: "wb-cursor" });
    button.onclick = (event) => {
      this.turn(!this.on);
      if (this.on && !event.detail) this.cursor.focus({ preventScroll: true }); // by keys
    };
    const listeners = { pointerdown: this.down, pointermove: this.move, pointerup: this.up, pointercancel: this.cancel };
    for (const [name, listener] of Object.entries(listeners)) this.element.addEventListener(name, listener.bind(this));
    // A finger that begins on a point moves it; elsewhere it scrolls the page.
    this.element.addEventListener("touchstart", (event) => this.hold(event), { passive: false });
    this.cursor.onkeydown = (event) => this.key(event);
    this.cursor.onfocus = () => this.choose(this.current);
    this.cursor.onblur = () => {
      if (!this.on) this.said = undefined;
      this.commit();
      this.fit.follow();
    };
  }

  // A message of the server.
  update() {
    const { words, data: { points } } = this.fit;
    this.button.textContent = words.edit;
    this.button.title = points ? words.edit_help : words.too_many;
    this.button.disabled = !points;
    this.element.ariaLabel = words.points;
    if (!points) this.turn(false);
    if (points) this.current = Math.min(this.current, this.points.length - 1);
    if (!this.draft) this.fade(false);
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
    return Boolean(this.hand || this.waiting);
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

  // --- hands

  // The nearest point that a hand of this kind may mean, or -1.
  at({ x, y }, pointer) {
    const { overlay } = this.fit;
    let [found, nearest] = [-1, NEAR[pointer] ?? NEAR.mouse];
    this.points.forEach(([px, py], n) => {
      const far = Math.hypot(overlay.across(px) - x, overlay.up(py) - y);
      if (far <= nearest) [found, nearest] = [n, far];
    });
    return found;
  }

  hold(event) {
    if (!this.on || event.touches.length > 1 || event.target.matches(".wb-handle")) return;
    if (this.at(this.fit.overlay.placeOf(event.touches[0]), "touch") >= 0) event.preventDefault();
  }

  down(event) {
    if (!this.on || this.hand || event.button !== 0 || !event.isPrimary || event.target.matches(".wb-handle")) return;
    const { overlay } = this.fit;
    const place = overlay.placeOf(event);
    const index = this.at(place, event.pointerType);
    if (index < 0 && overlay.isOutside(place, 0)) return;
    this.commit();
    this.hand = { id: event.pointerId, from: place, index, first: this.points, before: this.points };
    if (index < 0 && event.pointerType === "touch") return; // a tap or a swipe: its end will tell
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    if (index < 0) this.add(place);
    else this.choose(index);
    const [px, py] = this.points[this.current];
    this.hand.off = { x: overlay.across(px) - place.x, y: overlay.up(py) - place.y }; // a hand may miss
    this.cursor.focus({ preventScroll: true });
  }

  move(event) {
    const { hand, fit: { overlay } } = this;
    if (!hand && this.on) this.element.style.cursor = this.at(overlay.placeOf(event), event.pointerType) < 0 ? "" : "grab";
    if (event.pointerId !== hand?.id || hand.index < 0) return;
    const place = overlay.placeOf(event);
    const far = Math.hypot(place.x - hand.from.x, place.y - hand.from.y);
    if (!hand.moves && far < (event.pointerType === "touch" ? TREMBLE : 3)) return;
    hand.moves = true;
    hand.gone = overlay.isOutside(place);
    const { left, right, top, bottom } = overlay.axes;
    const x = Math.max(left, Math.min(right, place.x + hand.off.x));
    const y = Math.max(top, Math.min(bottom, place.y + hand.off.y));
    if (hand.gone) this.show(hand.before.filter((_, n) => n !== hand.index));
    else this.show(hand.before.with(hand.index, [overlay.valueAt("x", x), overlay.valueAt("y", y)]));
    this.say();
  }

  up(event) {
    const { hand } = this;
    if (event.pointerId !== hand?.id) return;
    const place = this.fit.overlay.placeOf(event);
    if (hand.index < 0 && Math.hypot(place.x - hand.from.x, place.y - hand.from.y) < TREMBLE) {
      this.add(place);
      this.cursor.focus({ preventScroll: true });
    }
    const { gone } = hand;
    this.hand = undefined;
    if (gone) this.removed();
    else this.say();
    this.commit();
    this.fit.follow();
  }

  cancel(event) {
    if (event.pointerId !== this.hand?.id) return;
    const { first, index } = this.hand;
    this.hand = undefined;
    if (index < 0) return; // a finger that scrolls
    this.show(first);
    this.commit();
  }

  add(place) {
    const { overlay } = this.fit;
    const point = [overlay.valueAt("x", place.x), overlay.valueAt("y", place.y)];
    this.current = this.points.length;
    if (this.hand) Object.assign(this.hand, { index: this.current, before: [...this.points, point] });
    this.show([...this.points, point]);
  }

  // --- keys

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.goes(event.key) ?? (this.on ? this.changes(event) : this.reads(event.key));
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // in the player, arrows go to other epochs
    act();
  }

  // What a key does: go to another point,
  goes(key) {
    const there = { PageUp: this.current - 1, PageDown: this.current + 1, Home: 0, End: this.points.length - 1 }[key];
    return there === undefined ? undefined : () => this.choose(there);
  }

  // change the points,
  changes({ key, shiftKey }) {
    if (ARROWS[key]) return () => this.step(ARROWS[key], shiftKey ? 10 : 1);
    if (key === "Delete" || key === "Backspace") return () => this.remove();
    return { Enter: () => this.addBeside(), Escape: () => this.leave() }[key];
  }

  // or, outside of the mode, read them.
  reads(key) {
    if (ARROWS[key]) return () => this.choose(this.current + (ARROWS[key][0] || -ARROWS[key][1]));
    return { Enter: () => this.tell(this.current), " ": () => this.tell(this.current), Escape: () => this.tell(null) }[key];
  }

  leave() {
    this.turn(false);
    this.button.focus();
  }

  // A click outside of the mode: show the biography of the point there, or of none.
  pick(event) {
    if (this.on || !this.points) return;
    const index = this.at(this.fit.overlay.placeOf(event), event.pointerType);
    this.tell(index < 0 ? null : index);
  }

  // Ask the server for the biography of a point; the same point again closes it.
  tell(index) {
    const { chosen } = this.fit.data;
    const wanted = index === chosen ? null : index;
    if (wanted === null && chosen === null) return;
    if (wanted !== null) this.current = wanted;
    this.fit.player.press("point", wanted ?? -1);
  }

  choose(index) {
    this.current = (index + this.points.length) % this.points.length;
    this.say();
    this.fit.follow();
  }

  // Move the point by some steps, each about a hundredth of the axis.
  step([right, up], times) {
    const { ranges } = this.fit.overlay;
    const moved = this.points[this.current].map((value, axis) => {
      const [low, high] = ranges["xy"[axis]];
      const step = 10 ** Math.floor(Math.log10((high - low) / 50));
      return rounded(Math.max(low, Math.min(high, value + [right, up][axis] * times * step)), step / 100);
    });
    this.show(this.points.with(this.current, moved));
    this.say();
    this.wait();
  }

  // Add a point in the middle between this one and the next.
  addBeside() {
    const [one, other] = [this.current, this.current + 1].map((n) => this.points[n % this.points.length]);
    const middle = one.map((value, axis) => rounded((value + other[axis]) / 2, Math.abs(other[axis] - value) / 100 || 1e-6));
    this.current = this.points.length;
    this.show([...this.points, middle]);
    this.say();
    this.wait();
  }

  remove() {
    this.show(this.points.filter((_, n) => n !== this.current));
    this.removed();
    this.wait();
  }

  // --- what follows

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
    if (this.refused || this.hand?.gone || !point) return;
    const [x, y] = point.map((value) => String(Number(value.toPrecision(7))));
    const names = { number: this.current + 1, count: this.points.length, x, y };
    const text = isForTraining(this.current, this.points, data) ? words.point : words.test_point;
    this.said = text.replace(/\{(\w+)\}/g, (_, name) => names[name]);
  }

  // Show these points, if a line can learn from them.
  show(points) {
    this.refused = points.length < 2 || points.every(([x]) => x === points[0][0]) || points.length > this.fit.data.most;
    if (this.refused) {
      this.said = this.fit.words.refused;
      return this.fit.follow();
    }
    this.draft = new Draft(this.fit, points, this.draft);
    this.fade(true);
    this.fit.player.showIn(this.fit.at, this.draft.shown());
  }

  // Fade the loss map, which is still that of the points before.
  fade(faded) {
    if (faded !== Boolean(this.faded)) this.fit.player.root.classList.toggle("wb-unground", faded);
    this.faded = faded;
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
    this.cursor.classList.toggle("wb-gone", Boolean(this.hand?.gone));
  }
}
