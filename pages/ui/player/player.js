// The player: shows one frame of a recording in all charts, and moves between frames.
// It knows columns of numbers and the traces bound to them (see figures/recording.py), but not what is trained.
//
// A recording with columns named `start_...` has a frame before its first one, number -1: the model before any training.
//
// What it shows is one object: { frames, trained, columns, layouts }, with the layout of every chart that depends on the
// numbers, and sometimes { targets } of the numbers above the charts. Usually that is the server's recording; while a
// slider is held, live.js puts the run of the slider's stop in its place.

import { format, whole, write } from "./text.js";

const SPEEDS = [0.25, 1, 4, 16, 64]; // frames per screen refresh
const LONGEST = 6; // seconds: the default speed is chosen so that a playback takes no longer
const FASTEST = 11; // milliseconds between frames: displays of 120 Hz and more skip every second refresh

const players = new WeakMap();
const played = new Set(); // tokens of recordings that have started to play
const sought = new Set(); // wishes of the page that were met

// `parts` are what charts.js and sketch.js export, and plane/plane.js on pages that have a plane.
export default function ({ data, parentElement, setTriggerValue }, parts) {
  const root = parentElement.querySelector(".wb-player");
  if (!players.has(root)) players.set(root, new Player(root, parts));
  const player = players.get(root);
  player.press = (name, value = Math.max(player.frame, 0)) => setTriggerValue(name, value);
  player.update(data);
  // Streamlit also calls this for late messages, so stop only a player that has left the page.
  return () => root.isConnected || player.end();
}

// A number as the second term of a sum: + 0.3000, − 0.1107.
function signed(value) {
  return `${value < 0 ? "−" : "+"} ${format(Math.abs(value))}`;
}

function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

class Player {
  constructor(root, { Charts, Sketch, chartElement, numberOf, Plane }) {
    Object.assign(this, { root, chartElement, numberOf, Plane, frame: 0, charts: new Charts(this, Sketch) });
    this.keys = (event) => this.onKey(event);
    document.addEventListener("keydown", this.keys);
    this.resizes = new ResizeObserver(() => this.charts.resize());
    this.resizes.observe(root);
  }

  end() {
    cancelAnimationFrame(this.ticking);
    document.removeEventListener("keydown", this.keys);
    this.resizes.disconnect();
    this.live?.end();
    this.fit?.end();
    this.plane?.end();
    markEarly(false);
    this.charts.end();
    players.delete(this.root);
  }

  // Handle a message from the server: a new recording, or the same one with other texts or colours.
  async update(data) {
    const fresh = data.token !== this.data?.token;
    const grown = !fresh && data.revision !== this.data.revision;
    const follows = this.data && (this.data.growing ? this.following : this.frame === this.last && !this.playing);
    const before = this.recorded;
    const behind = this.data?.growing && data.frames < this.recorded?.frames; // the player has fetched more since
    this.data = data;
    this.charts.readColours(); // first, because reading styles after writing makes the browser lay out twice
    const layouts = data.charts.map(({ layout }) => layout);
    if (fresh || (grown && !behind)) {
      const columns = Object.fromEntries(Object.entries(data.columns).map(([name, text]) => [name, unpack(text)]));
      columns.epoch = Float32Array.from({ length: data.frames }, (_, epoch) => epoch);
      this.recorded = { frames: data.frames, trained: data.trained, columns };
    }
    this.recorded.layouts = layouts; // they also change with the language
    // A hand on a slider keeps its epoch, and so does the run that it has left.
    const stand = this.live?.stand ?? (this.shown && this.shown !== before ? this.stand : undefined);
    this.shown = this.live?.held(data.live, Boolean(data.growing)) ?? (data.fit && this.fit?.held(data.fit)) ?? this.recorded;
    // At the newest frame the player follows a growing recording; at an earlier frame it stays.
    if (grown) this.frame = follows ? this.last : Math.min(this.frame, this.last);
    if (stand && !fresh) this.frame = this.frameOf(stand);
    if (fresh) {
      const still = data.show !== "play" || data.growing || played.has(data.token) || matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.frame = stand && still ? this.frameOf(stand) : still ? this.last : Math.max(this.begin, Math.min(data.first, this.last));
      this.pause();
      const frames = data.growing?.goal ?? data.frames;
      this.speed = SPEEDS.find((speed) => speed >= 1 && frames / (60 * speed) <= LONGEST) ?? SPEEDS.at(-1);
      this.playAtOnce = !still && this.last > this.begin;
      played.add(data.token); // so that a return to the page shows the end
    }
    if (data.seek && !sought.has(data.seek.id)) {
      sought.add(data.seek.id);
      this.pause();
      this.playAtOnce = false;
      this.frame = data.counter ? this.frameDone(data.seek.epoch) : this.frameOf(data.seek);
    }
    this.following = Boolean(data.growing) && (fresh || follows) && this.shown === this.recorded;
    this.build();
    this.seeFit(data).catch(() => {});
    const loaded = await this.charts.load();
    if (!loaded) this.status.textContent = data.words.failed;
    if (!loaded || this.data !== data || !this.root.isConnected) return; // a newer message has arrived
    await this.charts.update(grown);
    if (this.data !== data || !this.root.isConnected) return;
    this.root.dataset.token = data.token;
    this.followSliders(data).catch(() => {}); // an old page after a restart: its sliders work without
    if (data.growing && this.grows !== data.growing.address) {
      this.grows = data.growing.address;
      const script = import(new URL(data.scripts.growing, location.href).href);
      script.then(({ grow }) => grow(this, data.growing.address, unpack), () => {}); // without it, the end is shown at the end
    }
    if (this.playAtOnce) {
      // Focus the play button, so that a key press pauses.
      if (document.activeElement?.matches("button")) this.buttons.play.focus({ preventScroll: true });
      this.play();
    }
    this.playAtOnce = false;
  }

