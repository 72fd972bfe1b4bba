// The leader's question, which a seat opens: its options, and everybody's answers once they are revealed.

import { button, element } from "../elements.js";

export class Ask {
  constructor(answer, closed) {
    this.answer = answer;
    this.dialog = element("dialog", "wb-room-ask");
    this.dialog.setAttribute("aria-labelledby", "wb-room-question");
    this.dialog.onclose = closed;
  }

  open(question, mine, words) {
    this.draw(question, mine, words);
    if (!this.dialog.open) this.dialog.showModal();
  }

  // The same question is revealed while it is open: `seen` is called. Another one closes it.
  update(question, mine, words, seen) {
    if (!this.dialog.open) return;
    if (question.id !== this.question?.id) return this.close();
    if (question.revealed) seen();
    this.draw(question, mine, words);
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  draw(question, mine, words) {
    const drawn = JSON.stringify([question, mine, words]);
    if (drawn === this.drawn) return; // so that the focus stays
    Object.assign(this, { drawn, question });
    const heading = element("h2", "", question.text);
    heading.id = "wb-room-question";
    const close = button(words.close, "", () => this.close());
    const parts = question.revealed ? [answers(question, mine, words)] : [element("p", "", words.final), this.options(question, mine)];
    this.dialog.replaceChildren(heading, ...parts, close);
  }

  options({ id, options }, mine) {
    const buttons = options.map((text, number) => {
      const choice = button(text, number === mine ? "wb-room-main" : "", () => {
        this.answer(id, number);
        this.close();
      });
      choice.setAttribute("aria-pressed", String(number === mine));
      return choice;
    });
    return element("div", "wb-room-options", ...buttons);
  }
}

function answers({ options, counts, right }, mine, words) {
  const all = Math.max(1, (counts ?? []).reduce((sum, count) => sum + count, 0));
  const rows = options.map((text, number) => {
    const marks = [number === right && `✓ ${words.right}`, number === mine && words.yours].filter(Boolean).map((mark) => element("strong", "", mark));
    const row = element("li", number === mine ? "wb-room-mine" : "", element("span", "wb-room-option", text, ...marks));
    if (counts?.length) {
      const bar = element("span", "wb-room-part");
      bar.style.inlineSize = `${(100 * counts[number]) / all}%`;
      row.append(element("span", "wb-room-track", bar), element("span", "wb-room-count", String(counts[number])));
    }
    return row;
  });
  return element("ul", "wb-room-histogram", ...rows);
}
