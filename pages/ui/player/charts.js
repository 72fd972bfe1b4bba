// The charts of the player: plotly.js draws axes, landscapes and everything that rests; a sketch draws what moves.
//
// They show the frame of a view: { shown, frame }, which is the player, or a run that stays as a shadow.

const SETTLES = 120; // milliseconds without a new picture, after which plotly.js draws it as well
const LATEST = 600; // on slow machines, where pictures are further apart
const SHADOW = { hoverinfo: "skip", opacity: 0.45, line: { color: "#8A8F98", width: 1.5, dash: "3px,3px" } };
const NOTHING = { x: [null], y: [null] }; // a trace without points would stay as it is
const COLUMNS = ["x", "y", "z", "slope", "intercept", "text"]; // of a binding

let plotly; // one copy for the page

// Most pages have its script in their head, where it may still be on its way.
function loadPlotly(address) {
  plotly ??= new Promise((resolve, reject) => {
    const src = new URL(address, location.href).href;
    const known = [...document.scripts].find((one) => one.src === src);
    const script = known ?? Object.assign(document.createElement("script"), { src });
    const use = () => {
      rememberArrays(window.Plotly.PlotSchema);
      resolve(window.Plotly);
    };
    if (window.Plotly) return use();
    script.addEventListener("load", use);
    script.addEventListener("error", () => {
      plotly = undefined; // the next message tries again
      script.remove();
      reject(new Error(`no plotly.js at ${address}`));
    });
    if (!known) document.head.append(script);
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

// The number of a column in a frame; nan for a column that has none before the first frame. Start and best line stay.
export function numberOf(columns, name, frame) {
  if (/^(start|best)_/.test(name)) return columns[name][0];
  return frame < 0 ? (columns[`start_${name}`]?.[0] ?? NaN) : columns[name][frame];
}

export class Charts {
  constructor(player, Sketch) {
    Object.assign(this, { player, Sketch, layers: [], sketches: [], shadow: undefined });
  }

  get data() {
    return this.player.data;
  }

  get shown() {
    return this.player.shown;
  }

  end() {
    clearTimeout(this.settling);
    for (const { plot } of this.layers) window.Plotly?.purge(plot);
  }

  resize() {
    for (const { plot } of this.layers) if (plot.layout && plot.clientWidth) this.Plotly.Plots.resize(plot);
    for (const box of this.boxes ?? []) if (box.sketch) box.sketch.fitted = false;
    if (this.behind) this.sketch();
  }

  readColours() {
    const style = getComputedStyle(this.player.root);
    const [text, line, ground] = ["--wb-text", "--wb-line", "--wb-ground"].map((name) => style.getPropertyValue(name).trim());
    this.colours = { text, line, ground, font: style.fontFamily };
  }

  // Take the charts of a message, whose elements are there.
  build(boxes) {
    const { charts, live } = this.data;
    this.boxes = boxes;
    this.layers = charts.flatMap(({ bindings }, chart) => layersOf(bindings).map((traces, depth) => ({ chart, traces, depth })));
    for (const layer of this.layers) {
      const { bindings } = charts[layer.chart];
      layer.plot = boxes[layer.chart].querySelectorAll(":scope > div")[layer.depth];
      layer.grounded = bindings.some(({ kind }) => kind === "grid");
      layer.shadows = live ? layer.traces.filter((t) => bindings[t].shadow) : [];
    }
    boxes.forEach((box, chart) => {
      const { click } = charts[chart];
      box.onclick = (event) => this.player.click(chart, event);
      box.dataset.click = click === "place" && !this.data.place ? "" : click;
      box.title = box.dataset.click === "place" ? this.data.place : "";
    });
    this.sketches = boxes.map((box, chart) => {
      const { figure, bindings, layout } = charts[chart];
      const moving = figure.data.filter((trace, t) => bindings[t].kind !== "grid");
      return this.Sketch.of(box, moving, layout, figure.layout.margin);
    });
  }

  // Whether plotly.js could be loaded.
  async load() {
    this.Plotly = await loadPlotly(this.data.scripts.plotly).catch(() => undefined);
    return Boolean(this.Plotly);
  }

  // Draw a message that has been built: a new recording, or the same one with other texts, colours or frames.
  async update(grown) {
    // While a recording grows with the same axes, update only the traces: complete redraws keep a whole core busy.
    const axes = JSON.stringify([this.data.language, this.colours, this.shown.layouts]);
    const same = grown && this.axes === axes && !this.layers.some(({ grounded }) => grounded);
    this.axes = axes;
    if (same) this.move(true);
    else await this.draw();
  }

  // Draw all charts, for another recording or theme. A plot that shows just this already stays as it is.
  async draw() {
    this.behind = undefined;
    this.sayWhere();
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
    // plotly.js writes into what it gets: the contours of one landscape would stay for the next.
    const traces = indices.map((t) => ({ ...structuredClone(chart.figure.data[t]), ...this.follow(chart.bindings[t], true) }));
    for (const t of shadows) traces.push({ ...chart.figure.data[t], ...SHADOW, ...this.shadowOf(chart.bindings[t]) });
    // With a config, plotly.js would set up the plot again and force a layout of the page.
    const config = plot.layout ? undefined : { displayModeBar: false, scrollZoom: false, doubleClick: false, staticPlot: depth > 0 };
    await this.Plotly.react(plot, traces, layout, config);
    if (this.behind) this.sketch(); // with the new axes
    else this.clearSketches();
  }

  columnsOf({ chart, traces }) {
    return traces.flatMap((t) => COLUMNS.map((name) => this.shown.columns[this.data.charts[chart].bindings[t][name]]));
  }

  // A trace of the run that was on show before a slider was grabbed.
  shadowOf(binding) {
    return this.shadow ? this.follow(binding, true, this.shadow) : NOTHING;
  }

  // The data of a binding at the current frame; undefined if it does not change.
  follow({ kind, x, y, z, slope, intercept, text, lead = 0, log = false }, all = false, view = this.player) {
    const { shown: { columns }, frame } = view;
    const number = (name) => numberOf(columns, name, frame);
    // Before the first frame, the curves over the epochs have no points.
    if (frame < 0 && ((kind === "prefix" && !lead) || (kind === "point" && x === "epoch"))) return NOTHING;
    if (kind === "prefix") return { x: columns[x].subarray(0, frame + 1 + lead), y: columns[y].subarray(0, frame + 1 + lead) };
    if (kind === "point") return { x: [number(x)], y: [number(y)] };
    if (kind === "line") return { x: columns[x], y: columns[x].map((value) => number(slope) * value + number(intercept)) };
    if (!all) return undefined;
    if (kind === "whole") return { x: columns[x], y: columns[y], ...(text && { text: columns[text] }) };
    const width = columns[x].length;
    const rows = Array.from(columns[y], (_, row) => columns[z].subarray(row * width, (row + 1) * width));
    if (!log) return { x: columns[x], y: columns[y], z: rows };
    // A grid point exactly on the optimum would use up all colours of a logarithmic landscape.
    const lowest = columns[z].reduce((most, value) => Math.max(most, value), 0) * 1e-5;
    return { x: columns[x], y: columns[y], z: rows.map((row) => row.map((value) => Math.log10(Math.max(value, lowest)))), customdata: rows };
  }

  // What lies in a chart under the pointer, [x, y]; undefined outside its axes.
  placeOf(chart, { clientX, clientY }) {
    const { l, r, t, b } = this.data.charts[chart].figure.layout.margin;
    const box = this.boxes[chart].getBoundingClientRect();
    const across = (clientX - box.left - l) / (box.width - l - r);
    const up = (box.bottom - b - clientY) / (box.height - t - b);
    if (Math.min(across, up) < 0 || Math.max(across, up) > 1) return undefined;
    const { "xaxis.range": x, "yaxis.range": y } = this.shown.layouts[chart];
    return [x[0] + across * (x[1] - x[0]), y[0] + up * (y[1] - y[0])];
  }

  // Say of a line that is outside its chart where it is.
  sayWhere() {
    this.boxes.forEach((box, i) => {
      const binding = this.data.charts[i].bindings.find(({ kind }) => kind === "line");
      if (!binding) return;
      const [low, high] = this.shown.layouts[i]["yaxis.range"];
      const { y } = this.follow(binding, true);
      const side = y.every((value) => value > high) ? "above" : y.every((value) => value < low) ? "below" : "";
      if (box.dataset.outside === side) return;
      box.dataset.outside = side;
      box.dataset.said = side && this.data.words[side];
    });
  }

  // Update the traces that follow the frame, or `all` of them: at once in a sketch, and by plotly.js when they rest.
  // Where only one chart changes, the others are left as they are.
  move(all = false, only = undefined) {
    if (!this.Plotly) return; // nothing is drawn yet
    this.behind = { all: all || Boolean(this.behind?.all) };
    this.sayWhere();
    const wanted = (chart) => only === undefined || chart === only;
    const late = this.layers.filter((layer) => !this.sketches[layer.chart] || (all && this.hasOtherAxes(layer)));
    for (const layer of late) if (wanted(layer.chart)) this.moveLayer(layer, all);
    this.sketch(wanted);
    const [before, now] = [this.movedAt ?? 0, performance.now()];
    this.movedAt = now;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), Math.max(SETTLES, Math.min(2 * (now - before), LATEST)));
  }

  // Draw the landscapes whose chart is one of these, and all that lies on them.
  drawGrounds(wanted = () => true) {
    for (const layer of this.layers) if (layer.grounded && wanted(layer.chart)) this.drawLayer(layer);
  }

  get hasGround() {
    return this.layers.some(({ grounded }) => grounded);
  }

  hasOtherAxes({ chart, grounded, plot }) {
    return !grounded && JSON.stringify(this.shown.layouts[chart]) !== plot.axes;
  }

  // The picture rests: plotly.js draws it, too.
  async settle() {
    if (!this.behind) return;
    const { all } = this.behind;
    this.behind = undefined;
    if (all) this.player.live?.drawGround();
    await Promise.all(this.layers.map((layer) => this.moveLayer(layer, all)));
    this.clearSketches();
  }

  // Show what plotly.js has drawn, where nothing is missing in it: `moveLayer` leaves out what lies on a landscape.
  clearSketches() {
    if (this.behind) return;
    const lacking = new Set(this.layers.filter((layer) => layer.grounded && !layer.depth && !this.isDrawn(layer)).map(({ chart }) => chart));
    this.sketches.forEach((sketch, chart) => lacking.has(chart) || sketch?.show(false));
  }

  isDrawn(layer) {
    return this.columnsOf(layer).every((column, k) => column === layer.plot.columns?.[k]);
  }

  // Draw all lines and marks without plotly.js, which gets them for its next drawing.
  sketch(wanted = () => true) {
    this.sketches.forEach((sketch, i) => {
      if (!wanted(i)) return;
      const layers = this.layers.filter(({ chart }) => chart === i);
      if (!sketch || !layers.at(-1).plot.ranges) return;
      const { bindings, figure } = this.data.charts[i];
      const drawn = [];
      for (const { traces, shadows, plot } of layers) {
        traces.forEach((t, k) => {
          if (bindings[t].kind === "grid") return;
          const part = this.follow(bindings[t], true);
          Object.assign(plot.data[k] ?? {}, part); // for labels under the pointer
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

export function chartElement(box, { id, legend, bindings }) {
  box.className = "wb-chart";
  box.dataset.chart = id;
  if (!box.firstChild) box.innerHTML = `<h2 class="wb-title"></h2><p class="wb-legend"></p><div class="wb-plot" role="img"><canvas></canvas></div>`;
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
