// Where Tab stops.

export const STOPS = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']";

export function stopsOf(box) {
  return [...(box?.querySelectorAll(STOPS) ?? [])].filter((stop) => stop.checkVisibility({ visibilityProperty: true }));
}

// In Streamlit's tables Tab goes from cell to cell; here it leaves them, as the arrow keys do the same.
export function leaveTable(event) {
  const table = event.key === "Tab" && event.target.closest?.("[data-testid=stDataFrame]");
  if (!table) return;
  const side = event.shiftKey ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
  const stops = stopsOf(document.body).filter((stop) => table.compareDocumentPosition(stop) === side);
  const next = stops.at(event.shiftKey ? -1 : 0);
  if (!next) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  next.focus();
}

// Keys come into a row of choices at the one that is chosen; Streamlit begins at the first.
export function enterChoice({ target, relatedTarget }) {
  const row = target.closest?.("[role=radiogroup]");
  if (row && !row.contains(relatedTarget) && target.matches(":focus-visible")) row.querySelector("[role=radio][aria-checked=true]")?.focus();
}
