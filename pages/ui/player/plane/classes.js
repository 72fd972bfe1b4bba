// The looks of classes: colours and shapes, never a colour alone. A class is the same everywhere on the page.

export const CLASSES = [
  { color: "#0072B2", mark: "●", shape: "M1,0A1,1 0 1,1 -1,0A1,1 0 1,1 1,0Z" },
  { color: "#D55E00", mark: "■", shape: "M.9,.9H-.9V-.9H.9Z" },
  { color: "#009E73", mark: "▲", shape: "M0,-1.2L1.15,.85H-1.15Z" },
  { color: "#CC79A7", mark: "◆", shape: "M1.25,0L0,1.25L-1.25,0L0,-1.25Z" },
];

const paths = new Map(); // class and size -> Path2D

// The shape of a class around the origin, `size` pixels from its middle to its edge.
export function shapeOf(label, size) {
  const key = `${label} ${size}`;
  if (!paths.has(key)) {
    const path = new Path2D();
    path.addPath(new Path2D(CLASSES[label].shape), new DOMMatrix([size, 0, 0, size, 0, 0]));
    paths.set(key, path);
  }
  return paths.get(key);
}
