// The thumb of one of Streamlit's sliders.

export function keyOf(value) {
  return Number(value).toPrecision(9);
}

// What a slider shows, and in an open hand only then: it tells nobody else before it is let go.
export function valueOf(input) {
  return parseFloat(input.getAttribute("aria-valuetext"));
}

// Move a slider of Streamlit to a place, as a hand would that still holds it.
export function setPlace(input, place) {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(input, place); // past React's own setter
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

// Move it there and let go, as only keys can do it.
export async function commitPlace(input, place) {
  let key = { [input.min]: "Home", [input.max]: "End" }[place];
  if (!key) {
    setPlace(input, Number(place) - Number(input.step));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    key = "ArrowRight";
  }
  input.dispatchEvent(Object.assign(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }), { wbOwn: true }));
}
