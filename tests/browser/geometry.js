// A list of findings, each as "rule: text". A box counts as far as its ancestors let it be seen. `data-wb-cut` marks
// texts that are shortened on purpose and say all of it elsewhere.
({ finger, touch }) => {
  const SCROLLS = ".wb-listing, .wb-terminal, .wb-scroll, .wb-compared, .wb-classes, .wb-log-box, .st-key-examples, [data-testid=stCode], [data-testid=stDataFrame], .st-key-code, [data-testid=stGraphVizChart]";
  const CONTROLS = "button, a[href], input, select, textarea, summary, [role=slider], [role=radio], [role=tab]";
  const found = new Set();
  const say = (rule, element, more = "") => found.add(`${rule}: ${name(element)}${more}`);
  const name = (element) => {
    const key = element.closest("[class*=st-key-]")?.className.match(/st-key-[\w-]+/)?.[0] ?? "";
    const text = element.getAttribute("aria-label") || element.innerText || element.textContent || element.className;
    return `${element.tagName.toLowerCase()} in ${key} "${String(text).trim().replace(/\s+/g, " ").slice(0, 60)}"`;
  };
  const apart = (a, b, slack = 1) => a.right - slack <= b.left || b.right - slack <= a.left || a.bottom - slack <= b.top || b.bottom - slack <= a.top;

  // The part of an element that can be seen, or undefined.
  const seen = (element) => {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return undefined;
    let { left, right, top, bottom } = element.getBoundingClientRect();
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (style.clipPath !== "none" || style.clip !== "auto") return undefined;
      if (up === element || style.overflow === "visible") continue;
      const box = up.getBoundingClientRect();
      [left, right, top, bottom] = [Math.max(left, box.left), Math.min(right, box.right), Math.max(top, box.top), Math.min(bottom, box.bottom)];
    }
    return right - left < 2 || bottom - top < 2 ? undefined : { left, right, top, bottom, width: right - left, height: bottom - top };
  };
  // The nearest ancestor that is taken out of the flow: what lies over the page.
  const layer = (element) => {
    for (let up = element; up && up !== document.body; up = up.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(up).position)) return up;
    return undefined;
  };

  // Texts: cut, outside of the window, broken within a word.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    const text = node.data.trim();
    if (!text || parent.closest("script, style, noscript, canvas, title, desc, [aria-hidden=true] > .material, [data-testid=stIconMaterial], .wb-unseen")) continue;
    const box = seen(parent);
    if (!box) continue;
    range.selectNodeContents(node);
    const drawn = range.getBoundingClientRect();
    if (!drawn.width || parent.closest("option")) continue;
    const scrolls = parent.closest(SCROLLS);
    let cut = false;
    for (let up = parent; up && up !== document.body && !scrolls; up = up.parentElement) {
      const style = getComputedStyle(up);
      if (up.matches("svg, svg *") || up.closest("[data-wb-cut]")) break;
      const edge = up.getBoundingClientRect();
      if (/hidden|clip/.test(style.overflowX) && (drawn.right > edge.right + 1.5 || drawn.left < edge.left - 1.5)) cut = true;
      if (/hidden|clip/.test(style.overflowY) && drawn.bottom > edge.bottom + 3 && drawn.top < edge.bottom) cut = true;
      if (cut || /auto|scroll/.test(style.overflow)) break;
    }
    if (cut) say("cut text", parent);
    else if (!scrolls && (drawn.left < -1 || drawn.right > innerWidth + 1)) say("out of the window", parent);
    if (scrolls || parent.closest("svg, code, samp, pre, kbd")) continue;
    const letters = node.data;
    for (const { index, 0: word } of letters.matchAll(/[\p{L}\p{N}]{2,}/gu)) {
      range.setStart(node, index); range.setEnd(node, index + word.length);
      const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
      if (boxes.length > 1 && boxes.at(-1).top > boxes[0].top + 4) { say("broken word", parent, ` at "${word}"`); break; }
    }
  }

  // Controls: small for a finger, on each other, under what floats.
  const controls = [...document.querySelectorAll(CONTROLS)].filter((element) => !element.closest("[data-testid=stSidebar][aria-expanded=false], .modebar, [inert]"));
  const boxes = controls.map((element) => [element, seen(element)]).filter(([, box]) => box);
  if (touch) for (const [element, box] of boxes) {
    // A control is as large as what passes its taps on to it.
    const target = element.closest("label, [data-baseweb=select], [data-testid=stNumberInputContainer], [data-testid=stTextInputRootElement]") ?? element;
    const after = getComputedStyle(element, "::after");
    const pseudo = after.content !== "none" && after.position === "absolute" ? Math.max(parseFloat(after.height) || 0, box.height) : 0;
    const height = Math.max(box.height, target.getBoundingClientRect().height, pseudo);
    const inText = element.matches("a") && element.closest("p, li")?.innerText.trim() !== element.innerText.trim();
    if (height < finger - 0.5 && !inText && !element.matches("[type=file]") && element.getAttribute("tabindex") !== "-1") say("small target", element, ` ${Math.round(height)}px`);
  }
  for (const [element] of boxes) {
    if (element.matches("input:not([type]), input[type=text], input[type=number]") && element.scrollWidth > element.clientWidth + 1) say("cut value", element, ` "${element.value}"`);
  }
  boxes.forEach(([one, a], i) => {
    for (const [other, b] of boxes.slice(i + 1)) {
      if (one.contains(other) || other.contains(one) || apart(a, b, 2) || layer(one) !== layer(other)) continue;
      const labels = one.closest("label, [data-baseweb=select], [role=group], [role=radiogroup]");
      if (labels && labels.contains(other)) continue;
      say("on each other", one, ` and ${name(other)}`);
    }
  });
  for (const [element, box] of boxes) if (!element.closest(SCROLLS) && (box.left < -1 || box.right > innerWidth + 1)) say("out of the window", element);

  const main = document.querySelector("[data-testid=stMain]");
  const wider = Math.max(main.scrollWidth - main.clientWidth, document.scrollingElement.scrollWidth - innerWidth);
  if (wider > 0) found.add(`scrolls sideways: by ${wider} px`);
  return [...found];
}
