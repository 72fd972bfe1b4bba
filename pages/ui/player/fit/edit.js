// The points of a line that a hand moves, with the best line for them; and the point whose biography is on show.

import { Editor } from "../edit/editor.js";
import { ARROWS } from "../edit/keys.js";
import { Draft } from "./draft.js";

export class Edit extends Editor {
  update() {
    super.update();
    const { chosen } = this.host.data;
    if (!this.draft) this.fade(false);
    if (chosen !== null && chosen === this.told) this.seeBiography();
  }

  // A line needs two different X.
  refusal(points) {
    return points.length < 2 || points.every(([x]) => x === points[0][0]) ? this.host.words.refused : undefined;
  }

  drafted(points) {
    return new Draft(this.host, points, this.draft);
  }

  display() {
    this.fade(true);
    this.host.player.showIn(this.host.at, this.draft.shown());
  }

  restore() {
    const { player } = this.host;
    this.fade(false);
    player.show(player.recorded, player.stand);
  }

  // Fade the loss map, which is still that of the points before, and say so.
  fade(faded) {
    if (faded === Boolean(this.faded)) return;
    this.faded = faded;
    const { words, player: { root, charts } } = this.host;
    root.classList.toggle("wb-unground", faded);
    for (const { chart, grounded } of charts.layers) if (grounded) charts.boxes[chart].dataset.waits = faded ? words.waits : "";
  }

  // Outside of the mode, keys choose a point to read about.
  keyOf({ key }) {
    if (this.on) return undefined;
    if (ARROWS[key]) return () => this.choose(this.current + (ARROWS[key][0] || -ARROWS[key][1]));
    return { Enter: () => this.tell(this.current), " ": () => this.tell(this.current), Escape: () => this.tell(null) }[key];
  }

  // A click outside of the mode: show the biography of the point there, or of none.
  pick(event) {
    if (this.on || !this.points) return;
    const index = this.pointer.at(this.host.overlay.placeOf(event), event.pointerType);
    this.tell(index < 0 ? null : index);
  }

  // Ask the server for the biography of a point; the same point again closes it.
  tell(index) {
    const { chosen } = this.host.data;
    const wanted = index === chosen ? null : index;
    if (wanted === null && chosen === null) return;
    if (wanted !== null) this.current = wanted;
    this.told = wanted;
    this.host.player.press("point", wanted ?? -1);
  }

  // Scroll to the biography that was asked for, if it is out of view.
  seeBiography() {
    this.told = undefined;
    const charts = [...this.host.player.root.querySelectorAll("[data-chart=residual], [data-chart=share]")];
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    charts.at(-1)?.scrollIntoView({ block: "nearest", behavior });
  }

  // A ring around the point whose biography is on show.
  draw(ink) {
    const { overlay, player, data } = this.host;
    const point = this.points?.[data.chosen];
    if (point) overlay.ring(ink, point, player.charts.colours.text);
  }
}
