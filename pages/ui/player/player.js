// The player: shows one frame of a recording in all charts, and moves between frames.
// It knows columns of numbers and the traces bound to them (see figures/recording.py), but not what is trained.
//
// What it shows is one object: { frames, trained, columns, layouts }, with the layout of every chart that depends on the
// numbers, and sometimes { targets } of the numbers above the charts. Usually that is the server's recording; while a
// slider is held, live.js puts the run of the slider's stop in its place.

const SPEEDS = [0.25, 1, 4, 16, 64]; // frames per screen refresh
const LONGEST = 6; // seconds: the default speed is chosen so that a playback takes no longer
const SETTLES = 120; // milliseconds without a new picture, after which plotly.js draws it as well
const FASTEST = 11; // milliseconds between frames: displays of 120 Hz and more skip every second refresh

const SHADOW = { hoverinfo: "skip", opacity: 0.45, line: { color: "#8A8F98", width: 1.5, dash: "3px,3px" } };
const COLUMNS = ["x", "y", "z", "slope", "intercept", "text"]; // of a binding

const players = new WeakMap();
const played = new Set(); // tokens of recordings that have started to play
let plotly; // one copy for the page

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-player");
  if (!players.has(root)) players.set(root, new Player(root));
  const player = players.get(root);
  player.press = (name) => setTriggerValue(name, player.frame);
  player.update(data);
  // Streamlit also calls this for late messages, so stop only a player that has left the page.
  return () => root.isConnected || player.end();
}

function loadPlotly(address) {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = document.createElement("script");
    script.src = new URL(address, location.href).href;
    script.onload = () => {
      rememberArrays(window.Plotly.PlotSchema);
      resolve(window.Plotly);
    };
    script.onerror = () => {
      plotly = undefined; // the next message tries again
      reject(new Error(`no plotly.js at ${address}`));
    };
    document.head.append(script);
  });
  return plotly;
}

// For each trace of each frame, plotly.js searches its whole schema for array attributes: half the time of a frame.
// Cache the result, which depends only on the trace's type and on which of its attributes are arrays.
function rememberArrays(schema) {
  const find = schema.findArrayAttributes;
  const known = {};
  const isArray = (value) => Array.isArray(value) || ArrayBuffer.isView(value);
  schema.findArrayAttributes = (trace) => {
    const arrays = Object.keys(trace).filter((name) => name[0] !== "_" && isArray(trace[name]));
    return (known[[trace.type, ...arrays]] ??= find(trace));
  };
}

