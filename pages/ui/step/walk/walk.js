// The lines of an epoch and the buttons that walk through them. The browser keeps its own place and shows it at once. It
// tells the server where it is, not what was pressed: of several quick presses the server may see only the last.

const SIGNS = { moved: "⇅", changed: "✎" };
const KEYS = { ArrowLeft: "back", ArrowRight: "next", "Shift+ArrowRight": "epoch" };
// What uses the arrow keys itself.
const BUSY = `input, textarea, select, [contenteditable], [role=region][tabindex="0"], ${["slider", "radio", "combobox",
  "listbox", "option", "menu", "menuitem", "tab", "grid", "dialog"].map((role) => `[role=${role}]`)}`;

const walks = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-walk");
  if (!walks.has(root)) walks.set(root, new Walk(root));
  const walk = walks.get(root);
  walk.send = (place) => setTriggerValue("place", place);
  walk.update(data);
  // Streamlit also calls this for late messages, so stop only what has left the page.
  return () => root.isConnected || walk.end();
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

class Walk {
  constructor(root) {
    this.root = root;
    this.keys = (event) => this.onKey(event);
    document.addEventListener("keydown", this.keys);
    this.code = element("div", "wb-code");
    this.code.setAttribute("role", "group");
    const buttons = element("div", "wb-walk-buttons");
    this.buttons = {};
    for (const [name, key] of [["back", "←"], ["next", "→"], ["epoch", "⇧ →"]]) {
      const button = (this.buttons[name] = element("button", `wb-walk-${name}`));
      button.type = "button";
      button.append(element("span"), element("kbd", "", key));
      button.lastChild.ariaHidden = "true";
      button.onclick = () => this.go(this.to(name));
      buttons.append(button);
    }
    this.status = element("p", "wb-unseen");
    this.status.setAttribute("role", "status");
    root.append(this.code, buttons, this.status);
  }

  end() {
    document.removeEventListener("keydown", this.keys);
    this.wait(false);
    walks.delete(this.root);
  }

  update(data) {
    this.data = data;
    // An answer to an earlier press must not take the visitor back.
    if (this.sent === undefined || data.heard === this.sent) {
      this.sent = undefined;
      this.place = { epoch: data.epoch, line: data.line };
    }
    const text = JSON.stringify([data.lines, data.words]);
    if (text !== this.text) this.build();
    this.text = text;
    this.show();
  }

  // Fill the elements; a line keeps its own, and with it the focus.
  build() {
    const { lines, words } = this.data;
    this.code.ariaLabel = words.code;
    for (const [name, button] of Object.entries(this.buttons)) button.firstChild.textContent = words[name];
    const known = new Map([...this.code.querySelectorAll("[data-line]")].map((line) => [line.dataset.line, line]));
    const made = lines.map(({ id, number, code, mark }) => {
      const line = known.get(id) ?? element("button");
      line.type = "button";
      line.dataset.line = id;
      line.className = `wb-line-button ${number ? "" : "wb-around"} ${mark === "skipped" ? "wb-skipped" : ""}`;
      const [first, ...others] = code.split("\n");
      const [sign, body] = [element("span", "wb-number-of-line", number || ""), element(mark === "skipped" ? "s" : "code", "", first)];
      if (others.length) body.append(element("span", "wb-rest", ["", ...others].join("\n")));
      sign.ariaHidden = "true";
      line.replaceChildren(sign, body, ...(SIGNS[mark] ? [element("span", "wb-sign-of-line", SIGNS[mark])] : []));
      line.onclick = () => this.go({ epoch: this.place.epoch, line: id });
      return line;
    });
    this.code.replaceChildren(element("code", "wb-loop", "for epoch in range(epochs):"), ...made);
  }

  show() {
    const { epoch, line } = this.place;
    for (const button of this.code.querySelectorAll("[data-line]")) {
      const here = button.dataset.line === line;
      button.classList.toggle("wb-current", here);
      if (here) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    for (const [name, button] of Object.entries(this.buttons)) button.setAttribute("aria-disabled", !this.to(name));
    Object.assign(this.root.dataset, { epoch, line });
    this.wait(this.sent !== undefined);
  }

  // The place to which a button leads; undefined at either end of the run.
  to(name) {
    const { lines, epochs } = this.data;
    const { epoch, line } = this.place;
    const at = epoch * lines.length + lines.findIndex(({ id }) => id === line) + { back: -1, next: 1, epoch: lines.length }[name];
    if (at < 0 || at >= epochs * lines.length) return undefined;
    return { epoch: Math.floor(at / lines.length), line: lines[at % lines.length].id };
  }

  go(place) {
    if (!place) return;
    this.place = place;
    this.sent = performance.timeOrigin + performance.now();
    this.show();
    const { lines, words } = this.data;
    const { number, name } = lines.find(({ id }) => id === place.line);
    const line = number ? `${number} · ${name}` : name;
    this.status.textContent = words.at.replace("{line}", line).replace("{epoch}", place.epoch);
    this.send({ ...place, moment: this.sent });
    this.showBelow();
  }

  // On a phone, scroll until the chart, the code and what explains the line are in view, one below the other.
  showBelow() {
    const below = this.code.getBoundingClientRect().bottom > 0.7 * innerHeight;
    if (below && matchMedia("(max-width: 640px)").matches) document.querySelector(".st-key-seen")?.scrollIntoView();
  }

  // Tell the page that its numbers are still those of another line.
  wait(waits) {
    const { classList } = document.documentElement;
    if (classList.contains("wb-walking") !== waits) classList.toggle("wb-walking", waits);
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(BUSY)) return;
    const to = KEYS[`${event.shiftKey ? "Shift+" : ""}${event.key}`];
    if (!to) return;
    event.preventDefault();
    this.go(this.to(to));
  }
}
