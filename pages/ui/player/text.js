// Texts and numbers that change with every picture.

// Write a text into an element. Other text in the same node is much less work for a browser than another node.
export function write(element, text) {
  const { firstChild: node } = element;
  if (node?.nodeType !== Node.TEXT_NODE || node.nextSibling) element.textContent = text;
  else if (node.data !== text) node.data = text;
}

const formats = new Map();

// A whole number as a language writes it.
export function whole(value, language) {
  if (!formats.has(language)) formats.set(language, new Intl.NumberFormat(language, { maximumFractionDigits: 0 }));
  return formats.get(language).format(value);
}

// Numbers of constant width: 0.4811, 12.30; as the axes write them from 100,000 on: 12.30M; scientific beyond 999.9T.
export function format(value) {
  if (Number.isNaN(value)) return "–"; // no value yet
  if (value === 0) return "0.0000";
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential(2);
  if (size >= 1e5) return prefixed(value);
  return value.toFixed(Math.max(0, 4 - Math.max(0, Math.floor(Math.log10(size)) + 1)));
}

function prefixed(value) {
  const short = Number(value.toPrecision(4));
  const places = Math.floor(Math.log10(Math.abs(short)));
  return (short / 1000 ** Math.floor(places / 3)).toFixed(3 - (places % 3)) + ["", "k", "M", "G", "T", "P"][Math.floor(places / 3)];
}