// Numbers of constant width: 0.4811, 12.30; three digits in scientific notation: 1.23e+7.
export function format(value) {
  if (Number.isNaN(value)) return "–"; // no value yet
  if (value === 0) return "0.0000";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-4) return value.toExponential(2);
  return value.toFixed(Math.max(0, 4 - Math.max(0, Math.floor(Math.log10(size)) + 1)));
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
  constructor(root) {
    this.root = root;
    this.frame = 0;
    this.plots = [];
    this.keys = (event) => this.onKey(event);
    document.addEventListener("keydown", this.keys);
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(root);
  }

  end() {
    cancelAnimationFrame(this.ticking);
    document.removeEventListener("keydown", this.keys);
    this.resizes.disconnect();
    clearTimeout(this.settling);
    this.live?.end();
    markEarly(false);
    this.plots.forEach((plot) => window.Plotly?.purge(plot));
    players.delete(this.root);
  }

  resize() {
    for (const plot of this.plots) if (plot.layout && plot.clientWidth) this.Plotly.Plots.resize(plot);
    for (const sketch of this.sketches ?? []) if (sketch) sketch.fitted = false;
    if (this.behind) this.sketch();
  }

  // Handle a message from the server: a new recording, or the same one with other texts or colours.
  async update(data) {
    const fresh = data.token !== this.data?.token;
    const grown = !fresh && data.revision !== this.data.revision;
    const follows = this.data && (this.data.growing ? this.following : this.frame === this.last && !this.playing);
    const before = this.recorded;
    const behind = this.data?.growing && data.frames < this.recorded?.frames; // the player has fetched more since
    this.data = data;
    if (document.documentElement.lang !== data.language) document.documentElement.lang = data.language; // for screen readers
    this.readColours(); // first, because reading styles after writing makes the browser lay out twice
    const layouts = data.charts.map(({ layout }) => layout);
    if (fresh || (grown && !behind)) {
      const columns = Object.fromEntries(Object.entries(data.columns).map(([name, text]) => [name, unpack(text)]));
      columns.epoch = Float32Array.from({ length: data.frames }, (_, epoch) => epoch);
      this.recorded = { frames: data.frames, trained: data.trained, columns };
    }
    this.recorded.layouts = layouts; // they also change with the language
    // A hand on a slider keeps its epoch, and so does the run that it has left.
    const stand = this.live?.stand ?? (this.shown && this.shown !== before ? this.stand : undefined);
    this.shown = this.live?.held(data.live, Boolean(data.growing)) ?? this.recorded;
    // At the newest frame the player follows a growing recording; at an earlier frame it stays.
    if (grown) this.frame = follows ? this.last : Math.min(this.frame, this.last);
    if (stand && !fresh) this.frame = this.frameOf(stand);
    if (fresh) {
      const still = data.show !== "play" || data.growing || played.has(data.token) || matchMedia("(prefers-reduced-motion: reduce)").matches;
      this.frame = stand && still ? this.frameOf(stand) : still ? this.last : Math.min(data.first, this.last);
      this.pause();
      const frames = data.growing?.goal ?? data.frames;
      this.speed = SPEEDS.find((speed) => speed >= 1 && frames / (60 * speed) <= LONGEST) ?? SPEEDS.at(-1);
      this.playAtOnce = !still && this.last > 0;
      played.add(data.token); // so that a return to the page shows the end
    }
    this.following = Boolean(data.growing) && (fresh || follows) && this.shown === this.recorded;
    this.build();
    try {
      [this.Plotly, this.Sketches] = await Promise.all([loadPlotly(data.scripts.plotly), import(new URL(data.scripts.sketch, location.href).href)]);
    } catch {
      this.status.textContent = data.words.failed;
      return;
    }
    if (this.data !== data || !this.root.isConnected) return; // a newer message has arrived
    this.sketches = this.boxes.map((box, chart) => this.sketchOf(box, chart));
    // While a recording grows with the same axes, update only the traces: complete redraws keep a whole core busy.
    const axes = JSON.stringify([data.language, this.colours, layouts]);
    if (grown && this.axes === axes && !data.charts.some(({ bindings }) => bindings.some(({ kind }) => kind === "grid"))) {
      this.move(true);
    } else {
      await this.draw();
    }
    this.axes = axes;
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

  // What draws the lines of a chart while they move; undefined if it can't.
  sketchOf(box, chart) {
    const { bindings, figure, layout } = this.data.charts[chart];
    const moving = figure.data.filter((trace, t) => bindings[t].kind !== "grid");
    if (!this.Sketches.sketchable(moving, layout)) return undefined;
    return (box.sketch ??= new this.Sketches.Sketch(box, figure.layout.margin));
  }

  // Let live.js follow the sliders, on pages whose sliders have neighbours.
  async followSliders({ live, scripts }) {
    if (!live && !this.live) return;
    const { Live } = await import(new URL(scripts.live, location.href).href);
    if (!this.root.isConnected) return;
    this.live ??= new Live(this, format);
    this.live.update(live);
  }

  // Where the player stands: its epoch, and whether that is the last one.
  get stand() {
    return { epoch: this.shown.columns.epoch[this.frame], end: this.frame === this.last };
  }

  // The frame of the shown run for such a place, or the one before it.
  frameOf({ epoch, end }) {
    const after = end ? -1 : this.shown.columns.epoch.subarray(0, this.shown.frames).findIndex((one) => one > epoch);
    return after < 0 ? this.last : Math.max(after - 1, 0);
  }

  // Show another run at this place.
  show(shown, stand) {
    this.pause();
    this.shown = shown;
    this.frame = this.frameOf(stand);
    this.enable();
    this.move(true);
    this.write();
  }

  get last() {
    return this.shown.frames - 1;
  }

  get playing() {
    return this.ticking !== undefined;
  }

  // Whether the frame changes by itself: in a playback, or at the newest frame of a growing recording.
  get moving() {
    return this.playing || this.following;
  }

  readColours() {
    const style = getComputedStyle(this.root);
    const [text, line, ground] = ["--wb-text", "--wb-line", "--wb-ground"].map((name) => style.getPropertyValue(name).trim());
    this.colours = { text, line, ground, font: style.fontFamily };
  }

  // Create the elements once; later calls only fill them.
  build() {
    const { words, readouts, charts } = this.data;
    if (!this.slider) {
      this.root.innerHTML = `
        <div class="wb-readouts"></div>
        <div class="wb-charts"></div>
        <div class="wb-transport" role="group">
          <div class="wb-buttons">
            <button type="button" data-do="start"></button><button type="button" data-do="back"></button>
            <button type="button" data-do="play" class="wb-play"></button>
            <button type="button" data-do="forward"></button><button type="button" data-do="end"></button>
          </div>
          <label class="wb-epoch"><span></span><input type="range" min="0" step="1"><output></output></label>
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
      this.select.onchange = () => (this.speed = Number(this.select.value));
    }
    const shapes = { start: "M4 4h2v12H4zM16 4v12L7 10z", back: "M15 4v12L6 10z", forward: "M5 4v12l9-6z", end: "M14 4h2v12h-2zM4 4v12l9-6z" };
    for (const [name, shape] of Object.entries(shapes)) this.label(name, words[name], shape);
    this.buttons.play.title = words.keys;
    const [epoch, speed] = this.root.querySelectorAll("label");
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
    this.fill(".wb-charts", charts, chartElement);
    this.boxes = [...this.root.querySelectorAll(".wb-plot")];
    this.layers = charts.flatMap(({ bindings }, chart) => layersOf(bindings).map((traces, depth) => ({ chart, traces, depth })));
    for (const layer of this.layers) {
      const { bindings } = charts[layer.chart];
      layer.plot = this.boxes[layer.chart].querySelectorAll(":scope > div")[layer.depth];
      layer.grounded = bindings.some(({ kind }) => kind === "grid");
      layer.shadows = this.data.live ? layer.traces.filter((t) => bindings[t].shadow) : [];
    }
    this.plots = this.layers.map((layer) => layer.plot);
    this.write();
  }

  // The controls for the frames of the shown run.
  enable() {
    const goal = this.shown === this.recorded && this.data.growing?.goal;
    this.slider.max = Math.max((goal || this.shown.frames) - 1, 1);
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

  // Draw all charts, for another recording or theme. A plot that shows just this already stays as it is.
  async draw() {
    this.behind = undefined;
    await Promise.all(this.layers.map((layer) => this.drawLayer(layer)));
    this.clearSketches();
  }

  async drawLayer(layer) {
    const { chart: i, traces: indices, shadows, depth, plot } = layer;
    const { text, line, ground, font } = this.colours;
    const chart = this.data.charts[i];
    if (chart.bindings.some(({ kind, z }) => kind === "grid" && !this.shown.columns[z])) return this.moveLayer(layer, true);
    const look = JSON.stringify([chart.figure, this.colours, chart.bindings, shadows]);
    const [axes, columns] = [JSON.stringify(this.shown.layouts[i]), this.columnsOf(layer)];
    const drawn = plot.look === look && plot.axes === axes && columns.every((column, k) => same(column, plot.columns[k]));
    if (drawn) return this.moveLayer(layer);
    Object.assign(plot, { look, axes, columns, ranges: this.shown.layouts[i] });
    const axis = { color: text, gridcolor: line, linecolor: line, tickcolor: line };
    const layout = structuredClone(chart.figure.layout);
    const datarevision = `${this.data.token} ${this.data.revision} ${(this.drawings = (this.drawings ?? 0) + 1)}`;
    Object.assign(layout, { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", datarevision });
    layout.font = { family: font, size: 12, color: text };
    layout.hoverlabel = { ...layout.hoverlabel, bgcolor: ground, bordercolor: line, font: { color: text } };
    for (const name of ["xaxis", "yaxis"]) Object.assign(layout[name], axis);
    for (const [name, parts] of Object.entries(nested(this.shown.layouts[i]))) Object.assign(layout[name], parts);
    if (depth) for (const name of ["xaxis", "yaxis"]) layout[name].visible = false;
    const traces = indices.map((t) => ({ ...chart.figure.data[t], ...this.follow(chart.bindings[t], true) }));
    for (const t of shadows) traces.push({ ...chart.figure.data[t], ...SHADOW, ...this.shadowOf(chart.bindings[t]) });
    // With a config, plotly.js would set up the plot again and force a layout of the page.
    const config = plot.layout ? undefined : { displayModeBar: false, scrollZoom: false, staticPlot: depth > 0 };
    await this.Plotly.react(plot, traces, layout, config);
    if (this.behind) this.sketch(); // with the new axes
  }

  columnsOf({ chart, traces }) {
    return traces.flatMap((t) => COLUMNS.map((name) => this.shown.columns[this.data.charts[chart].bindings[t][name]]));
  }

  // A trace of the run that was on show before a slider was grabbed.
  shadowOf(binding) {
    return this.shadow ? this.follow(binding, true, this.shadow) : { x: [null], y: [null] }; // without points, it would stay
  }

  // The data of a binding at the current frame; undefined if it does not change.
  follow({ kind, x, y, z, slope, intercept, text, lead = 0, log = false }, all = false, view = this) {
    const { shown: { columns }, frame } = view;
    if (kind === "prefix") return { x: columns[x].subarray(0, frame + 1 + lead), y: columns[y].subarray(0, frame + 1 + lead) };
    if (kind === "point") return { x: [columns[x][frame]], y: [columns[y][frame]] };
    if (kind === "line") return { x: columns[x], y: columns[x].map((value) => columns[slope][frame] * value + columns[intercept][frame]) };
    if (!all) return undefined;
    if (kind === "whole") return { x: columns[x], y: columns[y], ...(text && { text: columns[text] }) };
    const width = columns[x].length;
    const rows = Array.from(columns[y], (_, row) => columns[z].subarray(row * width, (row + 1) * width));
    if (!log) return { x: columns[x], y: columns[y], z: rows };
    // A grid point exactly on the optimum would use up all colours of a logarithmic landscape.
    const lowest = columns[z].reduce((most, value) => Math.max(most, value), 0) * 1e-5;
    return { x: columns[x], y: columns[y], z: rows.map((row) => row.map((value) => Math.log10(Math.max(value, lowest)))), customdata: rows };
  }

  // Show another frame in all charts. `animate` without a redraw keeps up with the display (60 frames a second).
  go(frame) {
    this.frame = Math.max(0, Math.min(this.last, frame));
    this.following = Boolean(this.data.growing) && this.frame === this.last;
    this.move();
    this.write();
  }

  // Show what a growing recording has got; `others` says which charts have other axes now.
  grow(others) {
    if (this.shown !== this.recorded) return;
    if (this.following) this.frame = this.last;
    for (const layer of this.layers) if (layer.grounded && others[layer.chart]) this.drawLayer(layer);
    this.move(true);
    this.write();
  }

  // Update the traces that follow the frame, or `all` of them: at once in a sketch, and by plotly.js when they rest.
  move(all = false) {
    if (!this.sketches) return; // nothing is drawn yet
    this.behind = { all: all || Boolean(this.behind?.all) };
    for (const layer of this.layers) if (!this.sketches[layer.chart] || (all && this.hasOtherAxes(layer))) this.moveLayer(layer, all);
    this.sketch();
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLES);
  }

  hasOtherAxes({ chart, grounded, plot }) {
    return !grounded && JSON.stringify(this.shown.layouts[chart]) !== plot.axes;
  }

  async settle() {
    if (!this.behind) return;
    const { all } = this.behind;
    this.behind = undefined;
    await Promise.all(this.layers.map((layer) => this.moveLayer(layer, all)));
    this.clearSketches();
  }

  clearSketches() {
    if (!this.behind) for (const sketch of this.sketches) sketch?.show(false);
  }

  // Draw all lines and marks without plotly.js, which gets them for its next drawing.
  sketch() {
    this.sketches.forEach((sketch, i) => {
      const layers = this.layers.filter(({ chart }) => chart === i);
      if (!sketch || !layers.at(-1).plot.ranges) return;
      const { bindings, figure } = this.data.charts[i];
      const drawn = [];
      for (const { traces, shadows, plot } of layers) {
        traces.forEach((t, k) => {
          if (bindings[t].kind === "grid") return;
          const part = this.follow(bindings[t], true);
          Object.assign(plot.data[k], part);
          drawn.push({ ...figure.data[t], ...part });
        });
        for (const t of shadows) drawn.push({ ...figure.data[t], ...SHADOW, ...this.shadowOf(bindings[t]) });
      }
      sketch.draw(drawn, layers.at(-1).plot.ranges);
    });
  }

  // A landscape is left to `drawLayer`, and so are the axes above it.
  moveLayer(layer, all = false) {
    const { chart, traces: indices, shadows, plot, depth, grounded } = layer;
    if (!plot.layout || (all && grounded && !depth)) return;
    const { bindings } = this.data.charts[chart];
    const columns = this.columnsOf(layer);
    const stays = (k) => COLUMNS.every((_, c) => columns[k * COLUMNS.length + c] === plot.columns[k * COLUMNS.length + c]);
    const parts = indices.map((t, k) => (bindings[t].kind === "whole" && stays(k) ? undefined : this.follow(bindings[t], all)));
    if (all) parts.push(...shadows.map((t) => this.shadowOf(bindings[t])));
    const traces = [...parts.keys()].filter((t) => parts[t]);
    if (!traces.length) return;
    const frame = { data: traces.map((t) => parts[t]), traces };
    const axes = JSON.stringify(this.shown.layouts[chart]);
    if (all && !grounded && axes !== plot.axes) {
      frame.layout = nested(this.shown.layouts[chart]);
      if ((frame.layout.yaxis?.type ?? "linear") !== plot._fullLayout.yaxis.type) return this.drawLayer(layer);
      Object.assign(plot, { axes, ranges: this.shown.layouts[chart] });
    }
    if (all) plot.columns = columns;
    const animation = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
    return this.Plotly.animate(plot, frame, animation).catch(() => {}); // rejected when the next frame overtakes it
  }

  // Show the numbers, headings and slider of the current frame.
  write() {
    const { data, frame } = this;
    const { columns, trained } = this.shown;
    const whole = (name) => columns[name][frame].toLocaleString(data.language, { maximumFractionDigits: 0 });
    const value = (name, digits) => (digits === 0 ? whole(name) : format(columns[name][frame]));
    const count = data.counter ? columns[data.counter.epochs][frame] : columns.epoch[frame] + 1;
    const say = ({ untrained, one, many }) =>
      (!trained || count === 0 ? untrained : count === 1 ? one : many).replace(/\{(\+?)(\w+)\}/g, (_, sign, name) =>
        name === "count" ? count : sign ? signed(columns[name][frame]) : value(name),
      );
    const shown = !trained ? "–" : data.counter ? whole(data.counter.shown) : `${columns.epoch[frame]}`;
    this.slider.value = frame;
    this.output.textContent = shown;
    this.slider.setAttribute("aria-valuetext", trained ? shown : data.words.untrained);
    data.readouts.forEach(({ column, digits }, i) => (this.root.querySelectorAll(".wb-value")[i].textContent = value(column, digits)));
    this.root.querySelectorAll(".wb-target").forEach((box, i) => {
      const target = (this.shown.targets ?? data.readouts.map((readout) => readout.target))[i];
      const text = target == null ? "" : ` ${data.words.target} ${format(target)}`;
      if (box.textContent !== text) box.textContent = text;
    });
    data.charts.forEach((chart, i) => {
      this.root.querySelectorAll(".wb-title")[i].textContent = say(chart.titles);
      if (!this.moving) this.boxes[i].setAttribute("aria-label", say(chart.summary)); // not sixty times a second
    });
    const moving = this.moving;
    this.label("play", moving ? data.words.pause : data.words.play, moving ? "M5 4h4v12H5zM11 4h4v12h-4z" : "M5 4v12l11-6z");
    this.root.dataset.frame = frame;
    this.root.dataset.state = moving ? "playing" : "paused";
    markEarly(frame < this.last);
  }

  do(what) {
    if (!what || !this.shown.trained) return;
    if (what === "play") return this.moving ? this.pause() : this.play();
    this.pause();
    this.go({ start: 0, end: this.last, back: this.frame - 1, forward: this.frame + 1 }[what]);
  }

  play() {
    if (this.playing || !this.last) return;
    if (this.frame >= this.last) this.go(this.data.growing ? this.last : 0);
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
    if (target === this.select || (event.key === " " && target.closest?.("button"))) return; // these handle the key themselves
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

// Whether two columns have the same numbers.
function same(one, other) {
  return one === other || (one?.length === other?.length && one.every((value, k) => Object.is(value, other[k])));
}

// { "yaxis.range": [0, 1] } as { yaxis: { range: [0, 1] } }
function nested(layout) {
  const found = {};
  for (const [path, value] of Object.entries(layout)) {
    const [name, part] = path.split(".");
    found[name] = { ...found[name], [part]: value };
  }
  return found;
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

function chartElement(box, { id, legend, bindings }) {
  box.className = "wb-chart";
  box.dataset.chart = id;
  if (!box.firstChild) box.innerHTML = `<h3 class="wb-title"></h3><p class="wb-legend"></p><div class="wb-plot" role="img"><canvas></canvas></div>`;
  const [, keys, plot] = box.children;
  keys.replaceChildren(...legend.flatMap(({ mark, color, name }) => {
    const sign = Object.assign(document.createElement("span"), { textContent: mark, ariaHidden: "true" });
    sign.style.color = color;
    return [sign, `${name} `];
  }));
  while (plot.children.length <= layersOf(bindings).length) plot.append(document.createElement("div"));
}

// Plotly's fast update of traces removes traces of other types in the same plot. So a chart with a landscape is two
// stacked plots: static traces below, moving ones above.
function layersOf(bindings) {
  const all = [...bindings.keys()];
  if (!bindings.some(({ kind }) => kind === "grid")) return [all];
  const still = ({ kind }) => kind === "grid" || kind === "whole";
  return [all.filter((t) => still(bindings[t])), all.filter((t) => !still(bindings[t]))];
}
