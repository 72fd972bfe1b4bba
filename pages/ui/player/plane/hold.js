// What is asked about: a unit or a weight, by the pointer, by the focus, or by a tap that holds it until another one.
//
// The units and one weight are buttons that share one stop of the Tab key: up and down go to the units of a layer, or to
// the weights of a unit, left and right from a unit through a weight to a unit of another layer.

import { write } from "../text.js";
import { formula, nameOf, sentence, short } from "./says.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class Hold {
  constructor(web) {
    this.web = web;
    const { floor } = web;
    this.weightButton = Object.assign(document.createElement("button"), { type: "button", className: "wb-weight", hidden: true });
    floor.append(this.weightButton);
    floor.addEventListener("pointermove", (event) => event.pointerType === "mouse" && this.point(event));
    floor.addEventListener("pointerleave", () => this.set("pointed", undefined));
    floor.addEventListener("click", (event) => this.click(event));
    floor.addEventListener("focusin", ({ target }) => this.set("focused", target.matches(":focus-visible") ? this.thingOf(target) : undefined));
    floor.addEventListener("focusout", () => this.set("focused", undefined));
    floor.addEventListener("keydown", (event) => this.key(event));
  }

  // What is asked about: { layer, unit }, and `from` of a weight.
  get thing() {
    return this.pointed ?? this.focused ?? this.pinned;
  }

  get unit() {
    return this.thing && this.thing.from === undefined ? this.thing : undefined;
  }

  // Which lines are drawn strongly: the one that is held, or those of the unit that is held.
  get shows() {
    const { thing } = this;
    if (!thing) return undefined;
    if (thing.from !== undefined) return (end) => same(end, thing);
    return ({ layer, unit, from }) => (layer === thing.layer && unit === thing.unit) || (layer === thing.layer + 1 && from === thing.unit);
  }

  // Other layers: what was held is gone.
  build() {
    this.pointed = this.focused = this.pinned = undefined;
    this.web.retype.offer();
    this.current = { layer: -1, unit: 0 };
    this.weightButton.hidden = true;
  }

  // Take the texts of a message.
  update() {
    const { plane, units } = this.web;
    const { network, words } = plane;
    for (const { layer, unit, button } of units) {
      const text = layer < 0 ? words.input_label : layer < network.layers.length - 1 ? words.unit_label : words.output_label;
      const names = { unit: unit + 1, layer: layer + 1, name: nameOf(plane, layer, unit) };
      button.ariaLabel = text.replace(/\{(\w+)\}/g, (_, name) => names[name]);
      button.firstElementChild.textContent = layer === network.layers.length - 1 ? plane.markOf(unit) : names.name;
      button.dataset.side = layer < 0 ? "left" : layer < network.layers.length - 1 ? "on" : "right";
    }
    this.rove();
  }

  thingOf(element) {
    if (element === this.weightButton) return this.current;
    const found = this.web.units.find(({ button }) => button === element);
    return found && { layer: found.layer, unit: found.unit };
  }

  set(how, thing) {
    if (same(this[how], thing)) return;
    this[how] = thing;
    if (how === "pinned") this.web.retype.offer(thing, this.focused || this.byMouse);
    this.web.plane.box.classList.toggle("wb-pinned", Boolean(this.pinned));
    for (const { layer, unit, button } of this.web.units) button.ariaPressed = String(same(this.pinned, { layer, unit }));
    this.nameUnits();
    this.web.plane.draw();
  }

  // The hidden units that are spoken of get their names: the one that is held and those before it, or both ends of a weight.
  nameUnits() {
    const { thing } = this;
    for (const { layer, unit, button } of this.web.units) {
      const held = thing && layer === thing.layer && unit === thing.unit;
      const before = thing && layer === thing.layer - 1 && (thing.from ?? unit) === unit;
      button.classList.toggle("wb-named", Boolean(held || before));
    }
  }

  thingAt(event) {
    const unit = event.target.closest?.(".wb-unit");
    if (unit) return this.thingOf(unit);
    const { left, top } = this.web.floor.getBoundingClientRect();
    return this.web.wires.at(event.clientX - left, event.clientY - top, event.pointerType);
  }

  point(event) {
    this.set("pointed", this.thingAt(event));
  }

  // A tap or a click holds what it hits, until it is hit again.
  click(event) {
    if (event.target.closest(".wb-stepper")) return;
    const thing = event.target === this.weightButton ? this.current : (this.pointed ?? this.thingAt(event));
    const off = same(thing, this.pinned);
    if (thing) this.current = thing;
    this.rove();
    if (off) [this.pointed, this.focused] = [];
    this.byMouse = event.pointerType === "mouse"; // a finger would bring up the keyboard
    this.set("pinned", off ? undefined : thing);
    if (this.pinned) this.buttonOf(thing).scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.thingOf(event.target)) return;
    const to = ARROWS[event.key] ? this.beside(...ARROWS[event.key]) : undefined;
    if (!to && event.key !== "Escape" && !ARROWS[event.key]) return;
    event.preventDefault();
    event.stopPropagation(); // in the player, arrows go to other epochs
    if (event.key === "Escape") return this.set("pinned", undefined);
    if (to) this.go(to);
  }

  // Where an arrow key goes from the current unit or weight.
  beside(right, down) {
    const { sizes, layers } = this.web.plane.network;
    const { layer, unit, from } = this.current;
    if (from === undefined) {
      if (down) return { layer, unit: (unit + down + sizes[layer + 1]) % sizes[layer + 1] };
      const next = right > 0 ? layer + 1 : layer;
      if (next < 0 || next >= layers.length) return undefined;
      const across = Math.min(unit, (right > 0 ? layers[next].after : layers[next].before) - 1);
      return right > 0 ? { layer: next, unit: across, from: unit } : { layer: next, unit, from: across };
    }
    if (down) return { layer, unit, from: (from + down + layers[layer].before) % layers[layer].before };
    return right > 0 ? { layer, unit } : { layer: layer - 1, unit: from };
  }

  go(thing) {
    this.current = thing;
    this.rove();
    const button = this.buttonOf(thing);
    this.placeWeight();
    this.web.plane.draw();
    button.focus({ focusVisible: true });
    button.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.set("focused", thing);
  }

  buttonOf({ layer, unit, from }) {
    return from === undefined ? this.web.unitAt(layer, unit).button : this.weightButton;
  }

  // One button has the stop of the Tab key.
  rove() {
    this.placeWeight();
    const current = this.buttonOf(this.current);
    for (const button of [this.weightButton, ...this.web.units.map((one) => one.button)]) button.tabIndex = button === current ? 0 : -1;
  }

  placeWeight() {
    const { weightButton, current } = this;
    weightButton.hidden = current.from === undefined;
    const end = weightButton.hidden ? undefined : this.web.wires?.find(current);
    if (end) weightButton.style.translate = `${(end.x0 + end.x1) / 2}px ${(end.y0 + end.y1) / 2}px`;
  }

  // Say what is held, in words and numbers of this epoch.
  say(state) {
    const { plane, line } = this.web;
    const { thing } = this;
    this.said = thing && (thing.from === undefined ? this.ofUnit(thing, state) : this.ofWeight(thing, state));
    const text = this.said ?? (this.web.scrolls ? `${plane.words.scroll} ${plane.words.how}` : plane.words.how);
    write(line, text);
    if (thing?.from !== undefined && !plane.player.moving) this.weightButton.ariaLabel = text;
  }

  ofUnit({ layer, unit }, { parameters }) {
    const { plane } = this.web;
    const name = nameOf(plane, layer, unit);
    const said = sentence(plane, layer, name, plane.valuesOf(layer, unit));
    return layer < 0 ? said : `${said}\n${formula(plane, parameters, layer, unit)}`;
  }

  ofWeight(end, { parameters }) {
    const { plane, wires } = this.web;
    const { layer, unit, from } = end;
    const names = { from: nameOf(plane, layer - 1, from), to: nameOf(plane, layer, unit), value: short(wires.weightOf(end, plane.network, parameters)) };
    return plane.words.weight.replace(/\{(\w+)\}/g, (_, name) => names[name]);
  }
}

function same(one, other) {
  return one === other || (one && other && one.layer === other.layer && one.unit === other.unit && one.from === other.from);
}
