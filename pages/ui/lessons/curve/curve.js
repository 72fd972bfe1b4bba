// A chart on which one draws a curve, by mouse, finger or keys, before a run shows the real one. The curve has a height
// at some stops; what the hand has not passed yet goes on level.

const HEIGHT = 138, LOCKED = 108;
const ROOM = { left: 52, right: 42, top: 10, bottom: 22 };
const STEP = 1 / 20, LEAP = 1 / 5; // shares of the height that keys move a stop by

const charts = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-curve");
  if (!charts.has(root)) charts.set(root, new Curve(root));
  const chart = charts.get(root);
  chart.send = (curve) => setTriggerValue("curve", curve);
  chart.update(data);
  return () => root.isConnected || chart.end();
}

function svg(name, attributes = {}, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const short = (value) => String(Number(value.toPrecision(3)));

class Curve {
  constructor(root) {
    this.root = root;
    this.chart = svg("svg");
    const side = document.createElement("div");
    this.question = side.appendChild(document.createElement("p"));
    this.button = side.appendChild(document.createElement("button"));
    this.note = side.appendChild(document.createElement("p"));
    this.button.type = "button";
    this.button.onclick = () => this.commit();
    root.append(this.chart, side);
    this.marks = [];
    this.finger = false;
    this.at = 0; // the stop that the keys move
    const listeners = { pointerdown: this.down, pointermove: this.move, pointerup: this.up, pointercancel: this.up, keydown: this.key };
    for (const [name, listener] of Object.entries(listeners)) this.chart.addEventListener(name, listener.bind(this));
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.chart);
  }

  end() {
    this.watch.disconnect();
  }

  update(data) {
    const another = this.data && (this.data.words.chart !== data.words.chart || this.data.last !== data.last);
    if (another || !this.marks.length) this.marks = Array(data.stops).fill(null);
    this.data = data;
    this.locked = Boolean(data.drawn);
    this.height = this.locked ? LOCKED : HEIGHT;
    this.chart.style.height = `${this.height}px`;
    this.question.textContent = data.question;
    this.note.textContent = data.note;
    this.sent &&= this.locked; // a curve that the server refused can be sent again
    this.draw();
  }

  // The heights: where nothing is drawn, that of the nearest stop before, else after it.
  get heights() {
    const known = this.marks.findIndex((mark) => mark !== null);
    let last = known < 0 ? this.data.top / 2 : this.marks[known];
    return this.marks.map((mark) => (last = mark ?? last));
  }

  get touched() {
    return this.marks.some((mark) => mark !== null);
  }

  x(stop) {
    return ROOM.left + ((this.width - ROOM.left - ROOM.right) * stop) / (this.data.stops - 1);
  }

  y(height) {
    return ROOM.top + (this.height - ROOM.top - ROOM.bottom) * (1 - height / this.data.top);
  }

  epoch(stop) {
    return Math.round((stop * this.data.last) / (this.data.stops - 1));
  }

  draw() {
    this.width = this.chart.clientWidth;
    if (!this.data || !this.width) return;
    const { words, top, last, stops, drawn, real } = this.data;
    const focused = this.chart.contains(document.activeElement);
    this.chart.setAttribute("viewBox", `0 0 ${this.width} ${this.height}`);
    this.chart.setAttribute("role", this.locked ? "img" : "group");
    this.chart.setAttribute("aria-label", this.locked ? words.chart : `${words.chart}. ${words.help}`);
    this.chart.classList.toggle("wb-curve-locked", this.locked);
    const parts = [];
    for (const height of [0, top / 2, top]) {
      parts.push(svg("path", { class: "wb-curve-grid", d: `M${this.x(0)} ${this.y(height)}H${this.x(stops - 1)}` }));
      parts.push(svg("text", { x: ROOM.left - 6, y: this.y(height) + 4, "text-anchor": "end" }, short(height)));
    }
    for (const share of [0, 0.5, 1]) {
      const anchor = share === 1 ? "end" : share ? "middle" : "start";
      const text = share === 0.5 ? words.epoch : share ? last : 0;
      parts.push(svg("text", { x: this.x(share * (stops - 1)), y: this.height - ROOM.bottom + 16, "text-anchor": anchor }, text));
    }
    const title = svg("text", { class: "wb-curve-name", "text-anchor": "middle", transform: `translate(9 ${this.y(top / 2)}) rotate(-90)` }, words.name);
    parts.push(title);
    const heights = this.locked ? drawn : this.heights;
    if (!this.locked && !this.touched) {
      parts.push(svg("text", { class: "wb-curve-invite", x: this.x((stops - 1) / 2), y: this.y(top / 2) - 12, "text-anchor": "middle" }, words.draw));
    }
    if (real) parts.push(this.line(real, "wb-curve-real"));
    parts.push(this.line(heights, "wb-curve-yours"));
    if (this.locked) parts.push(...this.names(heights, real));
    else parts.push(...heights.map((height, stop) => this.handle(height, stop)));
    this.chart.replaceChildren(...parts);
    if (focused) this.chart.querySelector("[tabindex='0']")?.focus({ preventScroll: true });
    this.button.textContent = words.commit;
    this.button.hidden = this.locked;
    this.button.disabled = !this.touched || Boolean(this.sent);
  }

  line(heights, name) {
    const d = heights.map((height, stop) => `${stop ? "L" : "M"}${this.x(stop)} ${this.y(height)}`).join("");
    return svg("path", { class: name, d, ...(name === "wb-curve-real" ? { stroke: this.data.color } : {}) });
  }

  // What each line is, at its end; apart from each other.
  names(heights, real) {
    const { words, stops } = this.data;
    let yours = this.y(heights.at(-1)), theirs = real && this.y(real.at(-1));
    if (real && Math.abs(yours - theirs) < 13) {
      const middle = (yours + theirs) / 2, side = yours < theirs ? -1 : 1;
      [yours, theirs] = [middle + side * 6.5, middle - side * 6.5];
    }
    const at = (y) => Math.min(Math.max(y, 8), this.height - ROOM.bottom) + 4;
    const found = [svg("text", { class: "wb-curve-yours-name", x: this.x(stops - 1) + 5, y: at(yours) }, words.yours)];
    if (real) found.push(svg("text", { x: this.x(stops - 1) + 5, y: at(theirs) }, words.real));
    return found;
  }

  handle(height, stop) {
    const { words, top } = this.data;
    return svg("circle", {
      cx: this.x(stop), cy: this.y(height), r: 5, role: "slider", tabindex: stop === this.at ? 0 : -1,
      "aria-orientation": "vertical", "aria-valuemin": 0, "aria-valuemax": top, "aria-valuenow": height,
      "aria-valuetext": `${words.name} ${short(height)}`, "aria-label": words.place.replace("{epoch}", this.epoch(stop)),
    });
  }

  // --- a hand

  place(event) {
    const box = this.chart.getBoundingClientRect();
    const share = (event.clientX - box.left - ROOM.left) / (this.width - ROOM.left - ROOM.right);
    const height = 1 - (event.clientY - box.top - ROOM.top) / (this.height - ROOM.top - ROOM.bottom);
    return [Math.min(Math.max(share, 0), 1) * (this.data.stops - 1), Math.min(Math.max(height, 0), 1) * this.data.top];
  }

  down(event) {
    if (this.locked || event.button) return;
    this.chart.setPointerCapture(event.pointerId);
    this.finger = event.pointerType === "touch";
    this.held = this.place(event);
    this.pass(this.held, this.held);
  }

  move(event) {
    if (!this.held) return;
    const there = this.place(event);
    this.pass(this.held, there);
    this.held = there;
  }

  up() {
    this.held = undefined;
  }

  // The hand goes from one place to another: every stop between them, and the nearest one, gets its height.
  pass([from, low], [to, high]) {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    for (let stop = Math.ceil(first); stop <= last; stop++) {
      this.marks[stop] = from === to ? high : low + ((high - low) * (stop - from)) / (to - from);
    }
    this.marks[Math.round(to)] = high;
    this.draw();
  }

  key(event) {
    if (this.locked || event.ctrlKey || event.altKey || event.metaKey) return;
    const { stops, top } = this.data;
    const go = { ArrowLeft: -1, ArrowRight: 1, Home: -stops, End: stops }[event.key];
    const lift = { ArrowUp: STEP, ArrowDown: -STEP, PageUp: LEAP, PageDown: -LEAP }[event.key];
    if (go === undefined && lift === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // the player has keys of its own
    if (go) this.at = Math.min(Math.max(this.at + go, 0), stops - 1);
    else {
      const height = this.heights[this.at] + lift * top;
      this.marks[this.at] = Math.min(Math.max(Number(height.toPrecision(12)), 0), top);
      this.finger = false;
    }
    this.draw();
  }

  commit() {
    this.sent = true;
    this.button.disabled = true;
    this.send({ heights: this.heights, finger: this.finger });
  }
}
