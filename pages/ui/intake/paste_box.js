// The box to paste a table into: it tells the server what stands in it, and shows only the first lines of a long text.

export default function ({ data, parentElement, setTriggerValue }) {
  const box = parentElement.querySelector("textarea");
  const [label, note] = parentElement.querySelectorAll("label, p");
  label.textContent = data.label;
  box.placeholder = data.example;
  const say = (lines) => {
    const more = data.more.replace("{count}", (lines - data.shown).toLocaleString("en"));
    note.textContent = lines > data.shown ? more : "";
  };
  if (box.sent === undefined && data.text) {
    box.value = data.text; // the visitor comes back to what was read
    box.readOnly = data.lines > data.shown;
    say(data.lines);
  }
  box.sent ??= null;
  if (data.arrived === box.sent) box.removeAttribute("data-unread");
  const send = (text) => {
    clearTimeout(box.later);
    box.later = null;
    box.sent = Date.now();
    setTriggerValue("text", { sent: box.sent, ...(text.length > data.most ? { size: text.length } : { text }) });
  };
  const unread = () => {
    box.setAttribute("data-unread", ""); // until the server has read it, its points can't be used
    box.sent = null;
  };
  const empty = () => {
    box.value = "";
    box.readOnly = false;
    say(0);
    unread();
    send("");
  };
  box.onpaste = (event) => {
    const pasted = event.clipboardData.getData("text/plain");
    const [start, end] = box.readOnly ? [0, box.value.length] : [box.selectionStart, box.selectionEnd];
    const text = box.value.slice(0, start) + pasted + box.value.slice(end);
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
    if (!pasted.trim() || (lines.length <= data.shown && !box.readOnly)) return; // the browser inserts it
    event.preventDefault();
    box.value = lines.slice(0, data.shown).join("\n");
    box.readOnly = lines.length > data.shown; // what is shown is not all of it
    say(lines.length);
    unread();
    send(text);
  };
  box.oninput = () => {
    unread();
    clearTimeout(box.later);
    box.later = setTimeout(() => send(box.value), 400);
  };
  box.onkeydown = (event) => {
    if (box.readOnly && ["Delete", "Backspace"].includes(event.key)) empty();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !box.readOnly) send(box.value);
    if (event.key !== "Escape") event.stopPropagation(); // the page has keys of its own
  };
  box.onchange = () => box.later && send(box.value);
}
