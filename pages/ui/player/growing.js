// Lets a recording grow in the player while its training runs on the server: fetches the frames since its last one.

const PERIOD = 70; // milliseconds between two requests
const CALM = 1000; // for those who prefer less motion

export async function grow(player, address, unpack) {
  const current = () => player.root.isConnected && player.data.growing?.address === address;
  while (current()) {
    const began = performance.now();
    const news = await fetch(new URL(`${address}?since=${player.recorded.frames}`, location.href))
      .then((response) => response.status === 200 && response.json())
      .catch(() => undefined);
    if (!news || !current()) return; // the server has forgotten the run or is gone, or the player shows another one
    take(player, news, unpack);
    if (news.ended) return;
    const period = matchMedia("(prefers-reduced-motion: reduce)").matches ? CALM : PERIOD;
    await new Promise((next) => setTimeout(next, began + period - performance.now()));
  }
}

function take(player, news, unpack) {
  const { recorded } = player;
  const { columns, frames } = recorded;
  for (const [name, [start, text]] of Object.entries(news.columns)) {
    columns[name] = joined(columns[name], start, unpack(text), player.data.growing.goal);
  }
  const epochs = Float32Array.from({ length: news.frames - frames }, (_, row) => frames + row);
  columns.epoch = joined(columns.epoch, frames, epochs, player.data.growing.goal);
  recorded.frames = news.frames;
  const others = news.layouts.map((layout, chart) => JSON.stringify(layout) !== JSON.stringify(recorded.layouts[chart]));
  recorded.layouts = news.layouts;
  player.grow(others);
}

// The column with these values from `start` on. It keeps its memory, which has room for the whole run.
function joined(column, start, values, goal) {
  const length = start + values.length;
  let room = new Float32Array(column.buffer);
  if (room.length < length) {
    room = new Float32Array(Math.max(length, goal + 1, 2 * room.length));
    room.set(column);
  }
  room.set(values, start);
  return room.subarray(0, length);
}
