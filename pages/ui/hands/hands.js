// What Streamlit leaves to do for fingers, keys and screen readers. It listens for as long as the tab is open.

const TREMBLE = 8; // pixels that a finger moves without wanting anything
const NARROW = 768; // pixels: up to here Streamlit's menu lies over the page
const QUIET = 500; // milliseconds without a change, after which a text is read out

const TRACK = "[data-testid=stSlider] [role=group] > [data-orientation]";
const STOPS = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']";
const SPOKEN = [".st-key-line", ".st-key-finding", ".st-key-device-finding", ".st-key-said"]; // texts that answer what one did

export function listen() {
  if (window.wbHands) return;
  window.wbHands = true;
  new Fingers();
  new Focus();
  new Popover();
  new Voice();
  document.addEventListener("click", closeMenu);
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
    if (event.target.closest?.(TRACK)) event.stopImmediatePropagation();
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

// A focused button that goes or is switched off takes the focus with it. It then goes to what stands nearest.
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
    this.element = element;
  }

  look() {
    const { element } = this;
    if (!element || (element.isConnected && !element.disabled)) return;
    if (![document.body, element, null].includes(document.activeElement)) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.restore(element), 50); // React may still be at it
  }

  restore(element) {
    if (this.element !== element || ![document.body, element, null].includes(document.activeElement)) return;
    for (const { key, at } of [...this.around, { key: "stMainBlockContainer", at: 0 }]) {
      const stops = stopsOf(document.querySelector(`.${CSS.escape(key)}`));
      if (!stops.length) continue;
      stops[Math.min(Math.max(at, 0), stops.length - 1)].focus({ preventScroll: true });
      return;
    }
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
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.speak(), QUIET);
  }

  speak() {
    for (const selector of SPOKEN) {
      const text = document.querySelector(selector)?.innerText.trim().replace(/\s+/g, " ");
      const before = this.said.get(selector);
      this.said.set(selector, text);
      if (text && before !== undefined && text !== before) this.region.textContent = text;
    }
  }
}

// On narrow screens Streamlit leaves its menu open over the page that was chosen in it.
function closeMenu(event) {
  if (innerWidth > NARROW || !event.target.closest?.("[data-testid=stSidebarNavLink]")) return;
  document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
}