  // Let live.js follow the sliders, on pages whose sliders have neighbours.
  async followSliders({ live, scripts }) {
    if (!live && !this.live) return;
    const { Live } = await import(new URL(scripts.live, location.href).href);
    if (!this.root.isConnected) return;
    this.live ??= new Live(this, format);
    this.live.update(live);
  }

  // Let fit/fit.js show residuals and follow a hand on the points, on pages that offer it.
  async seeFit({ fit, scripts }) {
    if (!fit) return;
    const { Fit } = await import(new URL(scripts.fit, location.href).href);
    if (!this.root.isConnected || this.data.fit !== fit) return; // a newer message has arrived
    this.fit ??= new Fit(this, format);
    if (!this.fit.data) this.fit.held(fit);
    this.fit.update();
  }

  // Where the player stands: its epoch, and whether that is the last one.
  get stand() {
    return { epoch: this.number("epoch"), end: this.frame === this.last };
  }

  // The frame of the shown run for such a place, or the one before it.
  frameOf({ epoch, end }) {
    const after = end ? -1 : this.shown.columns.epoch.subarray(0, this.shown.frames).findIndex((one) => one > epoch);
    return after < 0 ? this.last : Math.max(after - 1, this.begin);
  }

  // Where frames are not epochs, the first one in which this epoch is done.
  frameDone(epoch) {
    const at = this.shown.columns[this.data.counter.epochs].findIndex((done) => done > epoch);
    return at < 0 ? this.last : at;
  }

  // Show another run at this place.
  show(shown, stand) {
    this.pause();
    this.shown = shown;
    this.frame = this.frameOf(stand);
    this.enable();
    this.charts.move(true);
    this.write();
  }

  // Show the run with other points, which only this chart shows.
  showIn(chart, shown) {
    this.pause();
    this.shown = shown;
    this.charts.move(true, chart);
    this.fit.follow();
  }

  get begin() {
    return this.shown.trained && this.shown.columns.start_epoch ? -1 : 0;
  }

  get last() {
    return this.shown.frames - 1;
  }

  // The number of a column in the frame; of the branch that is chosen, where there is a choice.
  number(name) {
    return this.numberOf(this.shown.columns, this.plane?.columnOf(name) ?? name, this.frame);
  }

  get playing() {
    return this.ticking !== undefined;
  }

  // Whether the frame changes by itself: in a playback, or at the newest frame of a growing recording.
  get moving() {
    return this.playing || this.following;
  }

