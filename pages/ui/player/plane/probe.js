// What the network says at one place of the plane: under the pointer, or where the arrow keys have gone.

import { write } from "../text.js";
import { short } from "./says.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const STEP = 0.02; // of an axis

export class Probe {
  constructor(plane, boundary, line) {
    Object.assign(this, { plane, boundary, line });
    const { element } = boundary;
    this.cursor = Object.assign(document.createElement("button"), { type: "button", className: "wb-probe" });
    element.append(this.cursor);
    element.addEventListener("pointermove", (event) => this.see(boundary.placeOf(event)));
    element.addEventListener("pointerdown", (event) => this.see(boundary.placeOf(event)));
    element.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.see(undefined));
    this.cursor.onkeydown = (event) => this.key(event);
    this.cursor.onfocus = () => this.go({ x1: this.middle("x"), x2: this.middle("y") });
    this.cursor.onblur = () => this.see(undefined);
  }

  middle(axis) {
    const [low, high] = this.plane.area[axis];
    return (low + high) / 2;
  }

  update() {
    this.cursor.title = this.plane.words.probe_keys;
    this.cursor.ariaLabel = this.plane.words.probe;
    this.see(this.place);
  }

  see(place) {
    this.place = place;
    this.follow(this.plane.state);
  }

  // Say what is there, with these parameters.
  follow(state) {
    const { plane, place } = this;
    const { stacked, hold } = plane.web; // under the boundary, the network is too far away to read what is held
    const text = place ? this.saidOf(place, state) : ((stacked && hold.said) || plane.words.here);
    write(this.line, text);
  }

  saidOf({ x1, x2 }, { parameters }) {
    const { network, words, axisNames } = this.plane;
    const outputs = network.run(parameters, network.inputs([x1], [x2]), 1);
    const chances = network.chances(outputs.at(-1), 1, 0).map((chance, k) => `${words.classes[k]} ${(100 * chance).toFixed(1)}%`);
    const { held } = this.plane.web;
    const unit = held && held.layer >= 0 && held.layer < network.layers.length - 1;
    const own = unit ? [`${this.plane.nameOf(held)} = ${short(outputs[held.layer][held.unit])}`] : [];
    return `${axisNames[0]} ${x1.toFixed(2)}, ${axisNames[1]} ${x2.toFixed(2)}: ${[...own, ...chances].join(", ")}`.replaceAll("-", "−");
  }

  // Go to a place with the cursor.
  go(place) {
    const { boundary, cursor } = this;
    cursor.style.translate = `${boundary.across(place.x1)}px ${boundary.up(place.x2)}px`;
    this.see(place);
    cursor.ariaLabel = this.line.textContent;
  }

  key(event) {
    const [right, up] = ARROWS[event.key] ?? [];
    if (right === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation(); // in the player, arrows go to other epochs
    const { x, y } = this.plane.area;
    const step = STEP * (event.shiftKey ? 5 : 1);
    const moved = (value, [low, high], way) => Math.max(low, Math.min(high, value + way * step * (high - low)));
    this.go({ x1: moved(this.place.x1, x, right), x2: moved(this.place.x2, y, up) });
  }
}
