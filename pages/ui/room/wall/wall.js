// The wall: the runs of all seats under one slider of epochs, and a tile for each seat.

import { Curves } from "./curves.js";
import { Ends } from "./ends.js";
import { Film } from "./film.js";
import { Large } from "./large.js";
import { colorsOf } from "./little.js";
import { Losses } from "./losses.js";
import { button, element } from "../elements.js";
import { recall, remember } from "../memory.js";
import { fill, segments } from "./parts.js";
import { ORDERS, Standing, kindOf, titleOf } from "./standing.js";
import { Table } from "./table.js";
import { Tiles } from "./tiles.js";
import { listen } from "../watch/stream.js";
import { write } from "../../player/text.js";

const TICK = 15_000; // milliseconds after which a seat may have become stuck
const CHOICE = "wall";
const KINDS = ["linear", "points", "images", "tensors"];
const walls = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-wall");
  if (!walls.has(root)) walls.set(root, new Wall(root));
  const wall = walls.get(root);
  wall.send = setTriggerValue;
  wall.update(data);
  return () => root.isConnected || wall.end();
}

class Wall {
  constructor(root) {
    Object.assign(this, { root, seats: new Map(), since: new Map(), order: "seat", onlyStuck: false }, recall(CHOICE));
    if (!(this.order in ORDERS)) this.order = "seat";
    const held = (id) => this.hold(id);
    this.film = new Film(() => this.draw());
    this.losses = new Losses(held);
    this.ends = new Ends(held, (path) => this.curves.ask(path), () => this.change());
    this.tiles = new Tiles((id) => this.open(id), held);
    this.large = new Large((id) => this.send("open", id));
    this.table = new Table();
    this.count = element("p", "wb-wall-count");
    this.count.setAttribute("role", "status");
    this.projector = button("", "wb-wall-projector", () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()));
    this.projector.hidden = !document.fullscreenEnabled;
    this.kinds = element("div", "");
    this.orders = element("div", "");
    this.filter = Object.assign(element("input", ""), { type: "checkbox", checked: this.onlyStuck });
    this.filter.onchange = () => this.set({ onlyStuck: this.filter.checked });
    this.filterText = element("span", "");
    this.filterBox = element("label", "wb-wall-filter", this.filter, this.filterText);
    this.lesson = element("span", "wb-wall-together");
    this.charts = element("div", "wb-wall-charts", this.losses.box, this.ends.box);
    this.empty = element("p", "wb-wall-empty");
    this.body = element("div", "", this.charts, this.film.box, element("div", "wb-wall-tools", this.orders, this.filterBox, this.lesson, this.projector), this.tiles.box, this.table.box);
    root.append(element("div", "wb-wall-top", this.count, this.kinds), this.empty, this.body, this.large.box);
    this.large.box.onclose = () => this.draw();
  }

  end() {
    this.stop();
    walls.delete(this.root);
  }

  stop() {
    this.stream?.end();
    this.curves?.end();
    this.resizes?.disconnect();
    clearInterval(this.ticks);
  }

  // Listen to the room of this key.
  begin() {
    this.stop();
    for (const part of [this.seats, this.since]) part.clear();
    this.curves = new Curves(this.data.key, () => this.change());
    this.stream = listen({ ...this.data.key, seat: "" }, (event, value) => this.take(event, value));
    this.resizes = new ResizeObserver(() => this.change());
    this.resizes.observe(this.root);
    this.ticks = setInterval(() => this.change(), TICK);
  }

  update(data) {
    const other = JSON.stringify(data.key) !== JSON.stringify(this.data?.key);
    this.data = data;
    this.texts = undefined;
    this.film.update(data);
    if (other) this.begin();
    this.change();
  }

  take(event, value) {
    if (event === "end") this.send("ended", this.data.key.room);
    if (event === "again") this.send("again", performance.now());
    if (event === "there") this.keep(new Set(value));
    if (event === "seats") {
      for (const seat of value) {
        const before = this.seats.get(seat.id);
        const changed = JSON.stringify(before?.show) !== JSON.stringify(seat.show);
        if (!before || changed) this.since.set(seat.id, Date.now());
        this.seats.set(seat.id, seat);
        this.curves.take(seat);
      }
      this.curves.fetch();
    }
    this.lost = event === "lost";
    this.heard ||= !this.lost;
    this.change();
  }

  keep(ids) {
    for (const id of [...this.seats.keys()]) {
      if (ids.has(id)) continue;
      this.seats.delete(id);
      this.since.delete(id);
      this.curves.drop(id);
    }
  }

  set(choice) {
    const { kind, order, onlyStuck } = Object.assign(this, choice);
    remember(CHOICE, { kind, order, onlyStuck });
    this.change();
  }

  open(id) {
    this.large.show(id);
    this.change();
  }

  hold(id) {
    if (this.held === id) return;
    this.held = id;
    this.tiles.hold(id);
    this.draw();
  }

  nameOf(seat) {
    const { words, names } = this.data;
    const own = Array.isArray(seat.name) ? seat.name.map((word) => words.names[word] ?? word).join(" ") : seat.name;
    const name = names && own ? own : fill(words.seat, { number: seat.number });
    return seat.rehearsal ? `${name} ${words.rehearsal}` : name;
  }

  // Something else is to be seen: draw all of it in the next picture.
  change() {
    this.stale = true;
    this.draw();
  }

  // The epoch has moved, or a run is held: draw what follows.
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      if (!this.root.isConnected) return;
      if (this.stale) this.build();
      const { epoch } = this.film;
      for (const chart of [this.losses, this.ends]) if (!chart.box.hidden) chart.draw(epoch, this.held);
      this.tiles.draw(epoch);
      this.large.draw(epoch);
      this.table.draw(epoch);
    });
  }

  build() {
    this.stale = false;
    const { words, language, key } = this.data;
    const now = Date.now();
    const seats = [...this.seats.values()];
    const here = seats.filter((one) => one.here).length;
    this.count.classList.toggle("wb-wall-lost", Boolean(this.lost));
    write(this.count, this.lost ? words.lost : fill(words.seats, { code: key.room, count: seats.length, here }));
    write(this.empty, fill(words.empty, { code: key.room }));
    this.empty.hidden = seats.length > 0 || !this.heard;
    this.body.hidden = seats.length === 0;
    const passed = new Set(seats.filter(({ show }) => show?.passed).map(({ show }) => show.lesson));
    const runs = seats.map((seat) => {
      const curve = this.curves.of.get(seat.id);
      const standing = new Standing(seat, curve, this.since.get(seat.id));
      return { id: seat.id, name: this.nameOf(seat), curve, standing, bad: standing.bad || curve?.exploded, stuck: standing.isStuck(passed, now), coming: this.curves.isComing(seat.id) };
    });
    const kind = this.choose(seats);
    const isOf = ({ standing }) => [kind, undefined].includes(kindOf(standing.seat));
    const shown = runs.filter((run) => (this.onlyStuck ? run.stuck : isOf(run)));
    const drawn = runs.filter((run) => run.curve?.kind === kind);
    const stuck = runs.filter((run) => run.stuck).length;
    this.tools(seats, kind, stuck);
    this.film.take(drawn.map(({ curve }) => curve));
    this.charts.hidden = kind !== "linear" || !drawn.length;
    if (!this.charts.hidden) for (const chart of [this.losses, this.ends]) chart.take(drawn, words, language);
    this.dress();
    this.tiles.take(shown, this.inLesson(seats), words, this.colors, this.order);
    this.large.take(runs.find(({ id }) => id === this.large.id), words, this.colors, language);
    this.table.take(shown, words);
  }

  // Say which lesson all are in, if that is the same one; returns whether it is.
  inLesson(seats) {
    const { words } = this.data;
    const learning = seats.filter(({ show }) => show?.lesson);
    const one = new Set(learning.map(({ show }) => show.lesson)).size === 1;
    const done = learning.filter(({ show }) => show.passed).length;
    write(this.lesson, one ? fill(words.in_lesson, { lesson: titleOf(learning[0].show.lesson, words), done, count: learning.length }) : "");
    return one;
  }

  // The kind that is on show: the chosen one, else the one that most seats show.
  choose(seats) {
    const counts = new Map(KINDS.map((kind) => [kind, seats.filter((seat) => kindOf(seat) === kind).length]));
    this.counts = [...counts].filter(([, count]) => count);
    const most = this.counts.reduce((best, one) => (one[1] > best[1] ? one : best), ["linear", 0])[0];
    return counts.get(this.kind) ? this.kind : most;
  }

  // The choices above the tiles, which are drawn again only when their texts change.
  tools(seats, kind, stuck) {
    const { words } = this.data;
    write(this.filterText, fill(words.only_stuck, { count: stuck }));
    this.filterBox.hidden = !stuck && !this.onlyStuck;
    write(this.projector, document.fullscreenElement ? words.small : words.projector);
    const texts = JSON.stringify([words.orders, this.counts, kind, this.order]);
    if (texts === this.texts) return;
    this.texts = texts;
    const focused = this.root.querySelector("fieldset :focus")?.name;
    const kinds = this.counts.map(([one, count]) => [one, `${words.kinds[one]} ${count}`]);
    this.kinds.replaceChildren(...(kinds.length > 1 ? [segments("kind", words.show, kinds, kind, (one) => this.set({ kind: one }))] : []));
    const orders = Object.keys(ORDERS).map((order) => [order, words.orders[order === "loss" && kind !== "linear" ? "accuracy" : order]]);
    this.orders.replaceChildren(segments("order", words.sort, orders, this.order, (order) => this.set({ order })));
    if (focused) this.root.querySelector(`[name="${focused}"]:checked`)?.focus();
  }

  // The colours of the theme, read when it may have changed.
  dress() {
    const { color, backgroundColor } = getComputedStyle(this.root);
    const theme = `${color} ${backgroundColor}`;
    if (theme !== this.theme) Object.assign(this, { theme, colors: colorsOf(this.root) });
  }
}