  // Create the elements once; later calls only fill them.
  build() {
    const { words, readouts, charts } = this.data;
    if (!this.slider) {
      this.root.innerHTML = `
        <div class="wb-readouts"></div>
        <div class="wb-scene"></div>
        <div class="wb-charts"></div>
        <div class="wb-transport" role="group">
          <div class="wb-buttons">
            <button type="button" data-do="start"></button><button type="button" data-do="back"></button>
            <button type="button" data-do="play" class="wb-play"></button>
            <button type="button" data-do="forward"></button><button type="button" data-do="end"></button>
          </div>
          <label class="wb-epoch"><span></span><input type="range" step="1"><output></output></label>
          <label class="wb-speed"><span></span><select>${SPEEDS.map((s) => `<option value="${s}">${s}×</option>`).join("")}</select></label>
          <button type="button" class="wb-inspect" data-press="inspect"></button>
          <button type="button" class="wb-inspect" data-press="branch"></button>
        </div>
        <p class="wb-status" role="status"></p>`;
      const find = (selector) => this.root.querySelector(selector);
      [this.slider, this.output, this.select, this.status] = ["input", "output", "select", ".wb-status"].map(find);
      this.buttons = Object.fromEntries([...this.root.querySelectorAll("[data-do]")].map((b) => [b.dataset.do, b]));
      this.askers = [...this.root.querySelectorAll("[data-press]")];
      for (const button of this.askers) button.onclick = () => this.press(button.dataset.press);
      this.root.querySelector(".wb-buttons").onclick = (event) => this.do(event.target.closest("button")?.dataset.do);
      this.slider.oninput = () => {
        const frame = Number(this.slider.value);
        this.pause();
        this.go(frame);
      };
      // A finger that scrolls the page has touched the slider first, which moved at once.
      this.slider.onpointerdown = () => (this.touched = this.frame);
      this.slider.onpointercancel = () => this.go(this.touched);
      this.select.onchange = () => (this.speed = Number(this.select.value));
    }
    const shapes = { start: "M4 4h2v12H4zM16 4v12L7 10z", back: "M15 4v12L6 10z", forward: "M5 4v12l9-6z", end: "M14 4h2v12h-2zM4 4v12l9-6z" };
    for (const [name, shape] of Object.entries(shapes)) this.label(name, words[name], shape);
    this.buttons.play.title = words.keys;
    const [epoch, speed] = this.root.querySelectorAll(".wb-transport label");
    [epoch.firstElementChild.textContent, epoch.title] = [words.epoch, words.epoch_help];
    [speed.firstElementChild.textContent, speed.title] = [words.speed, words.speed_help];
    for (const button of this.askers) {
      const texts = this.data[button.dataset.press];
      button.hidden = !texts;
      [button.textContent, button.title] = texts ?? ["", ""];
    }
    this.slider.setAttribute("aria-label", words.epoch);
    this.select.setAttribute("aria-label", words.speed);
    this.select.value = String(this.speed);
    this.root.classList.toggle("wb-still", this.data.still);
    this.enable();
    this.fill(".wb-readouts", readouts, readoutElement);
    this.fill(".wb-charts", charts, this.chartElement);
    this.charts.build([...this.root.querySelectorAll(".wb-plot")]);
    if (this.data.plane) {
      this.plane ??= new this.Plane(this);
      this.plane.update();
    }
    this.write();
  }

  // The controls for the frames of the shown run.
  enable() {
    const goal = this.shown === this.recorded && this.data.growing?.goal;
    this.slider.min = this.begin;
    this.slider.max = Math.max((goal || this.shown.frames) - 1, this.begin + 1);
    const still = !this.shown.trained;
    for (const control of [this.slider, this.select, ...this.askers, ...Object.values(this.buttons)]) control.disabled = still;
  }

  label(name, words, shape) {
    const button = this.buttons[name];
    if (button.ariaLabel !== words) button.ariaLabel = words;
    if (name !== "play") button.title = words;
    if (button.dataset.shape === shape) return;
    button.dataset.shape = shape;
    button.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${shape}"/></svg>`;
  }

  fill(selector, items, make) {
    const box = this.root.querySelector(selector);
    const wanted = JSON.stringify([this.data.words.target, items.map(({ figure, layout, titles, summary, ...shown }) => shown)]);
    if (box.wanted === wanted) return;
    box.wanted = wanted;
    while (box.children.length > items.length) box.lastElementChild.remove();
    items.forEach((item, i) => make(box.children[i] ?? box.appendChild(document.createElement("div")), item, this.data.words));
  }

  // Show another frame.
  go(frame) {
    this.frame = Math.max(this.begin, Math.min(this.last, frame));
    this.following = Boolean(this.data.growing) && this.frame === this.last;
    if (this.live?.stand) this.live.stand = this.stand; // a slider that was let go no longer keeps its epoch
    this.charts.move();
    this.write();
  }

  // A click in a chart: show the epoch there, or tell the page the place.
  click(chart, event) {
    const { click } = this.data.charts[chart];
    const place = this.charts.placeOf(chart, event);
    if (!click || !place) return;
    if (click === "epoch" && this.shown.trained) {
      this.pause();
      this.go(this.frameOf({ epoch: Math.round(place[0]) }));
    }
    if (click === "point") this.fit?.edit.pick(event);
    if (click === "place" && this.data.place) this.press("place", place);
  }

  // Show what a growing recording has got; `others` says which charts have other axes now.
  grow(others) {
    if (this.shown !== this.recorded) return;
    if (this.following) this.frame = this.last;
    this.charts.drawGrounds((chart) => others[chart]);
    this.charts.move(true);
    this.write();
  }

