// Another number for the weight that is held: the pictures show it while it's typed, and the server makes it a new start.

export class Retype {
  constructor(web, form) {
    Object.assign(this, { web, form });
    form.className = "wb-retype";
    form.innerHTML = `<label><span></span><input type="number" step="any" required></label><button type="submit"></button>`;
    [this.label, this.input] = form.firstElementChild.children;
    this.input.oninput = () => {
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
    const button = this.form.lastElementChild;
    [button.textContent, button.title] = [words.start_there, words.start_there_help];
    if (this.typed === undefined) return;
    const { hold } = this.web; // the server has answered
    if (this.form.contains(document.activeElement)) hold.weightButton.focus({ preventScroll: true });
    hold.pinned = undefined;
    this.offer();
  }

  // Offer it for this weight, or for none. `focus` goes to it.
  offer(weight, focus) {
    this.typed = undefined;
    const { web } = this;
    const { plane } = web;
    this.form.hidden = weight?.from === undefined || Boolean(plane.player.data.growing);
    if (this.form.hidden) return;
    const { before, weight: first } = plane.network.layers[weight.layer];
    this.at = first + weight.unit * before + weight.from;
    const beside = web.stacked ? plane.boundary.probe.line : web.line; // a network under the boundary is far from its own line
    if (this.form.previousElementSibling !== beside) beside.after(this.form);
    this.input.value = Number(plane.state.parameters[this.at].toPrecision(4));
    if (focus) this.input.select();
  }

  // The parameters with the number that is typed.
  changed(parameters) {
    return this.typed === undefined ? parameters : parameters.with(this.at, this.typed);
  }
}
