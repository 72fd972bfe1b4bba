// Live sliders: while one is held, the player shows the run of the stop under its thumb, without calling the server.
//
// Grabbing a slider fetches its neighbours (see live/message.py). They hold for as long as nothing but this
// slider changes, and colour its track. Without them the slider works as it always does.

import { LOSSES } from "./lines.js";

const LINGERS = 700; // milliseconds after the last key, for which the shadow stays
const GRID = 33; // the landscape's lines of each direction
const MOST_POINTS = 2000; // of which a landscape is quickly made

const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];

export class Live {
  constructor(player, format) {
    Object.assign(this, { player, format, previewing: false });
    this.futures = new Map(); // field -> Future
    this.listeners = {
      pointerdown: (event) => this.grab(event.target, "pointer"),
      pointermove: (event) => this.escaped && event.stopImmediatePropagation(),
      pointerup: () => this.grabbed?.by === "pointer" && this.release(),
      pointercancel: () => this.grabbed?.by === "pointer" && this.release(),
      focusin: (event) => event.target.matches?.(":focus-visible") && this.fetch(this.sliderOf(event.target)),
      focusout: () => this.grabbed?.by === "keys" && this.release(),
      keydown: (event) => this.onKey(event),
      keyup: () => this.grabbed?.by === "keys" && this.clearShadowSoon(),
    };
    for (const [name, listener] of Object.entries(this.listeners)) addEventListener(name, listener, true);
    this.observer = new MutationObserver(() => this.follow());
    this.note = Object.assign(document.createElement("p"), { className: "wb-unseen", role: "status" });
    this.descriptions = Object.assign(document.createElement("div"), { className: "wb-unseen" });
    player.root.append(this.note, this.descriptions);
    this.sheet = document.head.appendChild(document.createElement("style"));
  }

  end() {
    for (const [name, listener] of Object.entries(this.listeners)) removeEventListener(name, listener, true);
    this.release();
    this.sheet.remove();
    for (const future of this.futures.values()) future.forget();
  }

  // A message from the server: other settings end the futures that depend on them.
  update(data) {
    this.data = data;
    if (!data) this.release();
    for (const [field, future] of this.futures) {
      if (data && future.base === this.baseOf(field)) continue;
      future.forget();
      this.futures.delete(field);
    }
    if (!this.grabbed && this.player.shown === this.player.recorded) Object.assign(this, { previewing: false, stand: undefined });
    this.player.root.classList.remove("wb-waiting");
    this.hushWhenAnswered();
    this.paint();
    if (data?.at_once) this.fetchFirst(data);
  }

  // Fetch the neighbours of the first slider, as soon as Streamlit has drawn it.
  fetchFirst(data) {
    if (this.data !== data || !this.player.root.isConnected) return;
    const input = document.querySelector(`.st-key-${data.prefix}-${data.fields[0]} input[type=range]`);
    if (input) this.fetch(this.sliderOf(input));
    else setTimeout(() => this.fetchFirst(data), 50);
  }

  // The stop that stays on show when such a message arrives: that of a thumb which is already further, or that of the
  // message itself as long as its run is in training.
  held(data, growing) {
    const { field, input } = this.grabbed ?? this.left ?? {};
    if (!field || !data || !this.previewing) return undefined;
    const future = this.futures.get(field);
    const arrived = valueOf(input) === data.values[field];
    if (future?.base !== this.baseOf(field, data) || (this.grabbed ? arrived : !arrived || !growing)) return undefined;
    return this.stopShown(future.stops.get(keyOf(valueOf(input))));
  }

  // The settings on which the neighbours in a field depend: all others.
  baseOf(field, data = this.data) {
    const query = new URLSearchParams(data.query);
    query.delete(field);
    query.sort();
    return `${query}|${data.trained}|${this.player.data.language}`;
  }

