// The plane under the epoch on show: the network with what every unit says about it, its boundary, and the points.
//
// All pictures come from the parameters of one epoch, are drawn at most once for each picture of the screen, and share
// the outputs of the network on one grid of places.

import { Boundary } from "./boundary.js";
import { Brush } from "./brush.js";
import { Choice } from "./choice.js";
import { CLASSES } from "./classes.js";
import { Network, classesOf, grid } from "./network.js";
import { nameOf } from "./says.js";
import { Web } from "./web.js";

const SIDES = [61, 41]; // places along each side of the pictures, of networks with few and with many units
const MANY = 40; // hidden units

export class Plane {
  constructor(player) {
    this.player = player;
    this.box = player.root.querySelector(".wb-scene");
    this.box.plane = this;
    this.choice = new Choice(this);
    this.web = new Web(this);
    this.boundary = new Boundary(this);
    this.resizes = new ResizeObserver(() => {
      this.web.fit();
      this.boundary.fit();
      this.draw();
    });
    for (const part of [this.web.room, this.boundary.element]) this.resizes.observe(part);
  }

  end() {
    this.resizes.disconnect();
    cancelAnimationFrame(this.waiting);
    this.brush?.end();
  }

  get words() {
    return this.player.data.plane.words;
  }

  get axisNames() {
    return this.player.data.plane.axes;
  }

  nameOf({ layer, unit }) {
    return nameOf(this, layer, unit);
  }

  // The sign of an output in the network: that of its class.
  markOf(unit) {
    return this.network.outputs === 1 ? "" : CLASSES[unit].mark;
  }

  // Take the network and the points of a message.
  update() {
    const { area, network, edit } = this.player.data.plane;
    this.network = new Network(network);
    this.choice.update();
    if (edit) this.brush ??= new Brush(this);
    this.points = this.brush?.held(edit)?.columns ?? this.recorded;
    if (!this.brush?.isHeld) this.area = { x: area[0], y: area[1] };
    this.side = SIDES[network.hidden.reduce((sum, units) => sum + units, 0) > MANY ? 1 : 0];
    const { x1, x2 } = grid(this.area, this.side);
    this.inputs = this.network.inputs(x1, x2);
    this.outputs = undefined;
    this.boundary.update();
    this.brush?.update();
    this.web.update();
    this.draw();
  }

  // The points of the run on show: columns x1, x2, label and test.
  get recorded() {
    const { point_x1: x1, point_x2: x2, point_class: label, point_test: test } = this.player.shown.columns;
    return { x1, x2, label, test };
  }

  // Show other points, such as those that a hand moves, until the next message of the server.
  show(points) {
    this.points = points;
    this.boundary.takePoints();
    if (!this.outputs || this.waiting) return this.draw();
    const { state } = this;
    this.boundary.draw(state, this.judge(state)); // the network says the same as before
  }

  // The name of a column of the run or the branch that is chosen.
  columnOf(name) {
    return this.choice.columnOf(name);
  }

  // The epoch whose parameters the recording has for the frame on show, and these: of long runs, it has those of every
  // second, third, ... epoch, and the last ones. The start is epoch -1. One weight may be one that a visitor is typing.
  get state() {
    const { epoch, parameters } = this.recordedState;
    return { epoch, parameters: this.web.retype.changed(parameters) };
  }

  get recordedState() {
    const { shown, frame } = this.player;
    const { columns } = shown;
    if (!shown.trained || frame < 0) return { epoch: -1, parameters: columns.start_parameters };
    const { branch, frames } = this.choice;
    const last = columns[this.columnOf("last_parameters")];
    if (last && frame >= frames - 1) return { epoch: columns.epoch[frames - 1], parameters: last };
    const { count } = this.network;
    const every = this.everyOf(shown);
    const row = Math.floor(frame / every);
    const own = branch && row >= branch.row;
    const parameters = columns[own ? this.columnOf("parameters") : "parameters"];
    const at = own ? row - branch.row : Math.min(row, parameters.length / count - 1);
    return { epoch: columns.epoch[row * every], parameters: parameters.subarray(at * count, (at + 1) * count) };
  }

  // How many epochs are between two rows of parameters.
  everyOf(shown) {
    const { recorded, data } = this.player;
    return shown === recorded ? data.plane.every : Math.ceil(shown.frames / (shown.columns.parameters.length / this.network.count));
  }

  // What the network says about the points, with the parameters of the epoch on show.
  logitsAt(x1, x2, { parameters } = this.state) {
    return this.network.run(parameters, this.network.inputs(x1, x2), x1.length).at(-1);
  }

  // How many points of each side the network gets right, and which ones it gets wrong.
  judge(state) {
    const { x1, x2, label, test } = this.points;
    if (this.asked?.points !== this.points || this.asked.network !== this.network) {
      this.asked = { points: this.points, network: this.network, inputs: this.network.inputs(x1, x2) };
    }
    const { asked } = this;
    asked.outputs = this.network.run(state.parameters, asked.inputs, x1.length, asked.outputs);
    asked.classes = classesOf(asked.outputs.at(-1), this.network.outputs, x1.length, asked.classes);
    const [count, right, wrong] = [[0, 0], [0, 0], []];
    for (let n = 0; n < x1.length; n++) {
      const side = test[n] ? 1 : 0;
      count[side] += 1;
      if (asked.classes[n] === label[n]) right[side] += 1;
      else wrong.push(n);
    }
    return { count, right, wrong };
  }

  // Draw the frame of the player: now, if the screen has not got a picture since the last drawing, else with its next one.
  follow() {
    if (!this.network || this.waiting) return;
    if (document.timeline.currentTime !== this.drawnAt) return this.draw();
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  draw() {
    cancelAnimationFrame(this.waiting);
    this.waiting = undefined;
    if (!this.network || !this.boundary.width) return;
    this.drawnAt = document.timeline.currentTime;
    const { state } = this;
    this.outputs = this.network.run(state.parameters, this.inputs, this.side * this.side, this.outputs);
    this.web.draw(state);
    this.boundary.draw(state, this.judge(state));
    this.box.dataset.epoch = state.epoch;
  }

  // What a unit says about every place; layer -1 has the inputs.
  valuesOf(layer, unit) {
    const count = this.side * this.side;
    return (layer < 0 ? this.inputs : this.outputs[layer]).subarray(unit * count, (unit + 1) * count);
  }

  // The place under a pointer, { x1, x2 }; undefined outside the axes.
  placeOf(event) {
    return this.boundary.placeOf(event);
  }
}
