// Artwork: the paths, pens and images of a figure, and the operations that draw with them.

import { decodeArray } from "./arrays.js";

const LINE_CAPS = { round: "round", projecting: "square" };

export class Artwork {
  /** @param {object} data - of a figure: its `paths`, `pens` and `images`. */
  constructor({ paths, pens, images }) {
    this.pens = pens;
    this.texts = paths;
    this.paths = new Map();
    this.images = images.map((address) => Object.assign(new Image(), { src: address }));
    /** Resolves when every image can be drawn. */
    this.ready = Promise.allSettled(this.images.map((image) => image.decode()));
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
   * @param {Array[]} ops - "p" a path, "m" a path at many places, "i" an image, "g" whose it is.
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
    if (pen.clip) {
      context.beginPath();
      context.rect(...pen.clip);
      context.clip();
    }
    if (pen.clipPath !== undefined) context.clip(this.path(pen.clipPath));
    if (op[0] === "p") this.#drawPath(context, op, pen);
    else if (op[0] === "m") this.#drawMany(context, op);
    else this.#drawImage(context, op, pen);
    context.restore();
  }

  #drawPath(context, [, name, , x, y, ...matrix], pen) {
    context.translate(x, y);
    if (matrix.length && !pen.stroke) context.transform(...matrix, 0, 0);
    const moved = matrix.length && pen.stroke;
    paint(context, moved ? transformed(this.path(name), matrix) : this.path(name), pen);
  }

  #drawMany(context, op) {
    const places = (op[2] = ArrayBuffer.isView(op[2]) ? op[2] : decodeArray(op[2]));
    const { a, e, f } = context.getTransform();
    for (const [name, pen, first, count] of op[1]) {
      for (let i = 2 * first; i < 2 * (first + count); i += 2) {
        context.setTransform(a, 0, 0, a, e + a * places[i], f + a * places[i + 1]);
        paint(context, this.path(name), this.pens[pen]);
      }
    }
  }

  #drawImage(context, [, number, , ...box], pen) {
    context.globalAlpha = pen.fillAlpha ?? 1;
    context.imageSmoothingEnabled = Boolean(box.pop());
    const image = this.images[number];
    if (image.naturalWidth) context.drawImage(image, ...box);
  }
}

/** A path under a matrix: the widths of its lines stay as they are. */
function transformed(path, matrix) {
  const result = new Path2D();
  result.addPath(path, new DOMMatrix([...matrix, 0, 0]));
  return result;
}

/** Fill a path, then stroke it. */
function paint(context, path, pen) {
  if (pen.fill) {
    context.globalAlpha = pen.fillAlpha ?? 1;
    context.fillStyle = pen.fill;
    context.fill(path);
  }
  if (pen.stroke) {
    context.globalAlpha = pen.strokeAlpha ?? 1;
    context.strokeStyle = pen.stroke;
    context.lineWidth = pen.width ?? 1;
    context.lineCap = LINE_CAPS[pen.cap] ?? "butt";
    context.lineJoin = pen.join ?? "round";
    context.setLineDash(pen.dash ?? []);
    context.stroke(path);
  }
}
