// The network of a run on points, computed in the browser from its recorded parameters: what it and each of its units
// say about places in the plane. The same arithmetic as wb_core/kinds/points/models.py, in 32 bits.

const FEATURES = {
  x1: (x1) => x1,
  x2: (x1, x2) => x2,
  x1_squared: (x1) => x1 * x1,
  x2_squared: (x1, x2) => x2 * x2,
  x1_x2: (x1, x2) => x1 * x2,
  sin_x1: (x1) => Math.sin(x1),
  sin_x2: (x1, x2) => Math.sin(x2),
};

const BENDS = {
  none: (z) => z,
  relu: (z) => (z > 0 ? z : 0),
  tanh: Math.tanh,
  sigmoid: (z) => 1 / (1 + Math.exp(-z)),
};

// Numbers of places are in rows: all places of the first feature or unit, then those of the second, ...
export class Network {
  // `hidden` has the units of each hidden layer; `outputs` is 1 for two classes.
  constructor({ features, hidden, outputs, activation }) {
    this.features = features;
    this.activation = activation;
    this.sizes = [features.length, ...hidden, outputs];
    this.layers = [];
    let at = 0;
    for (let layer = 1; layer < this.sizes.length; layer++) {
      const [before, after] = [this.sizes[layer - 1], this.sizes[layer]];
      this.layers.push({ before, after, weight: at, bias: at + before * after });
      at += before * after + after;
    }
    this.count = at; // of parameters
  }

  get outputs() {
    return this.sizes.at(-1);
  }

  // The weights (one for each unit before) and the bias of a unit.
  unit(parameters, layer, unit) {
    const { before, weight, bias } = this.layers[layer];
    const at = weight + unit * before;
    return { weights: parameters.subarray(at, at + before), bias: parameters[bias + unit] };
  }

  // The inputs of places (x1, x2).
  inputs(x1, x2) {
    const { length } = x1;
    const found = new Float32Array(length * this.features.length);
    this.features.forEach((name, k) => {
      for (let n = 0; n < length; n++) found[k * length + n] = FEATURES[name](x1[n], x2[n]);
    });
    return found;
  }

  // What a unit sums up from the values of the layer before, at `count` places.
  sum(parameters, layer, unit, values, count, into = new Float32Array(count)) {
    const { weights, bias } = this.unit(parameters, layer, unit);
    into.fill(bias);
    for (let k = 0; k < weights.length; k++) {
      const [weight, from] = [weights[k], k * count];
      for (let n = 0; n < count; n++) into[n] += weight * values[from + n];
    }
    return into;
  }

  // The outputs of every layer at `count` places with these `inputs`: [hidden 1, ..., logits]. The arrays of an earlier
  // call, `into`, are filled again.
  run(parameters, inputs, count, into = this.layers.map(({ after }) => new Float32Array(count * after))) {
    let values = inputs;
    this.layers.forEach(({ after }, layer) => {
      const found = into[layer];
      for (let unit = 0; unit < after; unit++) {
        this.sum(parameters, layer, unit, values, count, found.subarray(unit * count, (unit + 1) * count));
      }
      if (layer < this.layers.length - 1 && this.activation !== "none") {
        const bend = BENDS[this.activation];
        for (let n = 0; n < found.length; n++) found[n] = bend(found[n]);
      }
      values = found;
    });
    return into;
  }

  // The probability of each class at one of `count` places with these logits.
  chances(logits, count, place) {
    if (this.outputs === 1) {
      const sure = 1 / (1 + Math.exp(-logits[place]));
      return [1 - sure, sure];
    }
    const own = Array.from({ length: this.outputs }, (_, k) => logits[k * count + place]);
    const most = Math.max(...own);
    const parts = own.map((one) => Math.exp(one - most));
    const sum = parts.reduce((one, other) => one + other);
    return parts.map((part) => part / sum);
  }
}

// A square grid of places over an area and its edges, row by row from the top.
export function grid({ x, y }, side) {
  const [x1, x2] = [new Float32Array(side * side), new Float32Array(side * side)];
  for (let n = 0; n < side * side; n++) {
    x1[n] = x[0] + ((n % side) / (side - 1)) * (x[1] - x[0]);
    x2[n] = y[1] - (Math.floor(n / side) / (side - 1)) * (y[1] - y[0]);
  }
  return { x1, x2 };
}

// The class with the largest logit at each of `count` places; with one output, class 1 above 0.
export function classesOf(logits, outputs, count, into = new Uint8Array(count)) {
  for (let n = 0; n < count; n++) {
    let found = outputs === 1 && logits[n] > 0 ? 1 : 0;
    for (let k = 1; k < outputs; k++) if (logits[k * count + n] > logits[found * count + n]) found = k;
    into[n] = found;
  }
  return into;
}