  // Show the numbers, headings and slider of the current frame.
  write() {
    const { data, frame } = this;
    const { trained } = this.shown;
    const written = (name) => whole(this.number(name), data.language);
    const value = (name, digits) => (digits === 0 || name === "epoch" ? written(name) : format(this.number(name)));
    const count = data.counter ? this.number(data.counter.epochs) : this.number("epoch") + 1;
    const say = ({ untrained, one, many }) =>
      (!trained || count === 0 ? untrained : count === 1 ? one : many).replace(/\{(\+?)(\w+)\}/g, (_, sign, name) =>
        name === "count" ? count : sign ? signed(this.number(name)) : value(name),
      );
    const shown = !trained ? "–" : frame < 0 ? data.words.begin : written(data.counter?.shown ?? "epoch");
    this.slider.value = frame;
    write(this.output, shown);
    this.slider.setAttribute("aria-valuetext", trained ? shown : data.words.untrained);
    const [values, titles] = [".wb-value", ".wb-title"].map((part) => this.root.querySelectorAll(part));
    data.readouts.forEach(({ column, digits }, i) => write(values[i], value(column, digits)));
    this.root.querySelectorAll(".wb-target").forEach((box, i) => {
      const target = (this.shown.targets ?? data.readouts.map((readout) => readout.target))[i];
      const text = target == null ? "" : ` ${data.words.target} ${format(target)}`;
      if (box.textContent !== text) box.textContent = text;
    });
    data.charts.forEach((chart, i) => {
      write(titles[i], (this.plane?.choice.prefix ?? "") + say(chart.titles));
      if (!this.moving) this.charts.boxes[i].setAttribute("aria-label", say(chart.summary)); // not sixty times a second
    });
    const moving = this.moving;
    this.label("play", moving ? data.words.pause : data.words.play, moving ? "M5 4h4v12H5zM11 4h4v12h-4z" : "M5 4v12l11-6z");
    this.fit?.follow();
    this.plane?.follow();
    this.root.dataset.frame = frame;
    this.root.dataset.state = moving ? "playing" : "paused";
    markEarly(frame < this.last);
  }

  do(what) {
    if (!what || !this.shown.trained) return;
    if (what === "play") return this.moving ? this.pause() : this.play();
    this.pause();
    this.go({ start: this.begin, end: this.last, back: this.frame - 1, forward: this.frame + 1 }[what]);
  }

  play() {
    if (this.playing || this.last === this.begin) return;
    if (this.frame >= this.last) this.go(this.data.growing ? this.last : this.begin);
    if (this.following) return;
    let position = this.frame;
    let before = performance.now();
    const tick = (now) => {
      this.ticking = requestAnimationFrame(tick);
      if (now - before < FASTEST) return;
      before = now;
      position += this.speed;
      const frame = Math.min(this.last, Math.floor(position));
      if (frame !== this.frame) this.go(frame);
      if (frame >= this.last) this.halt();
    };
    this.ticking = requestAnimationFrame(tick);
    this.write();
  }

  // Stop the playback; at the newest frame of a growing recording, the player follows it from here.
  halt() {
    if (!this.playing) return;
    cancelAnimationFrame(this.ticking);
    this.ticking = undefined;
    this.write();
  }

  pause() {
    if (!this.moving) return;
    this.following = false;
    this.halt();
    this.write();
  }

  // Keys work inside the player, and elsewhere if the focus is on no element or on a button that does not use them: after
  // a click on Train, the arrow keys step through the epochs.
  onKey(event) {
    const target = event.target;
    const free = this.root.contains(target) || target.contains(this.root);
    const idle = event.key !== " " && target.matches?.("button") && !target.closest("[role]:not(main, button)");
    if (event.ctrlKey || event.metaKey || event.altKey || !(free || idle)) return;
    if (target.matches?.("select") || (event.key === " " && target.closest?.("button"))) return; // these handle the key themselves
    const what = { " ": "play", ArrowLeft: "back", ArrowRight: "forward", Home: "start", End: "end" }[event.key];
    if (!what || !this.shown?.trained || this.data.still) return;
    event.preventDefault();
    this.do(what);
  }
}

// Tell the page that the player shows an earlier epoch than the verdict is about. A `:has()` in its style would compute
// the style of the whole page again for every picture.
function markEarly(early) {
  const { classList } = document.documentElement;
  if (classList.contains("wb-early") !== early) classList.toggle("wb-early", early);
}

function readoutElement(box, { label, help, color }) {
  if (!box.firstChild) box.innerHTML = `<button type="button" class="wb-name"></button><span class="wb-number"><span class="wb-value"></span><span class="wb-target"></span></span><span class="wb-help" role="tooltip"></span>`;
  box.className = "wb-readout";
  box.style.setProperty("--wb-color", color);
  const [name, , tip] = box.children;
  name.textContent = label;
  tip.textContent = help;
  tip.id ||= `wb-help-${Math.random().toString(36).slice(2)}`;
  name.setAttribute("aria-describedby", tip.id);
}
