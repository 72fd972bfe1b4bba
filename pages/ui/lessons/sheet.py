"""On narrow screens the strip is a sheet at the bottom, below the charts: this button folds it, and opens it again.

`lessons.css` hides the button on wide screens, where the strip stands above the lab.
"""

import streamlit as st

import wb_core as wb

from ..i18n import _

_JS = """
const page = document.documentElement;
const NARROW = matchMedia("(max-width: 640px)");
let last; // the lesson and how far it was

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const fold = (folded) => {
    page.classList.toggle("wb-lesson-folded", folded);
    button.setAttribute("aria-expanded", !folded);
    button.textContent = folded ? data.open : data.close;
  };
  if (last?.lesson !== data.lesson) {
    if (last || main()?.scrollTop) begin();
    fold(false);
  } else {
    const more = (data.answered && !last.answered) || (data.checked && !last.checked);
    fold(page.classList.contains("wb-lesson-folded") || more);
  }
  last = data;
  page.classList.toggle("wb-lesson-came", data.came);
  const status = parentElement.querySelector("p");
  if (status.textContent !== data.said) status.textContent = data.said;
  button.onclick = () => fold(!page.classList.contains("wb-lesson-folded"));
  const act = ({ target }) => {
    const pressed = target.closest?.(".st-key-actions button, .st-key-lesson-check button");
    if (pressed && NARROW.matches && !pressed.matches(".wb-drawer")) fold(true); // to see what comes of it
    if (target.closest?.(".st-key-lesson-hint button")) fold(false);
  };
  addEventListener("click", act);
  return () => {
    removeEventListener("click", act);
    if (document.querySelector(".st-key-lesson-sheet button")) return;
    page.classList.remove("wb-lesson-folded", "wb-lesson-came");
    last = undefined;
  };
}

const main = () => document.querySelector("[data-testid=stMain]");

// Another lesson, or one opened far down on its page before: read on from its title.
function begin() {
  const heading = main()?.querySelector("h1");
  main()?.scrollTo({ top: 0 });
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
"""
_button = st.components.v2.component(
    "workbench_lesson_sheet",
    html='<button type="button" class="wb-drawer"></button><p class="wb-unseen" role="status"></p>',
    js=_JS,
    isolate_styles=False,
)


def draw(lesson: wb.Lesson, *, answered: bool, came: bool, checked: bool, said: str) -> None:
    """Draw the button. The sheet folds when a prediction is `answered`, the lab is used, or something was `checked`.

    Folded, it still shows a prediction beside what `came`. What is `said` is for screen readers, which read out only
    warnings by themselves.
    """
    with st.container(key="lesson-sheet", width="content"):
        _button(
            key="lesson.sheet",
            width="content",
            data={
                "lesson": lesson.id,
                "answered": answered,
                "came": came,
                "checked": checked,
                "said": said,
                "open": _("Show the task"),
                "close": _("Show the lab"),
            },
        )
