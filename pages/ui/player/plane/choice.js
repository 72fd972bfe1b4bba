// Which run the network, its boundary and the numbers show: the run itself, or one of its branches.

export class Choice {
  constructor(plane) {
    this.plane = plane;
    this.element = plane.box.appendChild(document.createElement("div"));
    Object.assign(this.element, { className: "wb-show", role: "radiogroup" });
    this.element.onkeydown = (event) => event.stopPropagation(); // in the player, arrows go to other epochs
    this.letter = "";
  }

  // Take the branches of a message. One that was just added is chosen.
  update() {
    const { words, branches = [], chosen } = this.plane.player.data.plane;
    const { token } = this.plane.player.data;
    const added = this.token !== token && Boolean(chosen);
    if (this.token !== token) this.letter = chosen ?? "";
    this.token = token;
    if (!branches.some(({ letter }) => letter === this.letter)) this.letter = "";
    if (added) requestAnimationFrame(() => this.reveal());
    this.element.ariaLabel = words.show;
    this.element.hidden = !branches.length;
    const run = { letter: "", name: words.run };
    const named = branches.map((branch) => ({ ...branch, name: words.branch.replace("{letter}", branch.letter) }));
    const looks = JSON.stringify([words.show, run, named]);
    if (this.looks === looks) return this.check();
    this.looks = looks;
    const label = Object.assign(document.createElement("span"), { textContent: words.show, ariaHidden: "true" });
    this.element.replaceChildren(label, ...[run, ...named].map((one) => this.optionOf(one)));
    this.check();
  }

  // The form of a new branch is below the pictures.
  reveal() {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    this.element.scrollIntoView({ block: "nearest", behavior });
  }

  optionOf({ letter, mark, color, name }) {
    const option = document.createElement("label");
    option.innerHTML = `<input type="radio" name="wb-show"><span class="wb-tool"></span>`;
    const [input, tool] = option.children;
    input.value = letter;
    const sign = Object.assign(document.createElement("i"), { textContent: mark, ariaHidden: "true" });
    sign.style.color = color;
    tool.append(...(mark ? [sign] : []), name);
    input.onchange = () => this.choose(letter);
    return option;
  }

  check() {
    for (const input of this.element.querySelectorAll("input")) input.checked = input.value === this.letter;
  }

  choose(letter) {
    this.letter = letter;
    this.plane.player.write();
  }

  // The branch that is chosen, at epochs at which it is no longer the run itself.
  get branch() {
    const { player } = this.plane;
    const found = player.data.plane.branches?.find(({ letter }) => letter === this.letter);
    return found && player.frame >= found.first ? found : undefined;
  }

  // What the titles of the charts begin with.
  get prefix() {
    return this.branch ? `${this.branch.mark} ${this.branch.letter} · ` : "";
  }

  // How many epochs the chosen one has.
  get frames() {
    const { shown, data } = this.plane.player;
    return this.branch?.frames ?? (data.plane.branches?.length ? data.plane.epochs : shown.frames);
  }

  columnOf(name) {
    const column = this.branch && `${this.branch.letter}_${name}`;
    return column in this.plane.player.shown.columns ? column : name;
  }
}
