// What Streamlit leaves to do for fingers, keys and screen readers. It listens for as long as the tab is open.

const TREMBLE = 8; // pixels that a finger moves without wanting anything
const NARROW = 768; // pixels: up to here Streamlit's menu lies over the page
const QUIET = 500; // milliseconds without a change, after which a text is read out

const HELP = "Help for ";
const TRACK = "[data-testid=stSlider] [role=group] > [data-orientation]";
const CHART = "[data-testid=stPlotlyChart] .nsewdrag";
const STOPS = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']";
const SPOKEN = [".st-key-line", ".st-key-finding", ".st-key-device-finding", ".st-key-said", ".wb-meters-text"]; // texts that answer what one did

const NAMED = "button[aria-label], [role=radio], [data-testid=stNumberInputField], [role=switch]";

// Parts of a page whose controls have the same names in each: what tells them apart.
const PARTS = {
  "[class*=st-key-axis]": (part) => part.querySelector("[data-testid=stWidgetLabel]")?.innerText,
  "[class*=st-key-kept-]": (part) => part.querySelector("input")?.value,
  "[class*=st-key-card-][class*=-buttons]": (part) => part.className.match(/card-(\w+)-buttons/)?.[1],
};

// `words` are Streamlit's own in the language of the page.
export function listen(words) {
  window.wbHands?.read(words);
  if (window.wbHands) return;
  window.wbHands = new Names(words);
  new Fingers();
  new Focus();
  new Popover();
  new Reveal();
  new Voice();
  document.addEventListener("click", closeMenu);
  document.addEventListener("keydown", leaveTable, true);
}

// Streamlit's sliders jump to a finger as soon as it touches them. Here a finger first says by its direction whether it
// scrolls the page or moves the slider; a tap is a move. `touch-action` in layout.css lets the browser scroll.
class Fingers {
  constructor() {
    const listeners = { pointerdown: this.down, pointermove: this.move, pointerup: this.up, pointercancel: this.forget, touchstart: this.hold };
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener.bind(this), { capture: true, passive: true });
  }

  down(event) {
    if (event.wbOwn || event.pointerType !== "touch" || !event.target.closest?.(TRACK)) return;
    this.first = event;
    event.stopImmediatePropagation();
  }

  hold(event) {
    if (event.target.closest?.(`${TRACK}, ${CHART}`)) event.stopImmediatePropagation();
    if (document.querySelector(".hoverlayer > *")) for (const chart of document.querySelectorAll(CHART)) chart.dispatchEvent(new MouseEvent("mouseout"));
  }

  move(event) {
    if (event.pointerId !== this.first?.pointerId) return;
    const [across, down] = [event.clientX - this.first.clientX, event.clientY - this.first.clientY].map(Math.abs);
    if (across > TREMBLE && across > down) this.begin();
    else event.stopImmediatePropagation();
    if (down > TREMBLE && down >= across) this.forget(event);
  }

  up(event) {
    if (event.pointerId === this.first?.pointerId) this.begin();
  }

  forget(event) {
    if (event.pointerId === this.first?.pointerId) this.first = undefined;
  }

  // Give Streamlit the touch that it has not got yet.
  begin() {
    const { target, pointerId, clientX, clientY } = this.first;
    const options = { pointerId, clientX, clientY, pointerType: "touch", isPrimary: true, button: 0, buttons: 1, bubbles: true, cancelable: true };
    this.first = undefined;
    target.dispatchEvent(Object.assign(new PointerEvent("pointerdown", options), { wbOwn: true }));
  }
}

const GONE = 50; // milliseconds: React may still be at it
const OFF = 1000; // the same for a button that is switched off: one of a download is, while its file is made

