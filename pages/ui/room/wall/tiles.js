// A tile for each seat. Tiles keep their places unless the order says otherwise, and none moves under a pointer.

import { Little } from "./little.js";
import { button, element } from "../elements.js";
import { ORDERS } from "./standing.js";
import { write } from "../../player/text.js";

const WIDE = 2.2; // times as wide as high is a picture of accuracies
const GAP = 10, WORDS = 125; // pixels between two tiles, and of all but the picture of one
const LEAST = 8.6; // ems of a tile with a picture

class Tile {
  constructor(id, tiles) {
    this.name = element("strong", "");
    this.number = element("span", "wb-wall-number");
    this.verdict = element("span", "wb-wall-verdict");
    this.lesson = element("span", "wb-wall-lesson");
    this.note = element("span", "wb-wall-note");
    this.little = new Little();
    this.open = button("", "wb-wall-tile", () => tiles.open(id));
    this.open.append(element("span", "wb-wall-head", this.name, this.note), this.little.canvas, this.number, element("span", "wb-wall-state", this.verdict, this.lesson));
    this.open.onfocus = this.open.onpointerenter = () => tiles.held(id);
    this.open.onblur = this.open.onpointerleave = () => tiles.held(undefined);
    this.item = element("li", "", this.open);
  }

  // Take how its seat stands.
  take({ standing, name, stuck, coming }, brief, words) {
    const { seat, bad, good, verdict } = standing;
    Object.assign(this, { standing, coming });
    write(this.name, name);
    write(this.verdict, (bad ? "▲ " : good ? "● " : "") + (words.verdicts[verdict] ?? ""));
    write(this.lesson, standing.lesson(words, brief));
    write(this.note, [seat.show?.passed && `✓ ${words.done}`, !seat.here && words.away, stuck && `! ${words.stuck}`].filter(Boolean).join(" · "));
    this.open.disabled = !seat.show;
    const looks = { "wb-wall-away": !seat.here, "wb-wall-done": seat.show?.passed, "wb-wall-stuck": stuck, "wb-wall-bad": bad, "wb-wall-good": good };
    for (const [look, on] of Object.entries(looks)) this.open.classList.toggle(look, Boolean(on));
  }

  // Prepare its picture if the curve, the size or the theme is another one.
  paint(curve, colors) {
    const width = this.open.clientWidth;
    if (this.painted && this.curve === curve && this.width === width && this.colors === colors) return;
    Object.assign(this, { painted: true, curve, width, colors });
    this.little.take(curve, colors);
  }

  without(words) {
    return this.standing.seat.show ? (this.coming ? "…" : "–") : words.nothing;
  }

  draw(epoch, words) {
    write(this.number, this.standing.numberText(epoch, words) || this.without(words));
    this.little.draw(epoch);
  }
}

export class Tiles {
  // `open` and `held` get the id of a seat.
  constructor(open, held) {
    Object.assign(this, { open, held, of: new Map(), order: "seat" });
    this.box = element("ul", "wb-wall-tiles");
    this.box.onpointerleave = this.box.onfocusout = () => this.later && requestAnimationFrame(() => this.place());
  }

  // Take the runs on show; with `brief`, all are in the same lesson.
  take(runs, brief, words, colors, order) {
    this.words = words;
    const sorted = !this.sorted || order !== this.order || !this.isHeld;
    this.order = order;
    this.wanted = runs.map(({ standing }) => standing);
    const there = new Set(runs.map(({ id }) => id));
    for (const [id, { item }] of this.of) {
      if (there.has(id)) continue;
      item.remove();
      this.of.delete(id);
    }
    for (const run of runs) {
      if (!this.of.has(run.id)) this.add(run.id);
      this.of.get(run.id).take(run, brief, words);
    }
    this.fit(runs);
    for (const { id, curve } of runs) this.of.get(id).paint(curve, colors);
    this.later = !sorted;
    if (sorted) this.place();
  }

  // Let pictures be as large as all of them fit below the tools; the more there are, the smaller, down to what CSS says.
  fit(runs) {
    const kinds = runs.map(({ curve }) => curve?.kind).filter((kind) => kind && kind !== "linear");
    this.box.classList.toggle("wb-wall-pictured", kinds.length > 0);
    if (!kinds.length) return;
    let { top, width, height } = this.box.getBoundingClientRect();
    for (let node = this.box.parentElement; node; node = node.parentElement) top += node.scrollTop; // as if not scrolled
    height = Math.max(innerHeight - top, innerHeight / 2);
    const wide = kinds.includes("points") ? 1 : WIDE;
    const sizes = runs.map((_, k) => Math.min((width - k * GAP) / (k + 1), wide * (height / Math.ceil(runs.length / (k + 1)) - WORDS)));
    const best = Math.max(...sizes);
    this.box.classList.toggle("wb-wall-few", best > LEAST * parseFloat(getComputedStyle(this.box).fontSize));
    this.box.style.setProperty("--wall-tile", `${best}px`);
  }

  add(id) {
    const tile = new Tile(id, this);
    this.of.set(id, tile);
    this.box.append(tile.item);
  }

  // Whether a pointer or the focus of the keyboard is on one of the tiles.
  get isHeld() {
    return this.box.matches(":hover") || Boolean(this.box.querySelector(":focus-visible"));
  }

  // Put the tiles in their order, unless they are there already.
  place() {
    if (this.later && this.isHeld) return;
    Object.assign(this, { later: false, sorted: true });
    const compare = ORDERS[this.order](this.words);
    const ids = this.wanted.toSorted(compare).map(({ seat }) => seat.id);
    let before = null;
    for (const id of ids) {
      const { item } = this.of.get(id);
      const next = before ? before.nextSibling : this.box.firstChild;
      if (next !== item) this.box.insertBefore(item, next);
      before = item;
    }
  }

  draw(epoch) {
    for (const tile of this.of.values()) tile.draw(epoch, this.words);
  }

  hold(id) {
    for (const [one, { open }] of this.of) open.classList.toggle("wb-wall-held", one === id);
  }
}
