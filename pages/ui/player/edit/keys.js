// The keys of the point that has the focus: they go to other points, or change the points.

import { rounded } from "./over.js";

export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Keys {
  constructor(edit) {
    this.edit = edit;
    edit.cursor.onkeydown = (event) => this.key(event);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.edit.keyOf(event) ?? this.goes(event.key) ?? (this.edit.on ? this.changes(event) : undefined);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation(); // in the player, arrows go to other epochs
    act();
  }

  // What a key does: go to another point, or
  goes(key) {
    const there = { PageUp: this.edit.current - 1, PageDown: this.edit.current + 1, Home: 0, End: this.edit.points.length - 1 }[key];
    return there === undefined ? undefined : () => this.edit.choose(there);
  }

  // change the points.
  changes({ key, shiftKey }) {
    if (ARROWS[key]) return () => this.step(ARROWS[key], shiftKey ? 10 : 1);
    if (key === "Delete" || key === "Backspace") return () => this.remove();
    return { Enter: () => this.addBeside(), Escape: () => this.leave() }[key];
  }

  leave() {
    this.edit.turn(false);
    this.edit.button.focus();
  }

  // Move the point by some steps, each about a hundredth of the axis.
  step([right, up], times) {
    const { ranges } = this.edit.host.overlay;
    const moved = this.edit.points[this.edit.current].slice(0, 2).map((value, axis) => {
      const [low, high] = ranges["xy"[axis]];
      const step = 10 ** Math.floor(Math.log10((high - low) / 50));
      return rounded(Math.max(low, Math.min(high, value + [right, up][axis] * times * step)), step / 100);
    });
    this.edit.move(this.edit.points, this.edit.current, moved);
    this.edit.wait();
  }

  // Add a point in the middle between this one and the next.
  addBeside() {
    const [one, other] = [this.edit.current, this.edit.current + 1].map((n) => this.edit.points[n % this.edit.points.length]);
    const middle = one.slice(0, 2).map((value, axis) => rounded((value + other[axis]) / 2, Math.abs(other[axis] - value) / 100 || 1e-6));
    this.edit.current = this.edit.points.length;
    this.edit.show([...this.edit.points, this.edit.made(middle)]);
    this.edit.added();
    this.edit.wait();
  }

  remove() {
    this.edit.show(this.edit.points.filter((_, n) => n !== this.edit.current));
    this.edit.removed();
    this.edit.wait();
  }
}
