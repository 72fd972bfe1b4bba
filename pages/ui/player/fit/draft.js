// Points that a hand has changed, as the player shows them before the server has trained on them.

import { isForTraining } from "../edit/points.js";
import { bestLine } from "./lines.js";

export class Draft {
  // `before` is the draft that this one changes; all keep the axes of the first.
  constructor(fit, points, before) {
    Object.assign(this, { fit, points, layouts: fit.player.shown.layouts, base: before?.base ?? fit.data.points });
  }

  // What the player shows: the run that the server has recorded, with these points and their best line.
  shown() {
    const { player, data } = this.fit;
    const { recorded } = player;
    const [train, test] = [true, false].map((side) => this.points.filter((_, n) => isForTraining(n, this.points, data) === side));
    const columns = { ...recorded.columns };
    for (const [side, points] of Object.entries({ train, test })) {
      columns[`X_${side}`] = Float64Array.from(points, ([x]) => x);
      columns[`y_${side}`] = Float64Array.from(points, ([, y]) => y);
    }
    this.unit = data.standardise ? deviation(columns.y_train) : 1;
    const line = (this.best = bestLine(data.loss, { X: columns.X_train, y: columns.y_train }, this.unit));
    const xs = this.points.map(([x]) => x);
    columns.line_x = Float64Array.of(Math.min(...xs), Math.max(...xs));
    columns.best_y = columns.line_x.map((x) => line.weight * x + line.bias);
    return { ...recorded, layouts: this.layouts, columns };
  }
}

// The standard deviation of some numbers, 1 if they are all the same.
function deviation(values) {
  if (values.every((value) => value === values[0])) return 1;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
