// The charts in words: a table of the seats with their numbers and verdicts.

import { element } from "../elements.js";
import { write } from "../../player/text.js";

const RESTS = 250; // milliseconds after the last move of the film

export class Table {
  constructor() {
    this.summary = element("summary", "");
    this.head = element("tr", "");
    this.body = element("tbody", "");
    this.box = element("details", "wb-wall-table", this.summary, element("table", "", element("thead", "", this.head), this.body));
    this.box.ontoggle = () => this.fill();
  }

  take(runs, words) {
    Object.assign(this, { runs, words });
    write(this.summary, words.table);
  }

  draw(epoch) {
    this.epoch = epoch;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.fill(), RESTS);
  }

  fill() {
    if (!this.box.open || !this.runs) return;
    const { words } = this;
    this.head.replaceChildren(...words.columns.map((text) => Object.assign(element("th", "", text), { scope: "col" })));
    const rows = this.runs.map(({ name, standing }) => {
      const cells = [standing.numberText(this.epoch, words), words.verdicts[standing.verdict] ?? "", standing.lesson(words)];
      const head = Object.assign(element("th", "", name), { scope: "row" });
      return element("tr", "", head, ...cells.map((text) => element("td", "", text)));
    });
    this.body.replaceChildren(...rows);
  }
}
