// The buttons that add and remove layers and units. The server answers with another network.

export class Steppers {
  constructor(web) {
    this.web = web;
    this.columns = [];
    this.layers = stepper();
    web.head.append(this.layers);
  }

  // The units of each hidden layer: those that the visitor has asked for, until the server shows a network.
  get hidden() {
    return this.wanted ?? this.web.plane.network.sizes.slice(1, -1);
  }

  // Take the texts and layers of a message.
  update() {
    this.wanted = undefined;
    const { words, network: { sizes } } = this.web.plane;
    while (this.columns.length > sizes.length) this.columns.pop().remove();
    while (this.columns.length < sizes.length) this.columns.push(this.web.floor.appendChild(columnElement()));
    this.columns.forEach((box, column) => {
      const hidden = column > 0 && column < sizes.length - 1;
      const [name, units] = box.children;
      name.textContent = hidden ? words.hidden.replace("{layer}", column) : column ? words.outputs : words.inputs;
      units.hidden = !hidden;
    });
    this.fill();
  }

  // Write the numbers, and what each button does.
  fill() {
    const { words, player: { data: { plane: { most, first_units: first } } } } = this.web.plane;
    const { hidden } = this;
    write(this.layers, {
      value: hidden.length,
      text: words.layers,
      less: { name: words.less_layers, off: !hidden.length, act: () => this.want(hidden.slice(0, -1)) },
      more: { name: words.more_layers, off: hidden.length >= most.layers, act: () => this.want([...hidden, hidden.at(-1) ?? first]) },
    });
    hidden.forEach((units, layer) => {
      const box = this.columns[layer + 1]?.lastElementChild;
      if (!box || box.hidden) return;
      const name = (text) => text.replace("{layer}", layer + 1);
      write(box, {
        value: units,
        less: { name: name(words.less_units), off: units <= 1, act: () => this.want(hidden.with(layer, units - 1)) },
        more: { name: name(words.more_units), off: units >= most.units, act: () => this.want(hidden.with(layer, units + 1)) },
      });
    });
    this.web.room.classList.toggle("wb-coming", Boolean(this.wanted));
  }

  want(hidden) {
    this.wanted = hidden;
    this.fill();
    this.web.plane.player.press("hidden", hidden);
  }

  // `middle` says where a layer's column has its middle.
  place(middle) {
    this.columns.forEach((box, column) => (box.style.left = `${middle(column - 1)}px`));
  }
}

function columnElement() {
  const box = document.createElement("div");
  box.className = "wb-layer";
  box.append(document.createElement("span"), stepper());
  return box;
}

function stepper() {
  const box = document.createElement("span");
  box.className = "wb-stepper";
  box.innerHTML = `<span></span><button type="button">−</button><output></output><button type="button">+</button>`;
  return box;
}

// A button that does nothing more keeps its focus.
function write(box, { value, text = "", less, more }) {
  const [label, minus, output, plus] = box.children;
  label.textContent = text;
  output.textContent = value;
  for (const [button, { name, off, act }] of [[minus, less], [plus, more]]) {
    button.ariaLabel = button.title = name;
    button.ariaDisabled = String(off);
    button.onclick = off ? undefined : act;
  }
}
