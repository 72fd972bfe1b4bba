// Small parts of a wall, and the looks of a run's state, of which none is a colour alone.

import { element } from "../elements.js";

// A text with its {names} filled in.
export function fill(text, names) {
  return text.replace(/\{(\w+)\}/g, (all, name) => names[name] ?? all);
}

// A choice of one among several, as radio buttons: [id, text] each.
export function segments(className, title, choices, chosen, act) {
  const group = element("fieldset", `wb-wall-segments ${className}`, element("legend", "", title));
  const name = `wb-wall-${className}`;
  for (const [id, text] of choices) {
    const radio = Object.assign(element("input", ""), { type: "radio", name, value: id, checked: id === chosen });
    radio.onchange = () => act(id);
    group.append(element("label", "", radio, element("span", "", text)));
  }
  return group;
}

export const TEST = "#009E73", PATH = "#CC79A7", WARNING = "#D55E00", TARGET = "#E69F00";
