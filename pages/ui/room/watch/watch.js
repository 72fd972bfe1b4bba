// The bar of a seat: who one is, and what the leader shows. A pause is a curtain over the page.

import { Ask } from "./ask.js";
import { Curtain } from "./curtain.js";
import { Stream } from "./stream.js";
import { button, element } from "../elements.js";
import { recall, remember } from "../memory.js";

const PATIENCE = 2000; // milliseconds that the next page may take to bring it along
const ANSWER = "answer";

let watch; // one for the tab: it goes along from page to page

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-room");
  watch ??= new Watch();
  watch.move(root);
  watch.send = setTriggerValue;
  watch.update(data);
  return () => setTimeout(() => watch?.root.isConnected || watch?.end(), PATIENCE);
}

class Watch {
  constructor() {
    this.text = element("p", "wb-room-text");
    this.text.setAttribute("role", "status");
    this.actions = element("div", "wb-room-actions");
    this.bar = element("section", "wb-room-bar", this.text, this.actions);
    this.curtain = new Curtain();
    this.ask = new Ask((id, option) => this.answer(id, option), () => this.show());
    [this.answered, this.option] = recall(ANSWER) ?? [];
  }

  move(root) {
    if (root === this.root) return;
    this.root = root;
    root.replaceChildren(this.bar, this.curtain.dialog, this.ask.dialog);
    this.shown = undefined;
  }

  end() {
    this.stream?.end();
    this.curtain.lift();
    this.ask.close();
    watch = undefined;
  }

  update(data) {
    const key = JSON.stringify(data.key);
    this.data = data;
    this.sent = undefined;
    if (data.unheard > (this.unheard ?? 0)) this.keep(); // the server has not taken the answer
    this.unheard = data.unheard;
    this.bar.setAttribute("aria-label", data.words.bar);
    if (key !== this.key) {
      Object.assign(this, { key, stage: undefined, lost: false });
      this.stream?.end();
      this.stream = data.key ? new Stream(data.key, (event, value) => this.take(event, value)) : undefined;
    }
    this.show();
  }

  take(event, value) {
    if (event === "end") {
      this.stream.end();
      return this.send("ended", this.data.key.room);
    }
    if (event === "again") return this.send("again", performance.now());
    this.lost = event === "lost";
    if (event === "stage") this.stage = value;
    this.show();
  }

  // The question in the page's language; undefined while the server has not sent it.
  get question() {
    const { stage, data } = this;
    const asked = stage?.question;
    if (!asked?.lesson || !data.translates) return asked;
    if (data.question?.id === asked.id) return { ...asked, ...data.question };
    this.once("asked", asked.id);
  }

  // Say something to the server once, until it has answered; returns whether this was said now.
  once(name, value) {
    const said = JSON.stringify([name, value]);
    if (this.sent === said) return false;
    this.sent = said;
    this.send(name, value);
    return true;
  }

  // Look at what the leader shows. "Back" of the browser leads to where one was, even if it is shown on this very page.
  look() {
    const { push, pushed } = this.stage;
    const here = location.pathname.split("/").at(-1);
    if (this.once("look", push) && pushed.page === here) history.pushState(history.state, "", location.href);
  }

  answer(id, option) {
    if (this.answered !== id || this.option !== option) this.send("answer", { question: id, option });
    this.keep(id, option);
    this.show();
  }

  // Remember the answer to a question, or that there is none.
  keep(id, option) {
    Object.assign(this, { answered: id, option });
    remember(ANSWER, [id, option]);
  }

  // What the bar says: a text, what it asks for, and buttons as label and act, the first of which is the main one.
  says() {
    const { stage, data, question } = this;
    const { words } = data;
    const mine = question && this.answered === question.id;
    if (!data.key) return [data.farewell, true, [words.ok, () => this.once("read", true)]];
    if (this.lost) return [words.lost, false];
    if (question?.revealed && this.seen !== question.id) return [words.revealed, true, [words.see, () => this.open()]];
    if (question && !question.revealed && !mine) return [words.asks, true, [words.answer, () => this.open()]];
    if (stage?.pushed && stage.push !== data.looked)
      return [words.shows, true, [words.look, () => this.look()], [words.stay, () => this.once("stay", stage.push)]];
    if (question && !question.revealed) return [words.answered, false, [words.change, () => this.open()]];
    if (data.back) return [words.seen, false, [words.back, () => this.once("back", true)], ["✕", () => this.once("stay", "here"), words.stay]];
    const name = `${words.name} · ${data.key.room}`;
    return stage?.pushed ? [name, false, [words.look, () => this.look()]] : [name, false];
  }

  open() {
    if (this.question.revealed) this.seen = this.question.id;
    this.ask.open(this.question, this.answered === this.question.id ? this.option : undefined, this.data.words);
  }

  show() {
    const { stage, data, question } = this;
    const [text, calls, ...buttons] = this.says();
    const shown = JSON.stringify([text, calls, buttons.map(([label]) => label), stage?.push]);
    if (stage?.paused && data.key) this.curtain.fall(data.words);
    else this.curtain.lift();
    if (!question) this.ask.close();
    else this.ask.update(question, this.answered === question.id ? this.option : undefined, data.words, () => (this.seen = question.id));
    if (shown === this.shown) return; // so that the focus stays
    this.shown = shown;
    this.bar.classList.toggle("wb-room-calls", calls);
    if (this.text.textContent !== text) this.text.textContent = text;
    this.actions.replaceChildren(...buttons.map(([label, act, name], place) => action(label, calls && !place, act, name)));
  }
}

// A button of the bar; `name` says what a sign means.
function action(label, main, act, name) {
  return Object.assign(button(label, main ? "wb-room-main" : "", act), name && { ariaLabel: name, title: name });
}
