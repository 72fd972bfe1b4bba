const QUIET = 500; // milliseconds without a change, after which a text is read out

const SPOKEN = [".st-key-line", ".st-key-finding", ".st-key-device-finding", ".st-key-said", ".wb-meters-text"]; // texts that answer what one did

// One polite live region reads out the texts that answer what one did, as soon as they rest.
export class Voice {
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
