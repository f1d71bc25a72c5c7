// Artwork: the paths, pens and images of a figure, and operations that draw with them.

import { decodeArray } from "./arrays.js";

const LINE_CAPS = { butt: "butt", round: "round", projecting: "square", square: "square" };

/** The paths, pens and images that operations refer to by their numbers. */
export class Artwork {
  /** @param {object} data - of a figure, with `paths`, `pens` and `images`. */
  constructor(data) {
    this.pens = data.pens;
    this.texts = data.paths;
    this.paths = new Map();
    this.images = (data.images ?? []).map((address) => {
      const image = new Image();
      image.src = address;
      return image;
    });
    /** Resolves when every image can be drawn. */
    this.ready = Promise.all(this.images.map((image) => image.decode().catch(() => null)));
  }

  /** A path by its number or as SVG has it, made when it is first drawn. */
  path(name) {
    if (!this.paths.has(name)) this.paths.set(name, new Path2D(this.texts[name] ?? name));
    return this.paths.get(name);
  }

  /**
   * Draw operations.
   *
   * @param {CanvasRenderingContext2D} context - whose unit is a pixel of the figure.
   * @param {Iterable<Array>} ops - "p", "m", "i" and "g", as docs/player.md has them.
   * @param {Set<number>} hidden - the traces whose operations are left out.
   */
  draw(context, ops, hidden) {
    let skipped = false;
    for (const op of ops) {
      if (op[0] === "g") skipped = hidden.has(op[1]);
      else if (!skipped) this.#drawOp(context, op);
    }
  }

  #drawOp(context, op) {
    const pen = this.pens[op[0] === "m" ? op[1][0][1] : op[2]];
    context.save();
    this.#clip(context, pen);
    if (op[0] === "p") this.#drawPath(context, op, pen);
    else if (op[0] === "m") this.#drawMany(context, op);
    else if (op[0] === "i") this.#drawImage(context, op, pen);
    context.restore();
  }

  #clip(context, pen) {
    if (pen.clip) {
      context.beginPath();
      context.rect(...pen.clip);
      context.clip();
    }
    if (pen.clipPath !== undefined) context.clip(this.path(pen.clipPath));
  }

  #drawPath(context, [, number, , x, y, ...matrix], pen) {
    let path = this.path(number);
    if (matrix.length && pen.stroke === undefined) context.transform(...matrix, x, y);
    else {
      // A matrix changes the path, but not the width of its line.
      if (matrix.length) path = transformed(path, matrix);
      context.translate(x, y);
    }
    paint(context, path, pen);
  }

  #drawMany(context, op) {
    const places = (op[2] = decodeArray(op[2]));
    const { a, e, f } = context.getTransform();
    for (const [number, pen, first, count] of op[1]) {
      for (let i = 2 * first; i < 2 * (first + count); i += 2) {
        context.setTransform(a, 0, 0, a, e + a * places[i], f + a * places[i + 1]);
        paint(context, this.path(number), this.pens[pen]);
      }
    }
  }

  #drawImage(context, [, number, , x, y, width, height, smooth], pen) {
    context.globalAlpha = pen.fillAlpha ?? 1;
    context.imageSmoothingEnabled = Boolean(smooth);
    context.imageSmoothingQuality = "high";
    const image = this.images[number];
    if (image.naturalWidth) context.drawImage(image, x, y, width, height);
  }
}

/** A path under a matrix a, b, c, d. */
function transformed(path, matrix) {
  const result = new Path2D();
  result.addPath(path, new DOMMatrix([...matrix, 0, 0]));
  return result;
}

/** Fill a path, then stroke it. */
function paint(context, path, pen) {
  if (pen.fill !== undefined) {
    context.globalAlpha = pen.fillAlpha ?? 1;
    context.fillStyle = pen.fill;
    context.fill(path);
  }
  if (pen.stroke !== undefined) {
    context.globalAlpha = pen.strokeAlpha ?? 1;
    context.strokeStyle = pen.stroke;
    context.lineWidth = pen.width ?? 1;
    context.lineCap = LINE_CAPS[pen.cap ?? "butt"];
    context.lineJoin = pen.join ?? "round";
    context.setLineDash(pen.dash ?? []);
    context.stroke(path);
  }
}