  // The slider of a setting at this element: its field, its box and its input.
  sliderOf(element) {
    const box = element.closest?.(`[class*="st-key-${this.data?.prefix}-"]`);
    const field = box?.className.match(`st-key-${this.data.prefix}-(\\w+)`)?.[1];
    const input = box?.querySelector("input[type=range]:enabled");
    const held = element.closest?.("[role=group]")?.contains(input) || element === input;
    return held && this.data.fields.includes(field) ? { field, box, input } : undefined;
  }

  grab(element, by) {
    const slider = this.data && this.sliderOf(element);
    if (!slider) return;
    const { player } = this;
    if (this.grabbed?.input === slider.input && this.grabbed.by === by) {
      player.charts.shadow = this.grabbed.shadow; // another key
      return;
    }
    this.release();
    this.stand ??= player.stand; // the epoch to keep, also in runs that end before it
    const shadow = { shown: player.shown, frame: player.frame };
    this.grabbed = { ...slider, by, place: slider.input.value, before: player.shown, shadow };
    this.escaped = false;
    player.charts.shadow = shadow;
    this.observer.observe(slider.box, { subtree: true, attributes: true, attributeFilter: ["value", "aria-valuetext"] });
    this.fetch(slider);
  }

  onKey(event) {
    clearTimeout(this.clearing);
    if (event.key === "Escape" && this.grabbed && !this.escaped) return this.escape(event);
    if (ARROWS.includes(event.key) && !event.wbOwn) this.grab(event.target, "keys");
  }

  // What happens on every move of the thumb.
  follow() {
    if (!this.grabbed || this.escaped) return;
    const { field, input } = this.grabbed;
    const future = this.futures.get(field);
    const value = valueOf(input);
    const stop = future?.stops.get(keyOf(value));
    if (future && !stop) this.fetchAround(future, value);
    this.player.root.classList.toggle("wb-waiting", !stop && Boolean(future?.refining || (future && !future.blocks)));
    if (!stop) return this.hush();
    if (this.player.shown === this.player.recorded && value === this.data.values[field]) return; // the server was faster
    if (this.data.trained) this.tell(stop.outcome, future.note);
    if (stop.frames) this.show(this.stopShown(stop));
  }

  show(shown) {
    const { player } = this;
    this.previewing = true;
    player.show(shown, this.stand);
    player.root.classList.toggle("wb-unground", shown.ofData);
  }

  // The thumb rests: now the landscape follows, which takes longer to draw than a picture.
  drawGround() {
    const { player } = this;
    const { shown } = player;
    if (!this.previewing || !player.charts.hasGround) return;
    if (!shown.columns.grid_loss) Object.assign(shown.columns, groundOf(shown.columns, this.data.loss));
    const loss = player.data.charts.findIndex(({ id }) => id === "loss");
    const log = player.data.charts[loss].layout["yaxis.type"] === "log";
    if (!shown.columns.grid_loss || log !== (shown.layouts[loss]["yaxis.type"] === "log")) {
      player.root.classList.add("wb-unground"); // it has other colours, or too many points
      return;
    }
    player.charts.drawGrounds();
    player.root.classList.remove("wb-unground");
  }

  // The run of a stop, as the player shows it. What it lacks is as in the server's recording.
  stopShown(stop) {
    if (!stop?.frames) return undefined;
    const { grid_loss, ...recorded } = this.player.recorded.columns;
    const columns = { ...recorded, ...stop.columns };
    const layouts = this.player.data.charts.map(({ id }) => stop.layouts[this.data.charts.indexOf(id)]);
    return { frames: stop.frames, trained: stop.trained, layouts, targets: stop.targets, columns, ofData: stop.ofData };
  }

  // Each key commits its value, but Escape goes back to the run from before them until the slider loses the focus.
  clearShadowSoon() {
    clearTimeout(this.clearing);
    this.clearing = setTimeout(() => this.clearShadow(), LINGERS);
  }