// A focused button that goes or is switched off takes the focus with it. It gets it back if it was off for a moment only;
// else the focus goes to what stands nearest.
class Focus {
  constructor() {
    for (const name of ["focusin", "pointerdown"]) addEventListener(name, ({ target }) => this.note(target.closest?.(STOPS)), true);
    const changes = { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] };
    new MutationObserver(() => this.look()).observe(document.body, changes);
  }

  // Where an element stands among those that take the focus, in each container around it.
  note(element) {
    this.around = [];
    for (let box = element?.parentElement; box && !box.matches("[data-testid=stApp]"); box = box.parentElement) {
      if (/st-key-/.test(box.className)) this.around.push({ key: box.className.match(/st-key-[\w-]+/)[0], at: stopsOf(box).indexOf(element) });
    }
    Object.assign(this, { element, off: false });
  }

  look() {
    const { element } = this;
    if (!element || ![document.body, element, null].includes(document.activeElement)) return;
    if (element.isConnected && !element.disabled) {
      if (this.off) this.restore(element);
      return;
    }
    if (element.isConnected && this.off) return; // it waits already
    this.off = element.isConnected;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.restore(element), this.off ? OFF : GONE);
  }

  restore(element) {
    clearTimeout(this.waiting);
    if (this.element !== element || ![document.body, element, null].includes(document.activeElement)) return;
    this.off = false;
    if (element.isConnected && !element.disabled) {
      element.focus({ preventScroll: true });
      return;
    }
    for (const { key, at } of this.around) {
      const stops = stopsOf(document.querySelector(`.${CSS.escape(key)}`));
      if (!stops.length) continue;
      stops[Math.min(Math.max(at, 0), stops.length - 1)].focus({ preventScroll: true });
      return;
    }
    const heading = document.querySelector("[data-testid=stMain] h1");
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

// Streamlit draws an open popover at the end of the page: it takes the focus, and gives it back.
class Popover {
  constructor() {
    new MutationObserver(() => this.look()).observe(document.body, { subtree: true, childList: true });
    document.addEventListener("keydown", (event) => this.leave(event), true);
  }

  look() {
    const body = document.querySelector("[data-testid=stPopoverBody]");
    if (body === this.body) return;
    if (body && document.activeElement?.closest("[data-testid=stPopover]")) {
      this.button = document.activeElement;
      body.tabIndex = -1; // not the first field in it, which would call up the keyboard of a phone
      body.focus({ preventScroll: true });
    }
    if (!body && [document.body, null].includes(document.activeElement)) this.button?.focus({ preventScroll: true });
    this.body = body;
  }

  // Tab leads from both of its ends back to its button.
  leave(event) {
    const stops = event.key === "Tab" && this.body?.contains(event.target) ? stopsOf(this.body) : [];
    if (!stops.length || event.target !== stops.at(event.shiftKey ? 0 : -1)) return;
    event.preventDefault();
    this.button?.focus();
  }
}

// A form that a button of the player opens comes into view when it is complete.
class Reveal {
  constructor() {
    document.addEventListener("click", ({ target }) => (this.asked ||= Boolean(target.closest?.("[data-press=branch]"))));
    new MutationObserver(() => this.asked && this.soon()).observe(document.body, { subtree: true, childList: true });
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.show(document.querySelector(".st-key-branch-form")), QUIET);
  }

  show(form) {
    if (!form?.querySelector("button")) return;
    this.asked = false;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    form.scrollIntoView({ block: "nearest", behavior });
  }
}

function stopsOf(box) {
  return [...(box?.querySelectorAll(STOPS) ?? [])].filter((stop) => stop.checkVisibility({ visibilityProperty: true }));
}

// One polite live region reads out the texts that answer what one did, as soon as they rest.
class Voice {
  constructor() {
    this.region = document.body.appendChild(document.createElement("p"));
    Object.assign(this.region, { className: "wb-unseen", role: "status" });
    this.said = new Map();
    new MutationObserver(() => this.soon()).observe(document.body, { subtree: true, childList: true, characterData: true });
  }

  soon() {
    this.compare(false); // what a page shows first is no answer
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.speak(), QUIET);
  }

  speak() {
    this.compare(true);
  }

  // Note the texts that are new on the page, and read out those that are `known` and have changed.
  compare(known) {
    for (const selector of SPOKEN) {
      if (this.said.has(selector) !== known) continue;
      const element = document.querySelector(selector);
      const text = element?.textContent.trim();
      if (!text && !known) continue;
      if (text && known && text !== this.said.get(selector)) this.region.textContent = wordsOf(element);
      if (text) this.said.set(selector, text);
      else this.said.delete(selector);
    }
  }
}

