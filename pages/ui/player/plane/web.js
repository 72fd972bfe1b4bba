// The network as a picture: a column for the inputs, each hidden layer and the outputs, in which every unit shows what it
// says about every place, and lines for the weights.

import { CLASSES } from "./classes.js";
import { whole } from "../text.js";
import { Hold } from "./hold.js";
import { Picture, ramp } from "./paint.js";
import { Retype } from "./retype.js";
import { Steppers } from "./steppers.js";
import { Wires, sizeOf } from "./wires.js";

const NARROW = 620; // pixels of the scene, below which the network is under the boundary (see plane.css)
const SIDES = [58, 42]; // pixels from the room's left to the middle of the inputs, and from the outputs' middle to its right
const PITCH = { mouse: [24, 42], touch: [40, 44] }; // pixels from unit to unit, the least and the most
const GAP = { mouse: 60, touch: 58 }; // pixels from layer to layer, the least
const HEAD = { mouse: 46, touch: 124 }; // pixels of a layer's name and buttons
const LARGEST = 36; // pixels of a unit's picture

export class Web {
  constructor(plane) {
    this.plane = plane;
    const section = plane.box.appendChild(document.createElement("section"));
    section.className = "wb-web";
    section.innerHTML = `<div class="wb-web-head"><h2></h2></div>
      <div class="wb-web-room"><div class="wb-web-floor" role="group"><canvas></canvas></div></div><div class="wb-told"><p class="wb-said" id="wb-said"></p><form hidden></form></div>`;
    [this.head, this.room] = section.children;
    [this.line, this.form] = section.lastElementChild.children;
    [this.title] = this.head.children;
    [this.floor] = this.room.children;
    [this.canvas] = this.floor.children;
    this.ink = this.canvas.getContext("2d");
    this.steppers = new Steppers(this);
    this.retype = new Retype(this, this.form);
    this.hold = new Hold(this);
    this.room.onscroll = () => this.sayMore();
  }

  // The unit or the weight that a hand, a focus or a tap asks for.
  get held() {
    return this.hold.unit;
  }

  // The colours of what is below and above 0: those of the two classes, where there are two.
  get signs() {
    if (this.plane.network.outputs === 1) return CLASSES.slice(0, 2).map(({ color }) => color);
    return ["#8A8F98", this.plane.player.charts.colours.text];
  }

  // Take the texts, colours and layers of a message.
  update() {
    const { network, words, player, side } = this.plane;
    const { ground } = player.charts.colours;
    this.colours = ramp(ground, ...this.signs, 0.95);
    this.answers = network.outputs === 1 ? [this.colours] : CLASSES.map(({ color }) => ramp(ground, ground, color, 0.95));
    const shape = JSON.stringify([network.sizes, network.features, side]);
    if (this.shape !== shape) this.build();
    this.shape = shape;
    this.title.textContent = words.network.replace("{count}", whole(network.count, player.data.language));
    this.floor.ariaLabel = words.network_label;
    this.steppers.update();
    this.retype.update();
    this.hold.update();
    this.fit();
  }

  // Make the elements of other layers.
  build() {
    const { network, side } = this.plane;
    for (const { button } of this.units ?? []) button.remove();
    this.units = network.sizes.flatMap((units, column) => Array.from({ length: units }, (_, unit) => this.unitElement(column - 1, unit)));
    const step = (side - 1) / 2 > 25 ? 2 : 1;
    for (const unit of this.units) unit.picture = new Picture(side, step);
    this.hold.build();
  }

