import { LOSSES } from "./lines.js";

const GRID = 33; // the landscape's lines of each direction
const MOST_POINTS = 2000; // of which a landscape is quickly made

// The loss of every line on the landscape, as `loss_surface` in wb_core has it.
export function groundOf({ X_train: X, y_train: y, grid_weight, grid_bias }, loss) {
  const cost = LOSSES[loss];
  if (!cost || X.length > MOST_POINTS) return {};
  const line = (ends) => Float32Array.from({ length: GRID }, (_, k) => ends[0] + ((ends.at(-1) - ends[0]) * k) / (GRID - 1));
  const [weights, biases] = [line(grid_weight), line(grid_bias)];
  const losses = new Float32Array(GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      let sum = 0;
      for (let n = 0; n < X.length; n++) sum += cost(weights[column] * X[n] + biases[row] - y[n]);
      losses[row * GRID + column] = sum / X.length;
    }
  }
  return { grid_weight: weights, grid_bias: biases, grid_loss: losses };
}
