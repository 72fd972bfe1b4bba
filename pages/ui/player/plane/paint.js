// Numbers of places as pictures: ramps of colours, small images, and lines along which numbers are 0.

const reader = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

// A colour of CSS as [red, green, blue].
function rgb(text) {
  reader.fillStyle = text;
  reader.fillRect(0, 0, 1, 1);
  return [...reader.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
}

// The lighter one of two colours.
export function lighter(one, other) {
  const light = (text) => rgb(text).reduce((sum, part) => sum + part);
  return light(one) < light(other) ? other : one;
}

// 256 colours from one end over the ground to the other; `most` of an end's colour, of which `least` lies on the ground.
export function ramp(ground, low, high, most = 1, least = 0) {
  const [paper, ends] = [rgb(ground), [low, high].map(rgb)];
  return Uint32Array.from({ length: 256 }, (_, k) => {
    const strength = (k - 127.5) / 127.5;
    const part = least + (most - least) * Math.abs(strength);
    const [red, green, blue] = paper.map((one, c) => Math.round(one + part * (ends[strength < 0 ? 0 : 1][c] - one)));
    return 0xff000000 | (blue << 16) | (green << 8) | red;
  });
}

// A picture whose pixels are the numbers of a square grid, or every `step`th of them.
export class Picture {
  constructor(side, step = 1) {
    Object.assign(this, { side, step, size: (side - 1) / step + 1 });
    this.canvas = new OffscreenCanvas(this.size, this.size);
    this.ink = this.canvas.getContext("2d");
    this.image = new ImageData(this.size, this.size);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  // Paint numbers, of which `most` and more has the last colour, and minus `most` the first.
  paint(values, colours, most = 1) {
    const { side, step, size, pixels } = this;
    const scale = 127.5 / most;
    for (let row = 0, n = 0; row < size; row++) {
      for (let at = row * step * side, end = at + side; at < end; at += step) {
        const place = 127.5 + scale * values[at];
        pixels[n++] = colours[place < 0 ? 0 : place > 255 ? 255 : place | 0];
      }
    }
    this.flush();
  }

  // Take the pixels.
  flush() {
    this.ink.putImageData(this.image, 0, 0);
  }

  // Draw the picture, whose outermost pixels are the edges of the area.
  draw(ink, left, top, width, height = width) {
    const inner = this.size - 1;
    ink.drawImage(this.canvas, 0.5, 0.5, inner, inner, left, top, width, height);
  }
}

// Add to the path of `ink` where numbers of a square grid are 0, within a box of this size.
export function contour(ink, values, side, width, height) {
  const [across, down] = [width / (side - 1), height / (side - 1)];
  const cut = (one, other) => one / (one - other);
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      const at = row * side + column;
      const [a, b, c, d] = [values[at], values[at + 1], values[at + side + 1], values[at + side]];
      const [inA, inB, inC, inD] = [a > 0, b > 0, c > 0, d > 0];
      if (inA === inB && inB === inC && inC === inD) continue;
      const ends = [];
      if (inA !== inB) ends.push(column + cut(a, b), row);
      if (inB !== inC) ends.push(column + 1, row + cut(b, c));
      if (inC !== inD) ends.push(column + 1 - cut(c, d), row + 1);
      if (inD !== inA) ends.push(column, row + 1 - cut(d, a));
      for (let k = 0; k + 3 < ends.length; k += 4) {
        ink.moveTo(ends[k] * across, ends[k + 1] * down);
        ink.lineTo(ends[k + 2] * across, ends[k + 3] * down);
      }
    }
  }
}
