// The large picture: what the network says about every place, or one unit of it, its border, and the points on it.

import { ticksOf } from "./axes.js";
import { CLASSES, shapeOf } from "./classes.js";
import { whole, write } from "../text.js";
import { Probe } from "./probe.js";
import { Picture, contour, lighter, ramp } from "./paint.js";

export const MARGIN = { l: 38, r: 6, t: 6, b: 38 };
const MANY = 500; // points, which are drawn smaller
const SOFT = [0.58, 0.1]; // how much of its colour a picture under points has at most, and at least

export class Boundary {
  constructor(plane) {
    this.plane = plane;
    const section = plane.box.appendChild(document.createElement("section"));
    section.className = "wb-boundary";
    section.innerHTML = `<h2></h2><div class="wb-legend-row"><p class="wb-legend"></p></div>
      <div class="wb-plane"><div role="img">${"<canvas></canvas>".repeat(3)}</div></div><p class="wb-here"></p>`;
    [this.title, this.row, this.element] = section.children;
    [this.legend] = this.row.children;
    [this.image] = this.element.children;
    this.inks = [...this.image.children].map((canvas) => canvas.getContext("2d"));
    this.probe = new Probe(plane, this, section.lastElementChild);
  }

  // Take the texts, colours, axes and points of a message.
  update() {
    const { player, network, words, side } = this.plane;
    const { ground, text } = player.charts.colours;
    Object.assign(this, { text, paper: lighter(ground, text) });
    if (this.picture?.side !== side) this.picture = new Picture(side);
    this.ramps = CLASSES.map(({ color }) => ramp(ground, color, color, ...SOFT));
    this.sure = ramp(ground, CLASSES[0].color, CLASSES[1].color, ...SOFT);
    this.signs = ramp(ground, ...this.plane.web.signs, SOFT[0]);
    this.legend.replaceChildren(...words.classes.flatMap((name, k) => [keyOf(CLASSES[k].mark, CLASSES[k].color), ` ${name}   `]));
    this.probe.update();
    this.fit();
    this.margins = network.outputs > 1 ? Array.from({ length: network.outputs }, () => new Float32Array(side * side)) : [];
  }

  // The size is read when it changes and not for every picture, because reading it makes the browser lay out the page.
  fit() {
    const { element, inks } = this;
    [this.width, this.height] = [element.clientWidth, element.clientHeight];
    const { l, r, t, b } = MARGIN;
    this.axes = { left: l, right: this.width - r, top: t, bottom: this.height - b };
    for (const { canvas } of inks) {
      [canvas.width, canvas.height] = [this.width * devicePixelRatio, this.height * devicePixelRatio];
    }
    if (!this.plane.area || !this.width) return;
    this.drawAxes();
    this.takePoints();
  }

  // Where a value is, in pixels.
  across(x1) {
    const [low, high] = this.plane.area.x;
    return this.axes.left + ((x1 - low) / (high - low)) * (this.axes.right - this.axes.left);
  }

  up(x2) {
    const [low, high] = this.plane.area.y;
    return this.axes.bottom - ((x2 - low) / (high - low)) * (this.axes.bottom - this.axes.top);
  }

  placeOf({ clientX, clientY }) {
    const corner = this.element.getBoundingClientRect();
    const { left, right, top, bottom } = this.axes;
    const across = (clientX - corner.left - left) / (right - left);
    const up = (bottom - (clientY - corner.top)) / (bottom - top);
    if (Math.min(across, up) < 0 || Math.max(across, up) > 1) return undefined;
    const { x, y } = this.plane.area;
    return { x1: x[0] + across * (x[1] - x[0]), x2: y[0] + up * (y[1] - y[0]) };
  }

  // Begin another picture on a canvas.
  clear(ink) {
    ink.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ink.clearRect(0, 0, this.width, this.height);
    return ink;
  }

  drawAxes() {
    const ink = this.clear(this.inks[0]);
    const { left, right, top, bottom } = this.axes;
    const { line, font } = this.plane.player.charts.colours;
    Object.assign(ink, { strokeStyle: line, fillStyle: this.text, font: `12px ${font}`, textBaseline: "top", textAlign: "center" });
    ink.strokeRect(left - 0.5, top - 0.5, right - left + 1, bottom - top + 1);
    const [across, up] = [ticksOf(this.plane.area.x), ticksOf(this.plane.area.y)];
    for (const value of across.values) ink.fillText(written(value, across.digits), this.across(value), bottom + 4);
    ink.fillText(this.plane.axisNames[0], (left + right) / 2, bottom + 21);
    Object.assign(ink, { textAlign: "right", textBaseline: "middle" });
    for (const value of up.values) ink.fillText(written(value, up.digits), left - 5, this.up(value));
    ink.translate(7, (top + bottom) / 2);
    ink.rotate(-Math.PI / 2);
    ink.textAlign = "center";
    ink.fillText(this.plane.axisNames[1], 0, 0);
  }

  // Draw the points: those of the training are filled, those of the test hollow.
  takePoints() {
    const { x1, x2, label, test } = this.plane.points;
    const ink = this.clear(this.inks[2]);
    this.size = x1.length > MANY ? 3 : 4;
    const ratio = devicePixelRatio;
    for (let n = 0; n < x1.length; n++) {
      ink.setTransform(ratio, 0, 0, ratio, ratio * this.across(x1[n]), ratio * this.up(x2[n]));
      const [shape, { color }] = [shapeOf(label[n], this.size), CLASSES[label[n]]];
      Object.assign(ink, { fillStyle: test[n] ? this.paper : color, strokeStyle: test[n] ? color : this.paper, lineWidth: test[n] ? 1.6 : 1 });
      ink.fill(shape);
      ink.stroke(shape);
    }
  }

