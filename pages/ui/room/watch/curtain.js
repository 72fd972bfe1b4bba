// A pause: a calm curtain over the page, behind which nothing can be done by mouse, finger or key.

const KEYS = ["keydown", "keypress", "keyup"];

export class Curtain {
  constructor() {
    this.dialog = document.createElement("dialog");
    this.dialog.className = "wb-room-curtain";
    this.dialog.tabIndex = -1;
    this.dialog.setAttribute("aria-labelledby", "wb-room-pause");
    this.dialog.setAttribute("aria-describedby", "wb-room-paused");
    this.heading = Object.assign(document.createElement("h2"), { id: "wb-room-pause" });
    this.text = Object.assign(document.createElement("p"), { id: "wb-room-paused" });
    this.dialog.append(this.heading, this.text);
    this.dialog.oncancel = (event) => event.preventDefault();
    this.dialog.onclose = () => this.down && this.raise(); // a browser lets Escape pass the second time
    this.hold = (event) => event.stopImmediatePropagation(); // the page's own keys; Tab stays the browser's
  }

  fall(words) {
    this.heading.textContent = words.pause;
    this.text.textContent = words.paused;
    if (this.down && this.dialog.open) return;
    this.down = true;
    for (const name of KEYS) addEventListener(name, this.hold, true);
    this.raise();
  }

  raise() {
    if (!this.dialog.isConnected) return;
    this.dialog.close();
    this.dialog.showModal();
    this.dialog.focus();
  }

  lift() {
    if (!this.down) return;
    this.down = false;
    for (const name of KEYS) removeEventListener(name, this.hold, true);
    this.dialog.close();
  }
}
