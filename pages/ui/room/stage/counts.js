// Parts of the leader's page that count along: who is here, looks, has solved or answered; and the list of the seats.

import { button, element } from "../elements.js";
import { listen } from "../watch/stream.js";

const parts = new WeakMap();
const REST = 600; // milliseconds in which the rerun of one's own click brings the new stage

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-counts");
  if (!parts.has(root)) parts.set(root, new Part(root));
  const part = parts.get(root);
  part.send = setTriggerValue;
  part.update(data);
  return () => root.isConnected || part.end();
}

class Part {
  constructor(root) {
    Object.assign(this, { root, seats: new Map(), stage: null, answers: 0 });
  }

  end() {
    this.stream?.end();
    clearTimeout(this.timer);
    parts.delete(this.root);
  }

  update(data) {
    const other = JSON.stringify(data.key) !== JSON.stringify(this.data?.key);
    this.data = data;
    if (other) {
      this.stream?.end();
      this.seats.clear();
      this.stream = listen({ ...data.key, seat: "" }, (event, value) => this.take(event, value));
    }
    this.draw();
  }

  take(event, value) {
    if (event === "stage") this.stage = value;
    else if (event === "answers") this.answers = value.count;
    else if (event === "seats") value.forEach((seat) => this.seats.set(seat.id, seat));
    else if (event === "there") [...this.seats.keys()].forEach((id) => value.includes(id) || this.seats.delete(id));
    else return;
    this.draw();
  }

  draw() {
    const { part } = this.data;
    if (part === "list") return this.list();
    if (part === "seats") this.turn();
    const seats = [...this.seats.values()];
    const here = seats.filter((seat) => seat.here).length;
    const counts = {
      seats: () => here,
      looks: () => seats.filter((seat) => this.stage?.push && seat.looks === this.stage.push).length,
      solved: () => seats.filter((seat) => seat.solved.includes(this.data.lesson)).length,
      answers: () => this.answers,
    };
    const count = counts[part]();
    this.count(count, part === "seats" ? seats.length : Math.max(here, count));
  }

  count(count, all) {
    const { part, words } = this.data;
    const text = part === "seats" && !all ? words.empty : words[part].replace("{count}", count).replace("{all}", all);
    if (text === this.text) return;
    this.text = text;
    const line = element("p", "", element("span", "", text));
    if (part !== "seats") {
      const fill = element("span", "");
      fill.style.width = `${all ? (100 * count) / all : 0}%`;
      line.append(element("span", "wb-counts-track", fill));
    }
    this.root.replaceChildren(line);
  }

  // Ask for a rerun if the page shows another stage than the room has.
  turn() {
    clearTimeout(this.timer);
    if (!this.stage || this.stage.turn === this.data.turn) return;
    this.timer = setTimeout(() => this.stage.turn !== this.data.turn && this.send("turn", this.stage.turn), REST);
  }

  list() {
    const seats = [...this.seats.values()].sort((one, other) => one.number - other.number);
    const said = JSON.stringify(seats.map(({ id, number, name }) => [id, number, name]));
    if (said === this.said) return; // so that the focus stays
    this.said = said;
    const { words } = this.data;
    const rows = seats.map((seat) => {
      const name = typeof seat.name === "string" ? seat.name : seat.name.map((word) => words.names[word] ?? word).join(" ");
      const called = [`${words.seat.replace("{number}", seat.number)}: ${name}`, seat.rehearsal && words.rehearsal].filter(Boolean).join(" ");
      return element("li", "", element("span", "", called), sure(words.remove, words.sure, called, () => this.send("remove", seat.id)));
    });
    this.root.replaceChildren(rows.length ? element("ul", "", ...rows) : element("p", "", words.empty));
  }
}

// A button that asks back in its place before it acts. Whoever leaves it has not meant it.
function sure(text, question, name, act) {
  const made = button(text, "", ({ detail }) => {
    if (detail > 1) return; // a double click is one answer, not two
    if (made.textContent === question) return act();
    made.focus(); // not every browser does so by itself
    say(question);
  });
  const say = (words) => Object.assign(made, { textContent: words, ariaLabel: `${words}: ${name}` });
  made.onblur = () => say(text);
  say(text);
  return made;
}
