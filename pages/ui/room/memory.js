// What a tab remembers over a reload. Where storage is disabled, that is nothing.

const nameOf = (what) => `torch-workbench-${what}`;

export function recall(what) {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(what))) ?? undefined;
  } catch {} // disabled, or not ours
}

export function remember(what, value) {
  try {
    sessionStorage.setItem(nameOf(what), JSON.stringify(value));
  } catch {} // disabled
}