  // Let go: Streamlit commits the value, and the server's answer shows the same run.
  release() {
    clearTimeout(this.clearing);
    if (!this.grabbed) return;
    const { field, input } = this.grabbed;
    this.observer.disconnect();
    this.left = this.grabbed;
    this.grabbed = undefined;
    this.escaped = false;
    this.futures.get(field)?.stopRefining();
    this.clearShadow();
    if (valueOf(input) !== this.data?.values[field]) return; // what waits goes on to wait, for the server's message
    this.player.root.classList.remove("wb-waiting");
    this.back(); // let go where it was: no message will come
    this.stand = undefined;
  }

  clearShadow() {
    if (!this.player.charts.shadow) return;
    this.player.charts.shadow = undefined;
    this.player.charts.move(true);
  }

  // Show the server's recording again.
  back() {
    this.hush();
    if (!this.previewing) return;
    this.previewing = false;
    this.showWhole(this.player.recorded);
  }

  // Show a run with its landscape.
  showWhole(shown) {
    const { player } = this;
    player.show(shown, this.stand ?? player.stand);
    player.charts.drawGrounds();
    player.root.classList.remove("wb-unground");
  }

  // Escape: the run and the value from before the grab.
  async escape(event) {
    const { input, place, by, before } = this.grabbed;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.escaped = true;
    setPlace(input, place);
    this.hush();
    this.player.charts.shadow = undefined;
    this.showWhole(before);
    if (by === "pointer") {
      this.previewing = before !== this.player.recorded;
      return;
    }
    await commitPlace(input, place); // each key has committed a value
    this.release();
  }

  // --- the future of a slider

  async fetch(slider) {
    if (!slider) return;
    const { field } = slider;
    const base = this.baseOf(field);
    let future = this.futures.get(field);
    if (future && future.base === base) return;
    for (const other of this.futures.values()) other.stopFetching(); // abandoned
    future?.forget();
    future = new Future(field, base);
    this.futures.set(field, future);
    if (!(await this.load(future, -1))) {
      if (this.futures.get(field) === future) this.futures.delete(field); // the next grab tries again
      this.player.root.classList.remove("wb-waiting");
      return;
    }
    if (this.grabbed?.field === field) {
      this.follow();
      this.fetchAround(future, valueOf(this.grabbed.input));
    }
  }

  // Fetch the stops around a value that the thumb is at, one message at a time.
  async fetchAround(future, value) {
    if (!future.blocks || future.refining) return;
    const block = future.blocks.findLastIndex((first) => first <= value + 1e-9);
    if (future.loaded.has(block) || future.blocks.length < 2) return;
    future.refining = true;
    const loaded = await this.load(future, block);
    future.refining = false;
    if (!loaded) this.player.root.classList.remove("wb-waiting");
    else if (this.grabbed?.field === future.field) this.follow();
  }

  async load(future, part) {
    const { data } = this;
    const own = { field: future.field, part, trained: data.trained ? "on" : "off", language: this.player.data.language };
    future.controller = new AbortController();
    try {
      const answer = await fetch(new URL(`${data.address}?${new URLSearchParams(own)}&${data.query}`, location.href), {
        headers: { "X-Visit": await secretOfVisit() },
        signal: future.controller.signal,
      });
      if (answer.status !== 200) return false; // refused, or not in time
      future.add(part, await answer.arrayBuffer());
    } catch {
      return false; // abandoned, or no network
    }
    if (this.futures.get(future.field) !== future) return false;
    this.paint();
    return true;
  }

  // Colour the tracks of the sliders whose future is known, and describe them to those who do not see them.
  paint() {
    const rules = [];
    this.descriptions.replaceChildren();
    for (const future of this.futures.values()) {
      const box = this.data && document.querySelector(`.st-key-${this.data.prefix}-${future.field}`);
      const input = box?.querySelector("input[type=range]");
      if (!future.outcomes.size || !input) continue;
      rules.push(`.st-key-${this.data.prefix}-${future.field} [role=group] > div > div:first-child { ${future.track(this.data)} }`);
      const id = `wb-future-${future.field}`;
      this.descriptions.append(Object.assign(document.createElement("p"), { id, textContent: future.summary }));
      const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
      input.setAttribute("aria-describedby", [...others, id].join(" "));
    }
    this.player.root.dataset.futures = [...this.futures.values()].filter(({ outcomes }) => outcomes.size).map(({ field }) => field).join(" ");
    const text = rules.join("\n");
    if (this.sheet.textContent !== text) this.sheet.textContent = text;
  }

