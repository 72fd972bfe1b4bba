// The class film: one slider of epochs for everybody, and Play.

import { button, element } from "../elements.js";
import { fill } from "./parts.js";
import { whole, write } from "../../player/text.js";

const SECONDS = 8; // for all epochs

export class Film {
  constructor(moved) {
    Object.assign(this, { moved, stops: new Float32Array([0]), at: 0, playing: false });
    this.slider = Object.assign(element("input", "wb-wall-slider"), { type: "range", min: 0, max: 0, step: 1 });
    this.slider.oninput = () => {
      this.stop();
      this.go(Number(this.slider.value));
    };
    this.play = button("", "wb-wall-play", () => (this.playing ? this.stop() : this.start()));
    this.epochText = element("output", "wb-wall-epoch");
    this.box = element("div", "wb-wall-film", this.play, this.slider, this.epochText);
  }

  get epoch() {
    return this.stops[this.at];
  }

  update({ words, language }) {
    Object.assign(this, { words, language });
    this.slider.ariaLabel = words.film;
    this.say();
  }

  // Take the curves of all: their stops are the epochs of the longest, all of which the shorter ones have, too.
  take(curves) {
    const longest = curves.reduce((most, curve) => (curve.epochs > most.epochs ? curve : most), { epochs: 0, at: [0] });
    const { epoch } = this;
    const atEnd = this.at === this.stops.length - 1;
    this.stops = longest.at;
    const near = this.stops.findIndex((stop) => stop >= epoch);
    this.at = atEnd || near < 0 ? this.stops.length - 1 : near;
    this.slider.max = this.stops.length - 1;
    this.slider.value = this.at;
    this.box.hidden = this.stops.length < 2;
    this.say();
  }

  go(at) {
    this.at = at;
    if (this.slider.valueAsNumber !== at) this.slider.value = at;
    this.say();
    this.moved();
  }

  start() {
    const last = this.stops.length - 1;
    const from = this.at === last ? 0 : this.at;
    this.playing = true;
    this.say();
    let began;
    const step = (now) => {
      if (!this.playing || !this.box.isConnected) return;
      began ??= now;
      const at = Math.min(this.stops.length - 1, from + Math.floor(((now - began) / 1000 / SECONDS) * last));
      if (at !== this.at) this.go(at);
      if (at >= this.stops.length - 1) this.stop();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  stop() {
    this.playing = false;
    this.say();
  }

  say() {
    const epochs = fill(this.words.at_epoch, { epoch: whole(this.epoch, this.language), last: whole(this.stops.at(-1), this.language) });
    write(this.epochText, epochs);
    this.slider.setAttribute("aria-valuetext", epochs);
    write(this.play, this.playing ? this.words.pause : this.words.play);
  }
}
