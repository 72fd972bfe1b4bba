// Live sliders: while one is held, the player shows the run of the stop under its thumb, without calling the server.
//
// Grabbing a slider fetches its neighbours (see live/message.py). They hold for as long as nothing but this
// slider changes, and colour its track. Without them the slider works as it always does.

import { Future } from "./future.js";
import { groundOf } from "./ground.js";
import { commitPlace, keyOf, setPlace, valueOf } from "./thumb.js";

const LINGERS = 700; // milliseconds after the last key, for which the shadow stays

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

// What shows the server that a visitor asks. On a new page it may come a moment after the player.
async function secretOfVisit() {
  for (let waits = 0; !window.wbTab?.secret && waits < 100; waits++) await new Promise((next) => setTimeout(next, 50));
  return window.wbTab?.secret ?? "";
}
