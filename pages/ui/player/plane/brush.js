// Points with classes that a hand draws, moves and removes on the plane. New points are of the class that is chosen.

import { Editor } from "../edit/editor.js";
import { Over } from "../edit/over.js";
import { isForTraining } from "../edit/points.js";
import { MARGIN } from "./boundary.js";
import { CLASSES } from "./classes.js";

const LEAST = 4; // points

export class Brush extends Editor {
  constructor(plane) {
    const { row, element } = plane.boundary;
    const overlay = new Over(element, MARGIN);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "wb-tool" });
    super({ plane, player: plane.player, overlay, follow: () => this.follow() }, button);
    overlay.redraw = () => this.host.data && this.follow();
    this.label = 0;
    this.classes = Object.assign(document.createElement("div"), { className: "wb-classes", role: "radiogroup", hidden: true });
    this.classes.onkeydown = (event) => event.stopPropagation(); // in the player, arrows go to other epochs
    this.classes.append(...CLASSES.map((look, label) => this.choiceOf(look, label)));
    this.line = Object.assign(document.createElement("p"), { className: "wb-brush-says", hidden: true });
    this.line.setAttribute("role", "status");
    row.append(this.classes, button);
    element.after(this.line);
  }

  end() {
    this.host.overlay.end();
  }

  choiceOf({ mark, color }, label) {
    const choice = document.createElement("label");
    choice.style.setProperty("--wb-class", color);
    choice.innerHTML = `<input type="radio" name="wb-class"><span class="wb-tool"><i aria-hidden="true">${mark}</i> ${label}</span>`;
    choice.firstElementChild.onchange = () => this.brushWith(label);
    return choice;
  }

  // How many classes there are to choose from: those of the points, and the next one.
  get offered() {
    return Math.min(CLASSES.length, 2 + Math.max(...this.points.map(([, , label]) => label)));
  }

  brushWith(label) {
    if (label < this.offered) this.label = label;
    this.follow();
  }

  // What stays on show when a message with such points arrives.
  held(edit) {
    Object.assign(this.host, { data: edit, words: edit.words });
    return super.held(edit.points);
  }

  update() {
    const { x, y } = this.host.plane.area;
    this.host.overlay.ranges = { x, y };
    super.update();
    this.classes.ariaLabel = this.host.words.brush;
    [...this.classes.children].forEach((choice, label) => {
      choice.title = choice.firstElementChild.ariaLabel = this.host.words.classes[label];
    });
    this.follow();
  }

  made(place) {
    return [...place, this.label];
  }

  // A network needs four points, of classes that are numbered without a gap.
  refusal(points) {
    const { words } = this.host;
    if (points.length < LEAST) return words.few;
    const labels = new Set(points.map(([, , label]) => label));
    return labels.size < Math.max(2, 1 + Math.max(...labels)) ? words.last : undefined;
  }

  drafted(points) {
    const { data } = this.host;
    const columns = {
      x1: Float32Array.from(points, ([x1]) => x1),
      x2: Float32Array.from(points, ([, x2]) => x2),
      label: Float32Array.from(points, ([, , label]) => label),
      test: Float32Array.from(points, (_, n) => (isForTraining(n, points, data) ? 0 : 1)),
    };
    return { points, columns, base: this.draft?.base ?? data.points };
  }

  display() {
    const { plane, player } = this.host;
    player.pause();
    plane.show(this.draft.columns);
    this.follow();
  }

  restore() {
    const { plane } = this.host;
    plane.show(plane.recorded);
    this.follow();
  }

  // The numbers choose a class; Tab goes to the next point, and after the last one out of the plane.
  keyOf({ key, shiftKey }) {
    if (!this.on) return undefined;
    if (key in this.classes.children && key.length === 1) return () => this.brushWith(Number(key));
    const next = this.current + (shiftKey ? -1 : 1);
    return key === "Tab" && this.points[next] ? () => this.choose(next) : undefined;
  }

  // Show what has changed: the classes to choose from, the cursor, and what there is to say.
  follow() {
    const { plane, data } = this.host;
    const { on } = this;
    plane.boundary.legend.hidden = on;
    this.classes.hidden = !on;
    if (data.points) {
      const { offered } = this;
      this.label = Math.min(this.label, offered - 1);
      [...this.classes.children].forEach((choice, label) => {
        choice.hidden = label >= offered;
        choice.firstElementChild.checked = label === this.label;
      });
    }
    plane.boundary.probe.line.hidden = on;
    this.line.hidden = !on;
    const says = this.says ?? "";
    if (this.line.textContent !== says) this.line.textContent = says;
    this.place();
    this.cursor.hidden ||= !on;
  }
}
