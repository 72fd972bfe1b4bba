import { STOPS, stopsOf } from "./stops.js";

const GONE = 50; // milliseconds: React may still be at it
const OFF = 1000; // the same for a button that is switched off: one of a download is, while its file is made

// A focused button that goes or is switched off takes the focus with it. It gets it back if it was off for a moment only;
// else the focus goes to what stands nearest.
export class Focus {
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
