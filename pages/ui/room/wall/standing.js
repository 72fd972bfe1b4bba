// How a seat stands: what it shows in words and numbers, whether it is stuck, and its place in an order.

import { placeOf } from "./curves.js";
import { fill } from "./parts.js";
import { format } from "../../player/text.js";

const TRIES = 3; // without passing, from which a seat is stuck
const STILL = 180_000; // milliseconds without anything new, while others have passed
const GOOD = new Set(["good", "converged", "optimum", "learned"]);
const OPEN = new Set(["", "learning", "done", "running"]);

export function kindOf({ show }) {
  const page = show?.attempt.page;
  return page === "step" ? "linear" : page;
}

export class Standing {
  constructor(seat, curve, since) {
    Object.assign(this, { seat, curve, since });
  }

  get verdict() {
    return this.seat.show?.verdict || (this.curve?.exploded ? "exploding" : "");
  }

  get bad() {
    return !GOOD.has(this.verdict) && !OPEN.has(this.verdict);
  }

  get good() {
    return GOOD.has(this.verdict);
  }

  // The number that tells how far it is at an epoch: its test loss, or its test accuracy in percent.
  number(epoch) {
    const { curve } = this;
    if (!curve?.epochs) return NaN;
    return (curve.kind === "linear" ? curve.test_loss : curve.test_accuracy)[placeOf(curve, epoch)];
  }

  numberText(epoch, words) {
    const value = this.number(epoch);
    if (Number.isNaN(value)) return this.curve?.exploded ? words.no_epoch : "";
    if (this.curve.kind === "linear") return fill(words.loss_is, { loss: format(value) });
    return fill(words.right, { percent: String(Number(value.toPrecision(4))) });
  }

  // Its lesson and its tries; with `brief`, where all are in the same lesson, the tries alone.
  lesson(words, brief = false) {
    const { show } = this.seat;
    if (!show?.lesson) return "";
    const tries = show.tries ? fill(words.tries, { tries: show.tries }) : "";
    return brief ? tries : [titleOf(show.lesson, words), tries].filter(Boolean).join(" · ");
  }

  // Of `passed`, the lessons that somebody has passed.
  isStuck(passed, now) {
    const { show } = this.seat;
    if (!show || show.passed) return false;
    if (this.curve?.exploded || show.verdict === "exploding") return true;
    return Boolean(show.lesson) && (show.tries >= TRIES || (passed.has(show.lesson) && now - this.since > STILL));
  }
}

export function titleOf(lesson, words) {
  return words.lessons[lesson]?.title ?? words.own_lesson;
}

// How two standings are ordered: by seat, by loss (what is best first), or by progress (who is furthest first).
export const ORDERS = {
  seat: () => (a, b) => bySeat(a, b),
  loss: () => (a, b) => measure(a) - measure(b) || bySeat(a, b),
  progress: (words) => (a, b) => progress(b, words) - progress(a, words) || bySeat(a, b),
};

function bySeat({ seat: a }, { seat: b }) {
  return a.number - b.number || (a.id < b.id ? -1 : 1);
}

// Numbers of the end of a run, so that no tile moves while the film plays; losses before accuracies before nothing.
function measure(standing) {
  const value = standing.number(Infinity);
  if (Number.isNaN(value)) return Number.MAX_VALUE;
  return standing.curve.kind === "linear" ? value : 1e300 - value * 1e290;
}

function progress({ seat: { show } }, words) {
  if (!show?.lesson) return -1;
  return 1000 * (words.lessons[show.lesson]?.place ?? 0) + (show.passed ? 500 : 0) - Math.min(show.tries, 400);
}