  unitElement(layer, unit) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "wb-unit" });
    button.append(Object.assign(document.createElement("span"), { ariaHidden: "true" }));
    button.setAttribute("aria-describedby", this.line.id);
    this.floor.append(button);
    return { layer, unit, button };
  }

  unitAt(layer, unit) {
    return this.units.find((one) => one.layer === layer && one.unit === unit);
  }

  // Give everything its place. Sizes are read here and not for every picture.
  fit() {
    if (!this.plane.network || !this.room.clientWidth) return;
    const { sizes } = this.plane.network;
    const hand = matchMedia("(pointer: coarse)").matches ? "touch" : "mouse";
    const stacked = (this.stacked = this.plane.box.clientWidth < NARROW);
    this.floor.style.width = this.floor.style.height = "0";
    const [width, room] = [this.room.clientWidth, stacked ? 0 : this.room.clientHeight];
    const most = Math.max(...sizes);
    const [least, largest] = PITCH[hand];
    const pitch = Math.max(least, Math.min(largest, stacked ? largest : (room - HEAD[hand] - 6) / most));
    const height = Math.max(room, HEAD[hand] + pitch * most + 4);
    const gap = Math.max(GAP[hand], (width - SIDES[0] - SIDES[1]) / (sizes.length - 1));
    const size = Math.min(LARGEST, pitch - 4);
    Object.assign(this, { width: Math.max(width, SIDES[0] + SIDES[1] + gap * (sizes.length - 1)), height, size });
    Object.assign(this.floor.style, { width: `${this.width}px`, height: `${height}px` });
    [this.canvas.width, this.canvas.height] = [this.width * devicePixelRatio, height * devicePixelRatio];
    const middle = (HEAD[hand] + height) / 2;
    for (const one of this.units) {
      one.x = Math.round(SIDES[0] + (one.layer + 1) * gap - size / 2);
      one.y = Math.round(middle + (one.unit - (sizes[one.layer + 1] - 1) / 2) * pitch - size / 2);
      Object.assign(one.button.style, { left: `${one.x}px`, top: `${one.y}px`, width: `${size}px`, height: `${size}px` });
    }
    this.steppers.place((layer) => SIDES[0] + (layer + 1) * gap);
    this.wires = new Wires(this.ends(), size / LARGEST);
    this.hold.rove();
    this.sayMore();
  }

  // Fade the sides where there is more to scroll to.
  sayMore() {
    const { scrollLeft, scrollTop, clientWidth, clientHeight, scrollWidth, scrollHeight } = this.room;
    this.room.classList.toggle("wb-below", scrollTop + clientHeight < scrollHeight - 2);
    this.room.classList.toggle("wb-beside", scrollLeft + clientWidth < scrollWidth - 2);
    this.scrolls = scrollHeight > clientHeight + 2 || scrollWidth > clientWidth + 2;
  }

  ends() {
    const { size, plane: { network } } = this;
    return network.layers.flatMap(({ before, after }, layer) =>
      Array.from({ length: before * after }, (_, n) => {
        const [unit, from] = [Math.floor(n / before), n % before];
        const [source, target] = [this.unitAt(layer - 1, from), this.unitAt(layer, unit)];
        return { layer, unit, from, x0: source.x + size, y0: source.y + size / 2, x1: target.x, y1: target.y + size / 2 };
      }),
    );
  }

  // The number that has the strongest colour in a picture of values: small ones stay pale.
  mostOf(layer, values) {
    if (layer >= 0 && ["tanh", "sigmoid"].includes(this.plane.network.activation)) return 1;
    return values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  }

  draw(state) {
    const { ink, plane: { network }, width, height, size, wires } = this;
    if (!wires) return;
    ink.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ink.clearRect(0, 0, width, height);
    wires.draw(ink, network, state.parameters, this.signs, this.hold.shows);
    const last = network.layers.length - 1;
    for (const { layer, unit, picture, x, y } of this.units) {
      this.paint(picture, layer, unit, last);
      picture.draw(ink, x, y, size);
    }
    this.drawBiases(state);
    this.hold.say(state);
    this.retype.say(state);
  }

  paint(picture, layer, unit, last) {
    const values = this.plane.valuesOf(layer, unit);
    if (layer < last) return picture.paint(values, this.colours, this.mostOf(layer, values));
    if (last === layer && this.plane.network.outputs === 1) return picture.paint(values.map((z) => Math.tanh(z / 2)), this.colours);
    return picture.paint(this.chances(unit), this.answers[unit]);
  }

  // The probability of a class at every place.
  chances(unit) {
    const logits = this.plane.outputs.at(-1);
    const { outputs } = this.plane.network;
    const count = logits.length / outputs;
    return Float32Array.from({ length: count }, (_, n) => {
      let sum = 0;
      for (let k = 0; k < outputs; k++) sum += Math.exp(logits[k * count + n] - logits[unit * count + n]);
      return 1 / sum;
    });
  }

  // A bias is a mark at the lower left of its unit, filled above 0 and hollow below.
  drawBiases({ parameters }) {
    const { ink, size, signs, plane: { network, player } } = this;
    for (const { layer, unit, x, y } of this.units) {
      if (layer < 0) continue;
      const { bias } = network.unit(parameters, layer, unit);
      const half = 1.5 + 3.5 * sizeOf(bias);
      ink.beginPath();
      ink.arc(x - 1, y + size - 1, half, 0, 2 * Math.PI);
      Object.assign(ink, { fillStyle: bias < 0 ? player.charts.colours.ground : signs[1], strokeStyle: signs[bias < 0 ? 0 : 1], lineWidth: 1.5 });
      ink.fill();
      ink.stroke();
    }
  }
}
