"""Streamlit's uploader with its own words in the visitor's language, and with visible errors.

Streamlit has these words in English only, and shows why a file was rejected only under the mouse.
"""

from typing import Any

import streamlit as st

from ..i18n import _

_JS = """
const shown = new WeakMap(); // text node -> its English text and the one that replaces it

function translated(node, words) {
  const text = node.nodeValue, error = node.parentElement.closest("[role=alert]");
  for (const [pattern, sentence] of words.known) {
    const found = text.match(new RegExp(`^${pattern}$`));
    if (found) return sentence.replace("{size}", found[1]);
  }
  return error && text !== "" ? words.failed : text;
}

function translate(box, words) {
  box.querySelector("[data-testid=stFileUploaderDropzone]")?.setAttribute("role", "group"); // it has a name
  const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("[data-testid=stFileChipName]")) continue; // a name may be such a word, too
    const [english, instead] = shown.get(node) ?? [];
    if (node.nodeValue === instead) node.nodeValue = english; // in another language before
    const before = node.nodeValue, after = translated(node, words);
    if (after !== before) node.nodeValue = after;
    shown.set(node, [before, after]);
  }
}

export default function ({ data, parentElement }) {
  const box = parentElement.closest("[class*=st-key-upload-box]");
  const observer = new MutationObserver(() => translate(box, data));
  observer.observe(box, { childList: true, subtree: true });
  translate(box, data);
  return () => observer.disconnect();
}
"""
_words = st.components.v2.component("workbench_upload_words", html="<span></span>", js=_JS, isolate_styles=False)


def uploader(label: str, *, megabytes: int, key: str, **options: Any) -> Any:
    """`st.file_uploader` for files of at most so many megabytes; returns what that returns: one file or None."""
    known = {
        "Upload": _("Upload"),
        r"([\d.]+ ?[KMG]?B) per file.*": _("{size} at most"),
        r"File must be ([\d.]+ ?[KMG]?B) or smaller\.": _("File must be {size} or smaller."),
        ".* files are not allowed\\.": _("Files of this type can't be read here."),
        "Only one file is allowed\\.": _("Upload one file at a time."),
        "Error: ": "",
    }
    name = key.replace(".", "-")
    with st.container(key=f"upload-box-{name}", gap=None):
        file = st.file_uploader(label, max_upload_size=megabytes, key=key, **options)
        with st.container(key=f"upload-words-{name}"):
            failed = _("The file wasn't uploaded. Try again in a moment.")
            _words(key=f"{key}.words", data={"known": list(known.items()), "failed": failed})
    return file
