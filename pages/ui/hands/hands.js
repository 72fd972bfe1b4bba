// What Streamlit leaves to do for fingers, keys and screen readers. It listens for as long as the tab is open.

import { Fingers } from "./fingers.js";
import { Focus } from "./focus.js";
import { Names } from "./names.js";
import { Popover } from "./popover.js";
import { enterChoice, leaveTable } from "./stops.js";
import { Voice } from "./voice.js";

const NARROW = 768; // pixels: up to here Streamlit's menu lies over the page
const QUIET = 500; // milliseconds without a change, after which a form is complete

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
  document.addEventListener("focusin", enterChoice);
  document.addEventListener("keydown", leaveTable, true);
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

// On narrow screens Streamlit leaves its menu open over the page that was chosen in it.
function closeMenu(event) {
  if (innerWidth > NARROW || !event.target.closest?.("[data-testid=stSidebarNavLink]")) return;
  document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
}
