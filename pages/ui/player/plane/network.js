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

export class Network {
  // `hidden` has the units of each hidden layer; `outputs` is 1 for two classes.
  constructor({ features, hidden, outputs, activation }) {
    this.features = features;
    this.sizes = [features.length, ...hidden, outputs];
    this.bend = BENDS[activation];
    this.layers = [];
    let at = 0;
    for (let layer = 1; layer < this.sizes.length; layer++) {
      const [before, after] = [this.sizes[layer - 1], this.sizes[layer]];
      this.layers.push({ before, after, weight: at, bias: at + before * after });
      at += before * after + after;
    }
    this.count = at; // of parameters
  }

  // The inputs of places (x1, x2): as many numbers for each as there are features.
  inputs(x1, x2) {
    const found = new Float32Array(x1.length * this.features.length);
    this.features.forEach((name, k) => {
      const of = FEATURES[name];
      for (let n = 0; n < x1.length; n++) found[n * this.features.length + k] = of(x1[n], x2[n]);
    });
    return found;
  }

  // The outputs of every layer at `count` places with these `inputs`: [hidden 1, ..., logits], place by place. The
  // arrays of an earlier call, `into`, are filled again.
  run(parameters, inputs, count, into = this.layers.map(({ after }) => new Float32Array(count * after))) {
    let values = inputs;
    this.layers.forEach(({ before, after, weight, bias }, layer) => {
      const found = into[layer];
      const bend = layer < this.layers.length - 1 ? this.bend : BENDS.none;
      for (let n = 0; n < count; n++) {
        for (let unit = 0; unit < after; unit++) {
          let sum = parameters[bias + unit];
          const row = weight + unit * before;
          for (let k = 0; k < before; k++) sum += parameters[row + k] * values[n * before + k];
          found[n * after + unit] = bend(sum);
        }
      }
      values = found;
    });
    return into;
  }
}

// A square grid of places over an area, row by row from the top.
export function grid({ x, y }, side) {
  const [x1, x2] = [new Float32Array(side * side), new Float32Array(side * side)];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      x1[row * side + column] = x[0] + ((column + 0.5) / side) * (x[1] - x[0]);
      x2[row * side + column] = y[1] - ((row + 0.5) / side) * (y[1] - y[0]);
    }
  }
  return { x1, x2, side };
}
