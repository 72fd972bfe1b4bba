// The hand on the points: by mouse, pen or finger it grabs one, adds one, or drags one out of the chart.

const NEAR = { mouse: 12, pen: 16, touch: 28 }; // pixels by which a hand may miss a point
const TREMBLE = 8; // pixels that a finger moves without wanting anything

export class Pointer {
  constructor(edit, overlay) {
    Object.assign(this, { edit, overlay, element: overlay.element });
    const listeners = { pointerdown: this.down, pointermove: this.move, pointerup: this.up, pointercancel: this.cancel };
    for (const [name, listener] of Object.entries(listeners)) this.element.addEventListener(name, listener.bind(this));
    // A finger that begins on a point moves it; elsewhere it scrolls the page.
    this.element.addEventListener("touchstart", (event) => this.hold(event), { passive: false });
  }

  // The nearest point that a hand of this kind may mean, or -1.
  at({ x, y }, pointer) {
    const { overlay } = this;
    let [found, nearest] = [-1, NEAR[pointer] ?? NEAR.mouse];
    this.edit.points.forEach(([px, py], n) => {
      const far = Math.hypot(overlay.across(px) - x, overlay.up(py) - y);
      if (far <= nearest) [found, nearest] = [n, far];
    });
    return found;
  }

  hold(event) {
    if (!this.edit.on || event.touches.length > 1 || event.target.matches(".wb-handle")) return;
    if (this.at(this.overlay.placeOf(event.touches[0]), "touch") >= 0) event.preventDefault();
  }

  down(event) {
    if (!this.edit.on || this.hand || event.button !== 0 || !event.isPrimary || event.target.matches(".wb-handle")) return;
    const { overlay } = this;
    const place = overlay.placeOf(event);
    const index = this.at(place, event.pointerType);
    if (index < 0 && overlay.isOutside(place, 0)) return;
    this.edit.commit();
    this.hand = { id: event.pointerId, from: place, index, first: this.edit.points, before: this.edit.points };
    if (index < 0 && event.pointerType === "touch") return; // a tap or a swipe: its end will tell
    event.preventDefault();
    this.element.setPointerCapture(event.pointerId);
    if (index < 0) this.add(place);
    else this.edit.choose(index);
    if (!this.hand) return; // refused
    const [px, py] = this.edit.points[this.edit.current];
    this.hand.off = { x: overlay.across(px) - place.x, y: overlay.up(py) - place.y }; // a hand may miss
    this.edit.cursor.focus({ preventScroll: true });
  }

  move(event) {
    const { hand, overlay } = this;
    if (!hand && this.edit.on) this.element.style.cursor = this.at(overlay.placeOf(event), event.pointerType) < 0 ? "" : "grab";
    if (event.pointerId !== hand?.id || hand.index < 0) return;
    const place = overlay.placeOf(event);
    const far = Math.hypot(place.x - hand.from.x, place.y - hand.from.y);
    if (!hand.moves && far < (event.pointerType === "touch" ? TREMBLE : 3)) return;
    hand.moves = true;
    hand.gone = overlay.isOutside(place);
    const { left, right, top, bottom } = overlay.axes;
    const x = Math.max(left, Math.min(right, place.x + hand.off.x));
    const y = Math.max(top, Math.min(bottom, place.y + hand.off.y));
    if (hand.gone) this.edit.show(hand.before.filter((_, n) => n !== hand.index));
    else this.edit.move(hand.before, hand.index, [overlay.valueAt("x", x), overlay.valueAt("y", y)]);
  }

  up(event) {
    const { hand } = this;
    if (event.pointerId !== hand?.id) return;
    const place = this.overlay.placeOf(event);
    if (hand.index < 0 && Math.hypot(place.x - hand.from.x, place.y - hand.from.y) < TREMBLE) {
      this.add(place);
      this.edit.cursor.focus({ preventScroll: true });
    }
    const { gone, moves, index, first } = hand;
    this.hand = undefined;
    if (gone) this.edit.removed();
    else if (index === first.length && !moves) this.edit.added();
    else this.edit.say();
    this.edit.commit();
    this.edit.host.follow();
  }

  cancel(event) {
    if (event.pointerId !== this.hand?.id) return;
    const { first, index } = this.hand;
    this.hand = undefined;
    if (index < 0) return; // a finger that scrolls
    this.edit.show(first);
    this.edit.commit();
  }

  add(place) {
    const { overlay } = this;
    const point = this.edit.made([overlay.valueAt("x", place.x), overlay.valueAt("y", place.y)]);
    this.edit.current = this.edit.points.length;
    if (this.hand) Object.assign(this.hand, { index: this.edit.current, before: [...this.edit.points, point] });
    this.edit.show([...this.edit.points, point]);
    if (!this.edit.refused) return;
    this.edit.current = 0;
    this.hand = undefined;
  }
}
