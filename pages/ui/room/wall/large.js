// One seat, large: over the wall until Escape or "Close".

import { Little } from "./little.js";
import { Losses } from "./losses.js";
import { button, element } from "../elements.js";
import { fill } from "./parts.js";
import { whole, write } from "../../player/text.js";

export class Large {
  // `lab` opens what a seat shows in its lab.
  constructor(lab) {
    this.name = element("h2", "");
    this.facts = element("p", "wb-wall-facts");
    this.losses = new Losses(() => {});
    this.little = new Little();
    this.toLab = button("", "wb-wall-main", () => {
      this.box.close();
      lab(this.run.id);
    });
    this.close = button("", "", () => this.box.close());
    this.box = element("dialog", "wb-wall-large", this.name, this.facts, this.losses.box, this.little.canvas, element("div", "wb-wall-buttons", this.toLab, this.close));
    this.box.onclick = ({ target }) => target === this.box && this.box.close(); // beside it
  }

  show(id) {
    this.id = id;
    this.box.showModal();
  }

  // Take the run of the seat that is open: { id, name, standing, curve, bad }; without one, it closes.
  take(run, words, colors, language) {
    if (!this.box.open) return;
    if (!run) return this.box.close();
    Object.assign(this, { run, words, language });
    write(this.name, run.name);
    write(this.toLab, words.lab);
    write(this.close, words.close);
    const isLine = run.curve?.kind === "linear";
    this.losses.box.hidden = !isLine;
    if (isLine) this.losses.take([run], words, language);
    this.little.canvas.hidden = isLine;
    this.little.take(run.curve, colors);
  }

  draw(epoch) {
    const { run, words } = this;
    if (!this.box.open || !run) return;
    const { standing } = run;
    const last = Math.max((run.curve?.epochs ?? 0) - 1, 0);
    const shown = Math.min(epoch, last);
    const at = run.curve ? fill(words.at_epoch, { epoch: whole(shown, this.language), last: whole(last, this.language) }) : "";
    write(this.facts, [at, standing.numberText(epoch, words), words.verdicts[standing.verdict], standing.lesson(words), standing.seat.show?.passed && words.done].filter(Boolean).join(" · "));
    this.losses.draw(shown, undefined);
    this.little.draw(shown);
  }
}
