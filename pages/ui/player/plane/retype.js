// Another number for the weight that is held: the pictures show it while it's typed, and the server trains with it. Within
// a run that makes a branch; before the first epoch, and after the last one, a new start.

import { whole, write } from "../text.js";

export class Retype {
  constructor(web, form) {
    Object.assign(this, { web, form });
    form.className = "wb-retype";
    form.innerHTML = `<label><span></span><input type="number" step="any" required></label><button type="submit"></button><span></span>`;
    [this.label, this.input] = form.firstElementChild.children;
    [, this.button, this.why] = form.children;
    this.input.oninput = () => {
      this.touched = true;
      this.typed = this.input.value !== "" && Number.isFinite(this.input.valueAsNumber) ? Math.fround(this.input.valueAsNumber) : undefined;
      web.plane.draw();
    };
    this.input.onkeydown = (event) => {
      event.stopPropagation(); // in the player, some keys go to other epochs
      if (event.key === "Escape") web.hold.set("pinned", undefined);
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      const { state: { epoch }, choice } = web.plane;
      web.plane.player.press("weight", { epoch, at: this.at, value: this.input.valueAsNumber, branch: choice.branch?.letter ?? "" });
    };
  }

  // Take the texts of a message.
  update() {
    const { words } = this.web.plane;
    this.label.textContent = words.retype;
    if (this.typed === undefined) return;
    const { hold } = this.web; // the server has answered
    if (this.form.contains(document.activeElement)) hold.weightButton.focus({ preventScroll: true });
    hold.pinned = undefined;
    this.offer();
  }

  // Offer it for this weight, or for none. `focus` goes to it.
  offer(weight, focus) {
    this.typed = this.touched = undefined;
    const { web } = this;
    const { plane } = web;
    this.form.hidden = weight?.from === undefined || Boolean(plane.player.data.growing);
    if (this.form.hidden) return;
    const { before, weight: first } = plane.network.layers[weight.layer];
    this.at = first + weight.unit * before + weight.from;
    const beside = web.stacked ? plane.boundary.probe.line : web.line; // a network under the boundary is far from its own line
    if (this.form.previousElementSibling !== beside) beside.after(this.form);
    this.fill(plane.state.parameters);
    if (focus) this.input.select();
  }

  // Begin with the number that it has at this epoch.
  fill(parameters) {
    const value = String(Number(parameters[this.at].toPrecision(4)));
    if (this.touched || this.input.value === value) return;
    this.input.value = value;
    if (document.activeElement === this.input) this.input.select();
  }

  // Say what becomes of it at this epoch.
  say({ epoch, parameters }) {
    if (this.form.hidden) return;
    this.fill(parameters);
    const { words, player } = this.web.plane;
    const { goal, full } = player.data.plane;
    const branches = epoch >= 0 && epoch < goal - 1;
    const last = epoch > 0 && !branches;
    write(this.button, branches ? words.branch_there.replace("{epoch}", whole(epoch + 1, player.data.language)) : words.start_there);
    this.button.title = branches ? words.branch_there_help : words.start_there_help;
    this.button.disabled = branches && full;
    write(this.why, this.button.disabled ? words.full : last ? words.at_last : "");
  }

  // The parameters with the number that is typed.
  changed(parameters) {
    return this.typed === undefined ? parameters : parameters.with(this.at, this.typed);
  }
}