// The text of an element, without the names of its icons.
function wordsOf(element) {
  const icons = [...element.querySelectorAll("[data-testid=stIconMaterial], [data-testid=stAlertDynamicIcon]")];
  return icons.reduce((text, icon) => text.replace(icon.textContent, ""), element.innerText).trim().replace(/\s+/g, " ");
}

// Every control gets one name of its own, in the language of the page: Streamlit's small buttons have the same English
// ones in every field, its sliders have theirs twice, and groups of controls have those of other groups.
class Names {
  constructor(words) {
    this.given = new WeakMap(); // element -> [Streamlit's name, ours]
    new MutationObserver(() => (this.waiting ??= setTimeout(() => this.write(), QUIET))).observe(document.body, { subtree: true, childList: true });
    this.read(words);
  }

  read(words) {
    this.words = words;
    this.write();
  }

  write() {
    this.waiting = undefined;
    this.nameParts();
    for (const slider of document.querySelectorAll("[data-testid=stSlider] input[aria-label][aria-labelledby]")) slider.removeAttribute("aria-labelledby");
    const controls = [...document.querySelectorAll(NAMED)];
    for (const [name, same] of Map.groupBy(controls, (control) => this.say(this.nameOf(control), control))) {
      const several = new Set(same.map(groupOf)).size > 1;
      for (const control of same) this.rename(control, several && groupOf(control) ? `${groupOf(control)}: ${name}` : name);
    }
  }

  // Streamlit's name of a control, which may have ours by now.
  nameOf(control) {
    if (control.matches("[role=radio]")) return control.textContent.trim();
    const [streamlits, ours] = this.given.get(control) ?? [];
    const name = control.getAttribute("aria-label");
    return name === ours ? streamlits : name;
  }

  rename(control, wanted) {
    const name = this.nameOf(control);
    if (wanted !== (control.getAttribute("aria-label") ?? name)) control.setAttribute("aria-label", wanted);
    this.given.set(control, [name, wanted]);
  }

  // What Streamlit gives no role, none that can be named, or no stop for the keys.
  nameParts() {
    for (const [selector, title] of Object.entries(PARTS)) {
      for (const part of document.querySelectorAll(selector)) {
        part.setAttribute("role", "group");
        part.setAttribute("aria-label", title(part)?.trim() ?? "");
      }
    }
    for (const place of document.querySelectorAll("[data-testid=stFileUploaderDropzone][role]")) place.removeAttribute("role");
    for (const list of document.querySelectorAll("[data-testid=stSelectboxVirtualDropdown]:not([role])")) {
      Object.assign(list, { role: "region", ariaLabel: list.querySelector("[role=listbox]")?.ariaLabel });
    }
    for (const code of document.querySelectorAll("[data-testid=stCode] pre")) if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  }

  say(name, control) {
    const heading = name === "Help" ? control.closest("[data-testid=stHeading]")?.innerText.trim() : undefined;
    if (name.startsWith(HELP) || heading) return this.words[`${HELP}{name}`].replace("{name}", heading ?? name.slice(HELP.length));
    const word = this.words[name] ?? name;
    const field = control.closest("[data-testid=stNumberInput], [data-testid=stSelectbox]")?.querySelector("input");
    return field && this.words[name] ? `${field.getAttribute("aria-label")}: ${word}` : word;
  }
}

function groupOf(control) {
  return control.closest("[role=radiogroup], [role=group][aria-label]:not([data-rac])")?.getAttribute("aria-label");
}

// In Streamlit's tables Tab goes from cell to cell; here it leaves them, as the arrow keys do the same.
function leaveTable(event) {
  const table = event.key === "Tab" && event.target.closest?.("[data-testid=stDataFrame]");
  if (!table) return;
  const side = event.shiftKey ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  const stops = stopsOf(document.body).filter((stop) => table.compareDocumentPosition(stop) === side);
  const next = stops.at(event.shiftKey ? -1 : 0);
  if (!next) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  next.focus();
}

// On narrow screens Streamlit leaves its menu open over the page that was chosen in it.
function closeMenu(event) {
  if (innerWidth > NARROW || !event.target.closest?.("[data-testid=stSidebarNavLink]")) return;
  document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
}
