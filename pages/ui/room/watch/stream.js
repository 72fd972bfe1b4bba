// Server-sent events, read by fetch, because only that can send the room's key in headers. It comes back by itself.

const LONGEST = 10_000; // milliseconds between two attempts
const SILENCE = 45_000; // milliseconds without a word, after which the connection is dead: a phone was locked
const DOUBT = 22_000; // the same after the page comes into view again

export class Stream {
  constructor(key, on) {
    Object.assign(this, { key, on, pause: 500, ended: false, heard: performance.now() });
    this.wake = (event) => this.back(event.type);
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.watching = setInterval(() => this.back("time"), 5000);
    this.run();
  }

  end() {
    this.ended = true;
    this.abort?.abort();
    this.next?.();
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearInterval(this.watching);
  }

  // Try again now, where the connection may be dead.
  back(why) {
    if (why === "visibilitychange" && document.hidden) return;
    const silence = performance.now() - this.heard;
    if (why !== "time") this.next?.();
    if (why === "online" || silence > (why === "time" ? SILENCE : DOUBT)) this.abort?.abort();
  }

  async run() {
    while (!this.ended) {
      try {
        this.abort = new AbortController();
        this.heard = performance.now();
        const { room, seat, secret } = this.key;
        const headers = { "X-Room": room, "X-Seat": seat, "X-Secret": secret };
        const answer = await fetch(new URL("room-events", location.href), { headers, signal: this.abort.signal });
        if (answer.status === 403) return this.on("end", {});
        if (answer.ok) await this.read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
      } catch {} // no network, or a server that starts again
      if (this.ended) return;
      this.on("lost", null);
      await this.wait();
    }
  }

  async wait() {
    await new Promise((next) => {
      this.next = next;
      setTimeout(next, this.pause);
    });
    this.next = undefined;
    this.pause = Math.min(2 * this.pause, LONGEST);
  }

  async read(reader) {
    let text = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      this.pause = 500;
      this.heard = performance.now();
      text += part.value;
      const events = text.split("\n\n");
      text = events.pop();
      events.forEach((event) => this.take(event));
    }
  }

  take(event) {
    const fields = Object.fromEntries(event.split("\n").map((line) => [line.split(": ", 1)[0], line.slice(line.indexOf(": ") + 2)]));
    if (fields.event) this.on(fields.event, JSON.parse(fields.data));
  }
}

const shared = new Map();

// Listen with a leader's key. All parts of a page that do share one stream; a later one first hears what is known.
export function listen(key, on) {
  const name = JSON.stringify(key);
  if (!shared.has(name)) shared.set(name, new Shared(key));
  const stream = shared.get(name);
  stream.add(on);
  return {
    end() {
      if (stream.drop(on)) shared.delete(name);
    },
  };
}

class Shared {
  constructor(key) {
    Object.assign(this, { ons: new Set(), known: new Map(), seats: new Map() });
    this.stream = new Stream(key, (event, value) => this.take(event, value));
  }

  add(on) {
    this.ons.add(on);
    for (const [event, value] of this.known) on(event, value);
    if (this.seats.size) on("seats", [...this.seats.values()]);
  }

  drop(on) {
    this.ons.delete(on);
    if (!this.ons.size) this.stream.end();
    return !this.ons.size;
  }

  tell(event, value) {
    for (const on of [...this.ons]) on(event, value);
  }

  take(event, value) {
    if (event === "stage" || event === "answers") this.known.set(event, value);
    else if (event === "seats") value.forEach((seat) => this.seats.set(seat.id, seat));
    else if (event === "there") [...this.seats.keys()].forEach((id) => value.includes(id) || this.seats.delete(id));
    this.tell(event, value);
  }
}
