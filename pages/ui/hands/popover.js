import { stopsOf } from "./stops.js";

// Streamlit draws an open popover at the end of the page: it takes the focus, and gives it back.
export class Popover {
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
