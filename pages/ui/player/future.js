// The future of a slider: what is known of the runs of its stops.

import { keyOf } from "./thumb.js";

export class Future {
  constructor(field, base) {
    Object.assign(this, { field, base, stops: new Map(), outcomes: new Map(), loaded: new Set(), summary: "" });
  }

  forget() {
    this.stopFetching();
    this.stops.clear();
    this.outcomes.clear();
  }

  stopFetching() {
    this.controller?.abort();
  }

  stopRefining() {
    if (this.refining) this.stopFetching();
  }

  // Read a message of the server.
  add(part, buffer) {
    const length = new DataView(buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
    const { values, places, outcomes, frames = [], trained, layouts, layout, targets, joined = {}, columns = {} } = header;
    this.loaded.add(part);
    this.blocks = header.blocks;
    this.note = header.note;
    if (part < 0) this.summary = header.summary;
    let at = 4 + length;
    const take = (count) => new Float32Array(buffer, (at += 4 * count) - 4 * count, count);
    const taken = Object.entries(columns).map(([name, counts]) => [name, Array.isArray(counts) ? counts.map(take) : take(counts)]);
    values.forEach((value, row) => {
      const key = keyOf(value);
      this.outcomes.set(key, { ...outcomes[row], place: places[row], value });
      const stop = { outcome: outcomes[row], frames: frames[row] };
      if (stop.frames) {
        const own = Object.fromEntries(taken.map(([name, numbers]) => [name, Array.isArray(numbers) ? numbers[row] : numbers.subarray(0, stop.frames)]));
        for (const [name, parts] of Object.entries(joined)) own[name] = joinedNumbers(parts.map((one) => own[one]));
        Object.assign(stop, { columns: own, trained: trained[row], targets: targets[row], layouts: layout[row].map((one) => layouts[one]), ofData: "X_train" in own });
      }
      this.stops.set(key, stop);
    });
  }

  // The rule of the track: the final test losses as colours, signs for what went wrong, a ring at the best.
  track({ palette, colours }) {
    const all = [...this.outcomes.values()].sort((one, other) => one.place - other.place);
    const scaled = (loss) => Math.log10(Math.max(loss, 1e-12));
    const losses = all.filter(({ loss }) => loss !== null).map(({ loss }) => scaled(loss));
    const [low, high] = [Math.min(...losses), Math.max(...losses)];
    const colour = ({ loss }) => (loss === null ? colours.exploded : colourAt(palette, high > low ? (scaled(loss) - low) / (high - low) : 0));
    const steps = all.map((one) => `${colour(one)} ${(100 * one.place).toFixed(2)}%`);
    const end = all.at(-1).place;
    if (end < 0.999) steps.push(`${colours.unknown} ${(100 * end).toFixed(2)}%`); // what the server has not looked at
    const best = all.reduce((least, one) => (one.loss !== null && !(one.loss >= least?.loss) ? one : least), undefined);
    const layers = [];
    const sign = (svg, place, size) => {
      const image = `url("data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="-5 -5 10 10">${svg}</svg>`)}")`;
      layers.push(`${image} clamp(0%, ${(100 * place).toFixed(2)}% + ${((place - 0.5) * size).toFixed(2)}px, 100%) 50% / ${size}px ${size}px no-repeat`);
    };
    if (best) sign(`<circle r="3.6" fill="none" stroke="#fff" stroke-width="2.6"/><circle r="3.6" fill="none" stroke="${colours.best}" stroke-width="1.6"/>`, best.place, 14);
    let before = -1;
    for (const one of all) {
      const shape = { exploding: "M-3-3L3 3M-3 3L3-3", bouncing: "M0-4L3 0L0 4L-3 0Z" }[one.label];
      if (!shape || one.place - before < 0.045 || one === best) continue;
      before = one.place;
      sign(`<path d="${shape}" fill="none" stroke="#000" stroke-opacity=".55" stroke-width="3"/><path d="${shape}" fill="none" stroke="#fff" stroke-width="1.4"/>`, one.place, 10);
    }
    layers.push(`linear-gradient(to right, ${steps.join(", ")}) 0 50% / 100% 8px no-repeat`);
    return `height: 14px !important; background: ${layers.join(", ")} !important;`;
  }
}

function joinedNumbers(parts) {
  const whole = new Float32Array(parts.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// The colour of a scale [[0, "#440154"], ...] at a place from 0 to 1.
function colourAt(scale, place) {
  const after = Math.max(1, scale.findIndex(([at]) => at >= place));
  const [[from, one], [to, other]] = [scale[after - 1], scale[after]];
  const part = (place - from) / (to - from);
  return `color-mix(in srgb, ${one} ${(100 * (1 - part)).toFixed(0)}%, ${other})`;
}
