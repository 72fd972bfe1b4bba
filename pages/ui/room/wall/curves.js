// The curves of seats: fetched when a seat shows something new, one request at a time.

const MOST = 40; // seats in one request
const REST = 300; // milliseconds before asking again for what the server had no time for
const AS_TEXT = new Set(["kind", "data", "pictures"]);

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function unpacked(curve) {
  const values = Object.entries(curve).map(([name, value]) => {
    if (name === "pictures") return [name, bytes(value)];
    return [name, typeof value === "string" && !AS_TEXT.has(name) ? new Float32Array(bytes(value).buffer) : value];
  });
  return Object.fromEntries(values);
}

// Pictures train too long to be trained again: their seat says how right each epoch was.
function toldBy({ attempt, accuracies }) {
  if (attempt.page !== "images" || !accuracies.length) return undefined;
  const at = Float32Array.from(accuracies, (_, epoch) => epoch);
  return { kind: "images", epochs: accuracies.length, exploded: false, at, test_accuracy: Float32Array.from(accuracies) };
}

export class Curves {
  constructor(key, changed) {
    Object.assign(this, { key, changed, of: new Map(), shown: new Map(), wanted: new Set(), waiting: new Set(), ended: false });
  }

  end() {
    this.ended = true;
  }

  // Take what a seat shows; the lesson it is in and its tries change no curve.
  take({ id, show }) {
    const text = show ? JSON.stringify([show.attempt, show.accuracies]) : "";
    if (this.shown.get(id) === text) return false;
    this.shown.set(id, text);
    const told = show && toldBy(show);
    if (told) this.of.set(id, told);
    else if (!show) this.of.delete(id);
    else this.wanted.add(id);
    return true;
  }

  drop(id) {
    for (const part of [this.of, this.shown, this.wanted, this.waiting]) part.delete(id);
  }

  isComing(id) {
    return this.wanted.has(id) || this.waiting.has(id);
  }

  ask(path) {
    const { room, secret } = this.key;
    const headers = { "X-Room": room, "X-Secret": secret };
    return fetch(new URL(path, location.href), { headers }).then((response) => (response.status === 200 ? response.json() : undefined)).catch(() => undefined);
  }

  async fetch() {
    if (this.fetching) return;
    this.fetching = true;
    while (this.wanted.size + this.waiting.size && !this.ended) {
      const ids = [...new Set([...this.wanted, ...this.waiting])].slice(0, MOST);
      const shown = ids.map((id) => this.shown.get(id));
      const { curves, later } = (await this.ask(`room-curves?seats=${ids}`)) ?? { curves: {}, later: ids };
      ids.forEach((id, n) => {
        if (this.shown.get(id) !== shown[n]) return; // it shows something else by now
        if (!(id in curves) && !later.includes(id)) return; // there was no time for it: it is the first one then
        for (const part of [this.wanted, this.waiting]) part.delete(id);
        if (later.includes(id)) this.waiting.add(id);
        else if (curves[id]) this.of.set(id, unpacked(curves[id]));
        else this.of.delete(id);
      });
      const some = Object.keys(curves).length > 0;
      if (some && !this.ended) this.changed();
      if (!some || (later.length && !this.wanted.size)) await new Promise((next) => setTimeout(next, REST));
    }
    this.fetching = false;
  }
}

// Where a curve has the numbers of an epoch: a run that has ended stays at its end.
export function placeOf({ at }, epoch) {
  let [low, high] = [0, at.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at[middle] <= epoch) low = middle;
    else high = middle - 1;
  }
  return low;
}

// Whether a run had ended by an epoch.
export function hasEnded(curve, epoch) {
  return epoch >= curve.epochs - 1;
}
