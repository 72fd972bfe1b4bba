// Server-sent events, read by fetch, because only that can send the room's key in headers. It comes back by itself.

const LONGEST = 3000; // milliseconds between two attempts
const ANSWER = 8000; // milliseconds that an answer may take
const SILENCE = 45_000; // milliseconds without a word, after which the connection is dead
const DOUBT = 22_000; // the same where it may have died meanwhile: a phone was locked, or a laptop has slept
const TICK = 1000;
const NAP = 5000; // milliseconds after which a tick is late: all timers stood still
const PATIENCE = 2000; // milliseconds without the room before it is said

// Beside the server's events, it says "lost" while the room cannot be reached. It says "again" when the page or the server
// may have missed something meanwhile: a rerun brings it.
export class Stream {
  constructor(key, on) {
    Object.assign(this, { key, on, pause: 500, ended: false, ticked: Date.now() });
    this.wake = (event) => this.back(event.type);
    addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.watching = setInterval(() => this.back("time"), TICK);
    this.run();
  }

  end() {
    this.ended = true;
    this.abort?.abort();
    this.next?.();
    clearTimeout(this.losing);
    removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearInterval(this.watching);
  }

  // Try again now, where the connection may be dead. Only the date goes on while a machine sleeps.
  back(why) {
    if (why === "visibilitychange" && document.hidden) return;
    const now = Date.now();
    const calm = why === "time" && now - this.ticked < NAP;
    this.ticked = now;
    if (!calm) this.next?.();
    const most = !this.open ? ANSWER : calm ? SILENCE : DOUBT;
    if (why !== "online" && now - this.heard <= most) return;
    this.missed = true; // the page's own connection may be dead, too: it learns that when it says something
    this.abort?.abort();
  }

  async run() {
    while (!this.ended) {
      try {
        Object.assign(this, { abort: new AbortController(), heard: Date.now(), open: false });
        const { room, seat, secret } = this.key;
        const headers = { "X-Room": room, "X-Seat": seat, "X-Secret": secret };
        const answer = await fetch(new URL("room-events", location.href), { headers, signal: this.abort.signal });
        if (answer.status === 403) return this.on("end", {});
        this.open = answer.ok;
        this.missed ||= answer.status === 503; // the rooms cannot be reached
        if (this.open) await this.read(answer.body.pipeThrough(new TextDecoderStream()).getReader());
      } catch {} // no network, or a server that starts again
      if (this.ended) return;
      this.lose();
      await this.wait();
    }
  }

  lose() {
    this.losing ??= setTimeout(() => this.on("lost"), PATIENCE);
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
      this.heard = Date.now();
      text += part.value;
      const events = text.split("\n\n");
      text = events.pop();
      events.forEach((event) => this.take(event));
    }
  }

  take(event) {
    const fields = Object.fromEntries(event.split("\n").map((line) => [line.split(": ", 1)[0], line.slice(line.indexOf(": ") + 2)]));
    if (!fields.event) return;
    const missed = fields.event === "lost";
    this.missed ||= missed;
    if (missed) return this.lose();
    clearTimeout(this.losing);
    this.losing = undefined;
    this.on(fields.event, JSON.parse(fields.data));
    if (this.missed && !this.ended) this.on("again");
    this.missed = false;
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
