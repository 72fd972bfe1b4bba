// Seeing the fit: residuals, a line placed by hand, three losses side by side, and points that a hand moves.
//
// It lies over one chart of the player, in whose columns it finds the points and the model's line, and adds a row of
// tools and a row of meters to it.

import { Edit } from "./edit.js";
import { Guess } from "./guess.js";
import { Meters } from "./meters.js";
import { bestLine, lossOf } from "./lines.js";
import { Overlay } from "./overlay.js";

const CHART = "fit";
const TRAIN = "#0072B2";
const TEST = "#009E73";
const SIDES = { train: { color: TRAIN, alpha: 0.9 }, test: { color: TEST, alpha: 0.5 } };

export class Fit {
  constructor(player, format) {
    Object.assign(this, { player, format, kind: "off" });
    this.box = player.root.querySelector(`[data-chart=${CHART}]`);
    this.at = player.data.charts.findIndex(({ id }) => id === CHART);
    this.overlay = new Overlay(this.box, player.data.charts[this.at].figure.layout.margin);
    this.overlay.redraw = () => this.follow();
    this.tools = this.box.insertBefore(document.createElement("div"), this.overlay.element);
    this.tools.className = "wb-tools";
    this.tools.innerHTML = `
      <button type="button" class="wb-tool" data-tool="edit" aria-pressed="false"></button>
      <select class="wb-tool">${["off", "sticks", "squares"].map((one) => `<option value="${one}"></option>`).join("")}</select>
      <button type="button" class="wb-tool" data-tool="guess" aria-pressed="false"></button>`;
    const [edit, select, guess] = this.tools.children;
    this.meters = new Meters(this.box, format);
    this.guess = new Guess(this, guess);
    this.edit = new Edit(this, edit);
    select.onchange = () => {
      this.kind = select.value;
      this.follow();
    };
  }

  end() {
    this.overlay.end();
  }

  get words() {
    return this.data.words;
  }

  // What stays on show when such a message arrives.
  held(data) {
    this.data = data;
    return this.edit.held(data.points)?.shown();
  }

  // A message of the server.
  update() {
    const { data } = this;
    const { words } = data;
    const select = this.tools.querySelector("select");
    [select.ariaLabel, select.title] = [words.residuals, words.residuals_help];
    [...select.options].forEach((option) => (option.textContent = words[option.value]));
    this.guess.update();
    this.edit.update();
    this.follow();
  }

  // The points of one side that the charts show.
  pointsOf(side) {
    const { columns } = this.player.shown;
    return { X: columns[`X_${side}`], y: columns[`y_${side}`] };
  }

  // The model's line at the frame on show, in the units of the points.
  get model() {
    const { player } = this;
    const own = player.shown.columns.own_weight ? "own_" : "";
    return { weight: player.number(`${own}weight`), bias: player.number(`${own}bias`) };
  }

  // How many of the chart's units are one of the loss, for a model that learns on scaled points.
  get unit() {
    return this.edit.draft?.unit ?? this.data.unit;
  }

  // The best line for the points on show, which is found once for the same points.
  get best() {
    if (this.edit.draft) return this.edit.draft.best;
    const train = this.pointsOf("train");
    if (this.known?.X !== train.X || this.known?.y !== train.y) {
      this.known = { ...train, line: this.data.all ? bestLine(this.data.loss, train, this.unit) : undefined };
    }
    return this.known.line;
  }

  // Draw what belongs to the picture on show.
  follow() {
    if (!this.data || !this.overlay.width) return;
    const { overlay, player, kind } = this;
    const layout = player.shown.layouts[this.at];
    overlay.ranges = { x: layout["xaxis.range"], y: layout["yaxis.range"] };
    const line = this.edit.isHeld ? this.best : this.model;
    overlay.within((ink) => {
      if (kind !== "off") for (const [side, look] of Object.entries(SIDES)) overlay.residuals(ink, this.pointsOf(side), line, kind, look);
      this.guess.draw(ink);
      this.edit.draw(ink);
    });
    this.guess.place();
    this.edit.place();
    this.measure();
  }

  measure() {
    const { loss, all, words } = this.data;
    const train = this.pointsOf("train");
    const lossOn = (line) => (all && line ? lossOf(loss, line, train, this.unit) : undefined);
    this.meters.show(this.edit.says ?? words.loss, [
      { name: words.guess, value: lossOn(this.guess.line), color: "var(--wb-text)" },
      { name: words.model, value: lossOn(this.model), color: "#D55E00" },
      { name: words.best, value: lossOn(this.best), color: "#8A8F98" },
    ]);
  }
}
