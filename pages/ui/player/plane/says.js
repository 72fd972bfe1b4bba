// What a unit or a weight does, in words and as a formula with its numbers.

const MOST_TERMS = 8; // of a formula: of more, the largest ones

// The short name of a unit; layer -1 has the inputs.
export function nameOf({ network, words }, layer, unit) {
  if (layer < 0) return words.features[unit];
  if (layer < network.layers.length - 1) return `h${layer + 1}.${unit + 1}`;
  return network.outputs === 1 ? words.out : words.classes[unit];
}

// A number with three digits.
export function short(value) {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

function term(value, name, first) {
  const size = short(Math.abs(value)) + (name && `·${name}`);
  return first ? `${value < 0 ? "−" : ""}${size}` : ` ${value < 0 ? "−" : "+"} ${size}`;
}

// How a unit computes its output from those of the layer before: "h1.3 = max(0, 1.2·x1 − 0.4·x2 + 0.1)".
export function formula(scene, parameters, layer, unit) {
  const { network, words } = scene;
  const { weights, bias } = network.unit(parameters, layer, unit);
  const largest = [...weights.keys()].sort((one, other) => Math.abs(weights[other]) - Math.abs(weights[one]));
  const named = largest.slice(0, MOST_TERMS).sort((one, other) => one - other);
  const parts = named.map((k, place) => term(weights[k], nameOf(scene, layer - 1, k), !place));
  if (largest.length > MOST_TERMS) parts.push(` + ${words.smaller.replace("{count}", largest.length - MOST_TERMS)}`);
  const sum = parts.join("") + term(bias, "", false);
  const bends = { relu: `max(0, ${sum})`, tanh: `tanh(${sum})`, sigmoid: `sigmoid(${sum})`, none: sum };
  const hidden = layer < network.layers.length - 1;
  return `${nameOf(scene, layer, unit)} = ${bends[hidden ? network.activation : "none"]}`;
}

// What a unit is for. `values` are its outputs at every place of the picture.
export function sentence({ network, words }, layer, name, values) {
  const last = layer === network.layers.length - 1;
  const off = network.activation === "relu" && values.every((value) => !(value > 0));
  const on = network.activation === "relu" && values.every((value) => value > 0);
  const hidden = off ? "off" : on ? "on" : network.activation;
  const kind = layer < 0 ? "input" : !last ? hidden : network.outputs === 1 ? "output" : "output_class";
  return words[kind].replace("{unit}", name);
}
