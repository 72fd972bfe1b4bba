const QUIET = 500; // milliseconds without a change, after which controls are named
const HELP = "Help for ";
const NAMED = "button[aria-label], [role=radio], [data-testid=stNumberInputField], [role=switch]";

// Parts of a page whose controls have the same names in each: what tells them apart.
const PARTS = {
  "[class*=st-key-axis]": (part) => part.querySelector("[data-testid=stWidgetLabel]")?.innerText,
  "[class*=st-key-kept-]": (part) => part.querySelector("input")?.value,
  "[class*=st-key-card-][class*=-buttons]": (part) => part.className.match(/card-(\w+)-buttons/)?.[1],
};

// Every control gets one name of its own, in the language of the page: Streamlit's small buttons have the same English
// ones in every field, its sliders have theirs twice, and groups of controls have those of other groups.
export class Names {
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
