// Tensors as tables of cells. Pointing at a cell highlights its source cells, or the cells computed from it, and shows
// the formula; clicking edits the cell. The server sends the cells once; highlighting does not need it.

import { VIRIDIS, viridis } from "../../player/viridis.js";

const MAX_TERMS = 12; // longer sums are abbreviated
const ALONE = 128; // the shade of numbers that are all the same

const boards = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".wb-board");
  if (!boards.has(root)) boards.set(root, new Board(root));
  const board = boards.get(root);
  board.send = (edit) => setTriggerValue("edit", edit);
  board.update(data);
}

function colour(shade) {
  return viridis(shade / 255);
}

// Black or white, whichever is legible on the colour.
function ink(rgb) {
  const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}

function bytes(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

class Board {
  constructor(root) {
    this.root = root;
    this.panels = element("div", "wb-panels");
    this.legend = element("p", "wb-scale");
    this.formula = element("p", "wb-formula");
    this.formula.setAttribute("aria-live", "polite");
    root.append(this.panels, this.legend, this.formula);
    root.addEventListener("mouseover", (event) => this.point(event.target));
    root.addEventListener("mouseleave", () => this.point(document.activeElement));
    root.addEventListener("focusin", (event) => this.point(event.target));
    root.addEventListener("focusout", () => this.point(null));
    root.addEventListener("keydown", (event) => this.onKey(event));
    root.addEventListener("pointerdown", (event) => this.touch(event));
    root.addEventListener("click", (event) => this.onClick(event.target.closest("td.wb-cell")));
  }

  update(data) {
    this.waiting = this.editing ? data : undefined; // keep what the user is typing
    if (this.editing) return;
    const text = JSON.stringify(data);
    if (text === this.text) return;
    this.text = text;
    this.data = data;
    const focused = this.root.contains(document.activeElement) ? document.activeElement.closest("td.wb-cell") : null;
    const back = focused ? [focused.dataset.panel, focused.dataset.cell] : this.returnTo;
    this.returnTo = undefined;
    this.cells = new Map();
    this.panels.replaceChildren(...data.panels.flatMap((panel) => this.panel(panel)));
    this.legend.replaceChildren(...this.scale());
    const finger = matchMedia("(pointer: coarse)").matches;
    const can = data.panels.some((panel) => panel.editable && panel.kind === "cells");
    this.say(Object.keys(data.origins).length ? (finger ? data.words.tap : data.words.hint) : can ? data.words.edit : "", "hint");
    if (back) this.at(...back)?.focus({ preventScroll: true });
    this.root.dataset.token = data.token;
  }

  // A line below the tensors: a hint in words, or a formula in code.
  say(text, kind) {
    this.formula.textContent = text;
    this.formula.dataset.kind = kind;
  }

  // What the colours mean.
  scale() {
    const { legend, words } = this.data;
    if (!legend) return [];
    const bar = element("span", "wb-scale-bar");
    const from = legend.low === legend.high ? [colour(ALONE), colour(ALONE)] : VIRIDIS;
    bar.style.background = `linear-gradient(to right, ${from.map((rgb) => `rgb(${rgb})`)})`;
    const ends = legend.low === legend.high ? [bar, legend.low] : [legend.low, bar, legend.high];
    const odd = legend.odd ? [element("span", "wb-scale-odd wb-odd-number"), words.odd] : [];
    return [...ends, element("span", "wb-scale-said", words.colors), ...odd];
  }

  at(panel, cell) {
    return this.cells.get(`${panel}.${cell}`);
  }

  panel(panel) {
    const made = element("section", `wb-panel wb-${panel.role}`);
    made.dataset.panel = panel.id;
    const head = element("h2", "wb-panel-name", panel.title);
    head.append(element("span", "wb-panel-facts", panel.facts));
    const body = element("div", "wb-slices");
    if (panel.kind === "cells") body.append(...panel.slices.map((slice) => this.table(panel, slice)));
    else if (panel.kind === "empty") body.append(element("p", "wb-panel-said", panel.said));
    else body.append(...panel.slices.map((slice) => this.image(panel, slice)));
    made.append(head, body);
    if (panel.said && panel.kind !== "empty") made.append(element("p", "wb-panel-said", panel.said));
    return panel.sign ? [element("span", "wb-sign", panel.sign), made] : [made];
  }

  table(panel, slice) {
    const table = element("table", "wb-cells");
    table.append(element("caption", slice.label ? "" : "wb-hidden", slice.label || panel.title));
    if (panel.heads) {
      const head = table.createTHead().insertRow();
      head.append(element("td", "wb-corner"));
      for (let column = 0; column < slice.columns; column++) head.append(element("th", "", column));
    }
    const body = table.createTBody();
    for (let row = 0; row < slice.rows; row++) {
      const line = body.insertRow();
      if (panel.heads) line.append(slice.rows > 1 || panel.shape.length > 1 ? element("th", "", row) : element("td", "wb-corner"));
      for (let column = 0; column < slice.columns; column++) line.append(this.cell(panel, slice, row * slice.columns + column));
    }
    return table;
  }

  cell(panel, slice, at) {
    const flat = slice.first + at;
    const text = slice.texts[at];
    const cell = element("td", "wb-cell", text);
    const shade = slice.shades[at];
    Object.assign(cell.dataset, { panel: panel.id, cell: flat });
    cell.tabIndex = flat === 0 ? 0 : -1;
    if (text.length > 9) cell.title = text;
    if (shade < 0) cell.classList.add("wb-odd-number");
    else {
      const rgb = colour(shade);
      cell.style.background = `rgb(${rgb})`;
      cell.style.color = ink(rgb);
    }
    if (panel.editable) cell.classList.add("wb-editable");
    for (const [mark, cells] of Object.entries(panel.marks ?? {})) {
      if (!cells.includes(flat)) continue;
      cell.classList.add(`wb-is-${mark}`);
      cell.append(element("span", "wb-hidden", ` (${this.data.words[mark]})`));
    }
    this.cells.set(`${panel.id}.${flat}`, cell);
    return cell;
  }

  image(panel, slice) {
    const figure = element("figure", "wb-heat");
    const canvas = element("canvas");
    canvas.width = slice.columns;
    canvas.height = slice.rows;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${panel.title} ${slice.label}`);
    canvas.style.aspectRatio = `${slice.columns} / ${slice.rows}`;
    const context = canvas.getContext("2d");
    const image = context.createImageData(slice.columns, slice.rows);
    const given = bytes(slice.pixels);
    for (let i = 0; i < slice.columns * slice.rows; i++) {
      const rgb = panel.kind === "picture" ? given.subarray(3 * i, 3 * i + 3) : colour(given[i]);
      image.data.set([...rgb, 255], 4 * i);
    }
    context.putImageData(image, 0, 0);
    figure.append(canvas);
    if (slice.label) figure.append(element("figcaption", "", slice.label));
    return figure;
  }

  // --- pointing at a cell

  point(target) {
    const cell = target?.closest?.("td.wb-cell");
    for (const lit of this.root.querySelectorAll(".wb-lit, .wb-here")) lit.classList.remove("wb-lit", "wb-here");
    if (!cell) return;
    cell.classList.add("wb-here");
    const { panel, cell: flat } = cell.dataset;
    for (const [other, cells] of this.related(panel, Number(flat)))
      for (const one of cells) this.at(other, one)?.classList.add("wb-lit");
    this.say(this.formulaOf(panel, Number(flat)), "formula");
  }

  // The related cells of a cell by panel: its sources, or the cells computed from it.
  related(panel, flat) {
    const { origins, result } = this.data;
    if (panel === result) return Object.entries(origins).map(([name, cells]) => [name, cells[flat] ?? []]);
    const made = [...(origins[panel] ?? []).entries()].filter(([, cells]) => cells.includes(flat)).map(([at]) => at);
    // Also related: the same place in memory, the other operand of a sum.
    const partners = Object.keys(origins).filter((name) => name !== panel && made.length === 1);
    return [[result, made], ...partners.map((name) => [name, origins[name][made[0]] ?? []])];
  }

  formulaOf(panel, flat) {
    const { origins, result, formula } = this.data;
    const found = this.data.panels.find(({ id }) => id === panel);
    const name = this.name(found, flat);
    if (panel !== result) return `${name} = ${this.text_of(panel, flat)}`;
    const sources = Object.keys(origins).filter((source) => source !== "memory");
    let parts = sources.map((source) => (origins[source][flat] ?? []).map((cell) => [source, cell]));
    if (formula?.pair && parts.length === 1 && parts[0].length > 1) {
      const half = parts[0].length / 2; // the same tensor on both sides
      parts = [parts[0].slice(0, half), parts[0].slice(half)];
    }
    const here = this.text_of(panel, flat);
    if (this.data.plain) return `${name} = ${here}`; // for example after an edit
    if (!formula) {
      const [from] = parts.flat();
      return from ? `${name} = ${this.name(this.data.panels.find(({ id }) => id === from[0]), from[1])} = ${here}` : `${name} = ${here}`;
    }
    const count = parts[0]?.length ?? 0;
    const terms = Array.from({ length: Math.min(count, MAX_TERMS) }, (_, i) =>
      parts.filter((cells) => cells[i]).map((cells) => this.text_of(...cells[i])).join(formula.pair));
    if (count > MAX_TERMS) terms.push("…");
    const after = formula.after.replace("{n}", count);
    return `${name} = ${formula.before}${terms.join(formula.join)}${after}${formula.then}${here}`;
  }

  text_of(panel, flat) {
    return this.at(panel, flat)?.firstChild.textContent ?? "…";
  }

  name(panel, flat) {
    if (!panel) return "";
    const index = [];
    for (const size of [...panel.shape].reverse()) {
      index.unshift(flat % size);
      flat = Math.floor(flat / size);
    }
    return index.length ? `${panel.title}[${index.join(", ")}]` : panel.title;
  }

  // --- keys and edits

  // On a touch screen, the first tap on a cell shows its origins, and the second edits it.
  touch(event) {
    const cell = event.target.closest("td.wb-cell");
    this.tapped = event.pointerType === "touch" && !cell?.matches(".wb-here");
  }

  onClick(cell) {
    if (!cell) return;
    if (this.tapped) this.focus(cell);
    else this.edit(cell);
  }

  onKey(event) {
    const cell = event.target.closest("td.wb-cell");
    if (!cell || event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = cell.parentElement;
    const beside = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (beside) {
      const to = row.parentElement.rows[row.sectionRowIndex + beside[0]]?.cells[cell.cellIndex + beside[1]];
      if (to?.matches(".wb-cell")) this.focus(to);
      else this.leap(cell, beside[0] * row.querySelectorAll(".wb-cell").length + beside[1]);
      event.preventDefault();
      event.stopPropagation(); // so that the page does not handle it as a shortcut
    } else if (event.key === "Enter" || event.key === "F2" || /^[\d.+-]$/.test(event.key)) {
      if (this.edit(cell, /^[\d.+-]$/.test(event.key) ? event.key : undefined)) event.preventDefault();
    }
  }

  // Move from the edge of a table to the next table in the same direction.
  leap(cell, by) {
    const next = this.at(cell.dataset.panel, Number(cell.dataset.cell) + by);
    if (next && next.closest("table") !== cell.closest("table")) this.focus(next);
  }

  focus(cell) {
    for (const other of this.panels.querySelectorAll(`td[data-panel="${cell.dataset.panel}"][tabindex="0"]`)) other.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus();
  }

  edit(cell, typed) {
    if (!cell?.matches(".wb-editable") || cell.querySelector("input")) return false;
    const panel = this.data.panels.find(({ id }) => id === cell.dataset.panel);
    const flat = Number(cell.dataset.cell);
    const before = this.text_of(panel.id, flat);
    const input = element("input", "wb-input");
    input.setAttribute("aria-label", this.name(panel, flat));
    input.value = typed ?? before;
    input.maxLength = 60;
    input.autocomplete = "off";
    this.editing = true;
    const end = (send, focus, stay = focus) => {
      if (!this.editing) return;
      this.editing = false;
      const text = input.value.trim();
      input.remove();
      if (focus) this.focus(cell);
      const waiting = this.waiting;
      if (waiting) this.update(waiting);
      if (!send || text === "" || text === before) return;
      cell.firstChild.textContent = text; // until the server answers
      this.text = undefined;
      this.returnTo = stay ? [panel.id, flat] : undefined;
      this.send({ panel: panel.id, cell: flat, text, moment: performance.timeOrigin + performance.now() });
    };
    input.onkeydown = (event) => {
      event.stopPropagation();
      if (event.isComposing) return; // an input method is still writing
      if (event.key === "Enter") end(true, true);
      if (event.key === "Escape") end(false, true);
      if (event.key === "Tab") end(true, true, false); // move on from this cell
    };
    input.onblur = () => end(true, false);
    cell.append(input);
    input.focus();
    if (typed === undefined) input.select();
    return true;
  }
}
