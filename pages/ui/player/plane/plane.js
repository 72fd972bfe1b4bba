// The plane under the epoch on show: what the network says about every place, and the points.

import { Network, grid } from "./network.js";

const SIDE = 60; // places along each side of the boundary's picture
const CLASSES = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"];

export class Plane {
  constructor(player) {
    this.player = player;
    this.box = player.root.querySelector(".wb-scene");
    this.box.innerHTML = `<canvas class="wb-boundary" width="${SIDE * 8}" height="${SIDE * 8}"></canvas>`;
    this.canvas = this.box.querySelector("canvas");
    this.small = new OffscreenCanvas(SIDE, SIDE);
  }

  // Take the network and the points of a message.
  update() {
    const { plane } = this.player.data;
    this.network = new Network(plane.network);
    const { point_x1: x1, point_x2: x2 } = this.player.shown.columns;
    const reach = 1.15 * Math.max(...x1.map(Math.abs), ...x2.map(Math.abs), 0.5);
    this.area = { x: [-reach, reach], y: [-reach, reach] };
    const places = grid(this.area, SIDE);
    this.inputs = this.network.inputs(places.x1, places.x2);
    this.outputs = undefined;
    this.follow();
  }

  // The parameters in the frame of the player.
  get parameters() {
    const { shown, frame, data } = this.player;
    const { parameters, last_parameters: last, start_parameters: start } = shown.columns;
    if (!shown.trained || frame < 0) return start;
    if (frame === shown.frames - 1) return last;
    const at = Math.floor(frame / data.plane.every) * this.network.count;
    return parameters.subarray(at, at + this.network.count);
  }

  // Draw the frame of the player.
  follow() {
    if (!this.network) return;
    this.outputs = this.network.run(this.parameters, this.inputs, SIDE * SIDE, this.outputs);
    const logits = this.outputs.at(-1);
    const image = new ImageData(SIDE, SIDE);
    for (let n = 0; n < SIDE * SIDE; n++) {
      const sure = 1 / (1 + Math.exp(-logits[n]));
      image.data.set([255 * sure, 120, 255 * (1 - sure), 140], 4 * n);
    }
    this.small.getContext("2d").putImageData(image, 0, 0);
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.drawImage(this.small, 0, 0, this.canvas.width, this.canvas.height);
    const { point_x1: x1, point_x2: x2, point_class: label } = this.player.shown.columns;
    x1.forEach((x, n) => {
      context.fillStyle = CLASSES[label[n]];
      const left = ((x - this.area.x[0]) / (this.area.x[1] - this.area.x[0])) * this.canvas.width;
      const top = ((this.area.y[1] - x2[n]) / (this.area.y[1] - this.area.y[0])) * this.canvas.height;
      context.beginPath();
      context.arc(left, top, 3, 0, 2 * Math.PI);
      context.fill();
    });
  }
}
