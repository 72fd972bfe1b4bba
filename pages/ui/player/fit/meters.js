// The losses of some lines side by side, with a sentence above them.

export class Meters {
  constructor(box, format) {
    this.format = format;
    this.element = box.appendChild(document.createElement("div"));
    this.element.className = "wb-meters";
    this.element.innerHTML = `<p class="wb-meters-text"></p>${'<div class="wb-meter"><span></span><b></b><i><u></u></i></div>'.repeat(3)}`;
    [this.text, ...this.meters] = this.element.children;
  }

  // Each line has a name, a colour, and a value that is undefined without a line. The longest bar is the largest loss,
  // and what is a millionth of it is 0, but for how numbers are rounded.
  show(text, lines) {
    if (this.text.textContent !== text) this.text.textContent = text;
    const most = Math.max(...lines.map(({ value }) => (Number.isFinite(value) ? value : 0)));
    lines.forEach(({ name, value, color }, k) => {
      const [label, number, bar] = this.meters[k].children;
      this.meters[k].style.setProperty("--wb-color", color);
      label.textContent = name;
      number.textContent = value === undefined ? "–" : this.format(value < 1e-6 * most ? 0 : value);
      bar.firstElementChild.style.transform = `scaleX(${most ? Math.min(1, (value ?? 0) / most) : 0})`;
    });
  }
}
