// The stage: canvases over each other, with exactly the pixels of the screen.

import { element } from "./elements.js";

/** The largest number of pixels of a canvas. */
const MAX_PIXELS = 16e6;
/** Milliseconds without another step after which all of a picture is drawn. */
const REST_TIME = 250;

export class Stage {
  /** @param {HTMLElement} place - that the canvases fill. */
  constructor(place) {
    this.element = place;
    const canvases = ["presentation", "img", "presentation"].map((role) => (
      element("canvas", { role })
    ));
    place.append(...canvases);
    [this.ground, this.marks, this.rings] = canvases.map((canvas) => canvas.getContext("2d"));
    Object.assign(this, { step: 0, hidden: new Set(), chosen: null });
    const observer = new ResizeObserver(([entry]) => {
      this.exact = entry.devicePixelContentBoxSize?.[0];
      this.#measure();
    });
    const isKnown = "devicePixelContentBoxSize" in ResizeObserverEntry.prototype;
    observer.observe(place, isKnown ? { box: "device-pixel-content-box" } : {});
    // A pinch changes neither the size nor the density, but the pixels that are seen.
    window.visualViewport?.addEventListener("resize", () => this.#measure());
  }

  /** The canvas that stands for the picture. */
  get canvas() {
    return this.marks.canvas;
  }

  /** Show another figure at a step. */
  load(figure, step, keepsGround) {
    Object.assign(this, { figure, step });
    const [width, height] = figure.data.size;
    this.element.parentNode.style.setProperty("--width", width);
    this.element.parentNode.style.setProperty("--height", height);
    this.groundIsOld ||= !keepsGround;
    this.#measure();
    this.draw(false);
    this.choose(null);
  }

  /** Show a step; `moving` tells that others follow at once. */
  show(step, moving) {
    this.step = step;
    this.draw(moving);
  }

  /** Hide traces, by their numbers. */
  hide(hidden) {
    this.hidden = hidden;
    this.groundIsOld = true;
    this.draw(false);
  }

  /** Mark a step of a trace; null is none. */
  choose(chosen) {
    this.chosen = chosen;
    clear(this.rings, this.scale);
    if (chosen) this.figure.drawRings(this.rings, chosen, this.unit);
  }

  /** The place of a pointer in pixels of the figure, [x, y]. */
  locate({ clientX, clientY }) {
    const { left, top } = this.element.getBoundingClientRect();
    return [(clientX - left) * this.unit, (clientY - top) * this.unit];
  }

  /** Pixels of the figure per pixel of the page. */
  get unit() {
    return this.figure.data.size[0] / this.element.getBoundingClientRect().width;
  }

  /** Device pixels per pixel of the figure. */
  get scale() {
    return this.canvas.width / this.figure.data.size[0];
  }

  /** Draw what has changed. */
  draw(moving) {
    const { figure, step, hidden, scale } = this;
    clearTimeout(this.rest);
    if (this.groundIsOld) {
      clear(this.ground, scale);
      figure.drawGround(this.ground, hidden);
      this.groundIsOld = false;
    }
    clear(this.marks, scale);
    const complete = figure.drawMarks(this.marks, step, scale, moving, hidden);
    if (!complete) this.rest = setTimeout(() => this.draw(false), REST_TIME);
  }

  /** Give the canvases the pixels of the screen, and draw if these have changed. */
  #measure() {
    if (!this.figure) return;
    const { width, height } = this.element.getBoundingClientRect();
    let sides = [width, height].map((side) => side * devicePixelRatio);
    // The browser knows how it rounds, but not for a screen that it only imitates.
    const { inlineSize = 0, blockSize } = this.exact ?? {};
    if (Math.abs(inlineSize - sides[0]) < 1) sides = [inlineSize, blockSize];
    const most = Math.sqrt(MAX_PIXELS / Math.max(1, sides[0] * sides[1]));
    const zoom = Math.min(most, Math.max(1, window.visualViewport?.scale ?? 1));
    sides = sides.map((side) => Math.max(1, Math.round(side * zoom)));
    if (this.canvas.width === sides[0] && this.canvas.height === sides[1]) return;
    for (const context of [this.ground, this.marks, this.rings]) {
      [context.canvas.width, context.canvas.height] = sides;
    }
    this.groundIsOld = true;
    this.draw(false);
    this.choose(this.chosen);
  }
}

/** Clear a canvas and make a pixel of the figure its unit. */
function clear(context, scale) {
  context.resetTransform();
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.scale(scale, scale);
}