  // Draw the picture of an epoch, with a ring around each point that its network gets wrong.
  draw(state, judged) {
    const held = this.held;
    const { left, right, top, bottom } = this.axes;
    const [width, height] = [right - left, bottom - top];
    const ink = this.clear(this.inks[1]);
    ink.save();
    ink.translate(left, top);
    ink.beginPath();
    ink.rect(0, 0, width, height);
    ink.clip();
    const lines = held && !this.isAnswer(held) ? this.paintUnit(held, state) : this.paintAnswer(held);
    this.picture.draw(ink, 0, 0, width, height);
    Object.assign(ink, { strokeStyle: this.text, lineWidth: 2 });
    ink.beginPath();
    for (const values of lines) contour(ink, values, this.picture.side, width, height);
    ink.stroke();
    this.ring(ink, judged.wrong);
    ink.restore();
    this.say(state, judged, held);
    this.probe.follow(state);
  }

  // The unit that takes the picture. The output of a network with two classes has it anyway.
  get held() {
    const { network, web: { held } } = this.plane;
    return held && network.outputs === 1 && this.isAnswer(held) ? undefined : held;
  }

  isAnswer({ layer }) {
    return layer === this.plane.network.layers.length - 1;
  }

  // The probabilities of the classes, or of the one class that is held; returns what is 0 on the borders.
  paintAnswer(held) {
    const { network, outputs } = this.plane;
    const logits = outputs.at(-1);
    if (network.outputs === 1) {
      this.picture.paint(logits.map((z) => Math.tanh(z / 2)), this.sure); // twice the probability, less 1
      return [logits];
    }
    const count = logits.length / network.outputs;
    const { pixels } = this.picture;
    for (let n = 0; n < count; n++) {
      let [sum, first, second] = [0, 0, -Infinity];
      for (let k = 1; k < network.outputs; k++) if (logits[k * count + n] > logits[first * count + n]) first = k;
      const most = logits[first * count + n];
      for (let k = 0; k < network.outputs; k++) {
        sum += Math.exp(logits[k * count + n] - most);
        if (k !== first) second = Math.max(second, logits[k * count + n]);
      }
      for (let k = 0; k < network.outputs; k++) this.margins[k][n] = logits[k * count + n] - (k === first ? second : most);
      const shown = held?.unit ?? first;
      const chance = Math.exp(logits[shown * count + n] - most) / sum;
      const strength = held ? chance : (chance * network.outputs - 1) / (network.outputs - 1);
      pixels[n] = this.ramps[shown][Math.min(255, 128 + Math.max(0, (127 * strength) | 0))];
    }
    this.picture.flush();
    return held ? [this.margins[held.unit]] : this.margins;
  }

  // What one unit says; returns what it sums up, which is 0 on a line.
  paintUnit({ layer, unit }, { parameters }) {
    const { network, inputs, outputs, side } = this.plane;
    const values = this.plane.valuesOf(layer, unit);
    this.picture.paint(values, this.signs, this.plane.web.mostOf(layer, values));
    if (layer < 0) return [values];
    const before = layer ? outputs[layer - 1] : inputs;
    return [(this.sums = network.sum(parameters, layer, unit, before, side * side, this.sums?.length === side * side ? this.sums : undefined))];
  }

  ring(ink, wrong) {
    const { x1, x2 } = this.plane.points;
    const { left, top } = this.axes;
    Object.assign(ink, { strokeStyle: this.text, lineWidth: 1.3 });
    ink.beginPath();
    for (const n of wrong) {
      const [x, y] = [this.across(x1[n]) - left, this.up(x2[n]) - top];
      ink.moveTo(x + this.size + 3.5, y);
      ink.arc(x, y, this.size + 3.5, 0, 2 * Math.PI);
    }
    ink.stroke();
  }

  // The heading says what the picture shows; the description is not changed sixty times a second.
  say({ epoch }, { count, right }, held) {
    const { words, player } = this.plane;
    const exact = epoch < 0 || epoch === player.number("epoch");
    const { branch } = this.plane.choice;
    const at = epoch < 0 ? words.at_start : !exact ? words.at_earlier : branch ? words.at_branch : words.at;
    const when = this.plane.web.retype.typed === undefined ? at : words.at_typed;
    const names = { letter: branch?.letter, epoch: whole(epoch, player.data.language), test: right[1], tests: count[1], train: right[0], trains: count[0] };
    const fill = (text) => text.replace(/\{(\w+)\}/g, (_, name) => names[name]);
    names.when = fill(when);
    names.unit = held && this.plane.nameOf(held);
    const title = fill(held ? words.unit_title : words.title);
    write(this.title, title);
    if (!player.moving) this.image.ariaLabel = fill(words.summary);
  }
}

function written(value, digits) {
  return value.toFixed(digits).replace("-", "−");
}

function keyOf(mark, color) {
  const sign = Object.assign(document.createElement("span"), { textContent: mark, ariaHidden: "true" });
  sign.style.color = color;
  return sign;
}
