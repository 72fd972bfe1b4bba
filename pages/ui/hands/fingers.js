const TREMBLE = 8; // pixels that a finger moves without wanting anything

const TRACK = "[data-testid=stSlider] [role=group] > [data-orientation]";
const CHART = "[data-testid=stPlotlyChart] .nsewdrag";

// Streamlit's sliders jump to a finger as soon as it touches them. Here a finger first says by its direction whether it
// scrolls the page or moves the slider; a tap is a move. `touch-action` in layout.css lets the browser scroll.
export class Fingers {
  constructor() {
    const listeners = { pointerdown: this.down, pointermove: this.move, pointerup: this.up, pointercancel: this.forget, touchstart: this.hold };
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener.bind(this), { capture: true, passive: true });
  }

  down(event) {
    if (event.wbOwn || event.pointerType !== "touch" || !event.target.closest?.(TRACK)) return;
    this.first = event;
    event.stopImmediatePropagation();
  }

  hold(event) {
    if (event.target.closest?.(`${TRACK}, ${CHART}`)) event.stopImmediatePropagation();
    if (document.querySelector(".hoverlayer > *")) for (const chart of document.querySelectorAll(CHART)) chart.dispatchEvent(new MouseEvent("mouseout"));
  }

  move(event) {
    if (event.pointerId !== this.first?.pointerId) return;
    const [across, down] = [event.clientX - this.first.clientX, event.clientY - this.first.clientY].map(Math.abs);
    if (across > TREMBLE && across > down) this.begin();
    else event.stopImmediatePropagation();
    if (down > TREMBLE && down >= across) this.forget(event);
  }

  up(event) {
    if (event.pointerId === this.first?.pointerId) this.begin();
  }

  forget(event) {
    if (event.pointerId === this.first?.pointerId) this.first = undefined;
  }

  // Give Streamlit the touch that it has not got yet.
  begin() {
    const { target, pointerId, clientX, clientY } = this.first;
    const options = { pointerId, clientX, clientY, pointerType: "touch", isPrimary: true, button: 0, buttons: 1, bubbles: true, cancelable: true };
    this.first = undefined;
    target.dispatchEvent(Object.assign(new PointerEvent("pointerdown", options), { wbOwn: true }));
  }
}