  // Put the outcome of a stop in place of the sentences about the run.
  tell({ label, words: usual, tone, loss }, note = "") {
    const status = document.querySelector(".st-key-status");
    const words = this.data.outcomes[label] ?? usual;
    const { test_loss, hint: keys, touch_hint } = this.data.words;
    const hint = matchMedia("(hover: none)").matches ? touch_hint : keys;
    const more = [loss === null ? "" : `${test_loss} ${this.format(loss)}`, note || hint].filter(Boolean).join(" · ");
    if (status) Object.assign(status.dataset, { wbLive: words, wbMore: more, wbTone: tone });
    clearTimeout(this.telling);
    this.telling = setTimeout(() => (this.note.textContent = `${words}. ${more}`), 400);
  }

  // The words stay until the server's are there: its script clears the old ones first.
  hushWhenAnswered() {
    const status = document.querySelector(".st-key-status");
    const answered = () => !status?.dataset.wbLive || status.querySelector('[data-testid="stAlert"], [data-testid="stProgress"]');
    if (answered()) return this.hush();
    this.answers?.disconnect();
    this.answers = new MutationObserver(() => answered() && this.hush());
    this.answers.observe(status, { subtree: true, childList: true });
  }

  hush() {
    this.answers?.disconnect();
    clearTimeout(this.telling);
    this.note.textContent = "";
    const status = document.querySelector(".st-key-status");
    if (status) for (const name of ["wbLive", "wbMore", "wbTone"]) delete status.dataset[name];
  }
}

// What is known of the neighbours in one field.
class Future {
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
      layers.push(`${image} calc(${(100 * place).toFixed(2)}% + ${((place - 0.5) * size).toFixed(2)}px) 50% / ${size}px ${size}px no-repeat`);
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

// What shows the server that a visitor asks. On a new page it may come a moment after the player.
async function secretOfVisit() {
  for (let waits = 0; !window.wbTab?.secret && waits < 100; waits++) await new Promise((next) => setTimeout(next, 50));
  return window.wbTab?.secret ?? "";
}

function keyOf(value) {
  return Number(value).toPrecision(9);
}

// What a slider shows, and in an open hand only then: it tells nobody else before it is let go.
function valueOf(input) {
  return parseFloat(input.getAttribute("aria-valuetext"));
}

// Move a slider of Streamlit to a place, as a hand would that still holds it.
function setPlace(input, place) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, place); // past React's own setter
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// Move it there and let go, as only keys can do it.
async function commitPlace(input, place) {
  let key = { [input.min]: "Home", [input.max]: "End" }[place];
  if (!key) {
    setPlace(input, Number(place) - Number(input.step));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    key = "ArrowRight";
  }
  input.dispatchEvent(Object.assign(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }), { wbOwn: true }));
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

// The loss of every line on the landscape, as `loss_surface` in wb_core has it.
export function groundOf({ X_train: X, y_train: y, grid_weight, grid_bias }, loss) {
  const cost = LOSSES[loss];
  if (!cost || X.length > MOST_POINTS) return {};
  const line = (ends) => Float32Array.from({ length: GRID }, (_, k) => ends[0] + ((ends.at(-1) - ends[0]) * k) / (GRID - 1));
  const [weights, biases] = [line(grid_weight), line(grid_bias)];
  const losses = new Float32Array(GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      let sum = 0;
      for (let n = 0; n < X.length; n++) sum += cost(weights[column] * X[n] + biases[row] - y[n]);
      losses[row * GRID + column] = sum / X.length;
    }
  }
  return { grid_weight: weights, grid_bias: biases, grid_loss: losses };
}
