// The stage: two canvases, one over the other, with exactly the pixels of the screen.

/** The largest number of pixels of a canvas. */
const MAX_PIXELS = 16e6;
/** Milliseconds without another step after which all of a picture is drawn. */
const REST_TIME = 120;

/** Shows a figure at a step. */
export class Stage {
  /** @param {HTMLElement} element - that the canvases fill. */
  constructor(element) {
    this.element = element;
    [this.ground, this.marks] = ["ground", "marks"].map((name) => {
      const canvas = document.createElement("canvas");
      canvas.className = name;
      element.append(canvas);
      return canvas.getContext("2d");
    });
    this.ground.canvas.setAttribute("aria-hidden", "true");
    this.step = 0;
    this.hidden = new Set();
    this.chosen = null;
    this.observer = new ResizeObserver((entries) => this.#measure(entries.at(-1)));
    try {
      this.observer.observe(element, { box: "device-pixel-content-box" });
    } catch {
      this.observer.observe(element);
    }
    // A pinch changes neither the size nor the density, but the pixels that are seen.
    window.visualViewport?.addEventListener("resize", () => this.#fit());
  }

  /** Say what is seen: a name, and the id of the element with the description. */
  name(label, description) {
    const { canvas } = this.marks;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", label);
    canvas.setAttribute("aria-describedby", description);
  }

  /** Show another figure. */
  load(figure, keepsGround) {
    this.figure = figure;
    const [width, height] = figure.data.size;
    this.element.style.setProperty("--width", width);
    this.element.style.setProperty("--height", height);
    if (!keepsGround) this.groundIsOld = true;
    this.#measure();
  }

  /** Show a step; `moving` tells that others follow at once. */
  show(step, moving) {
    this.step = step;
    this.draw(moving);
  }

  /** Hide traces, by their numbers. */
  hide(hidden) {
    this.hidden = hidden;
    this.groundIsOld ||= this.figure.grouped;
    this.draw(false);
  }

  /** Mark a step of a trace; null is none. */
  choose(chosen) {
    this.chosen = chosen;
    this.draw(false);
  }

  /** The place of a pointer in pixels of the figure, [x, y]. */
  locate({ clientX, clientY }) {
    const box = this.element.getBoundingClientRect();
    const unit = this.unit;
    return [(clientX - box.left) * unit, (clientY - box.top) * unit];
  }

  /** Pixels of the figure per pixel of the page. */
  get unit() {
    return this.figure.data.size[0] / this.element.getBoundingClientRect().width;
  }

  /** Draw what has changed. */
  draw(moving) {
    const { figure, step, hidden } = this;
    const scale = this.marks.canvas.width / figure.data.size[0];
    clearTimeout(this.rest);
    if (this.groundIsOld) {
      begin(this.ground, scale);
      figure.drawGround(this.ground, hidden);
      this.groundIsOld = false;
    }
    begin(this.marks, scale);
    const complete = figure.drawMarks(this.marks, step, { scale, moving, hidden });
    if (this.chosen) figure.drawRings(this.marks, this.chosen, this.unit);
    if (!complete) this.rest = setTimeout(() => this.draw(false), REST_TIME);
  }

  #measure(entry) {
    const box = this.element.getBoundingClientRect();
    const exact = entry?.devicePixelContentBoxSize?.[0];
    const rounded = [box.width, box.height].map((side) => Math.round(side * devicePixelRatio));
    // A browser that plays another screen may report the pixels of its own.
    const fits = exact && Math.abs(exact.inlineSize - rounded[0]) <= 1;
    this.size = fits ? [exact.inlineSize, exact.blockSize] : rounded;
    this.#fit(true);
  }

  /** Give the canvases the pixels of the screen. */
  #fit(always) {
    if (!this.figure) return;
    const [width, height] = this.size;
    const zoom = Math.max(1, window.visualViewport?.scale ?? 1);
    const most = Math.sqrt(MAX_PIXELS / Math.max(1, width * height));
    const sides = [width, height].map((side) => Math.max(1, Math.round(side * Math.min(zoom, most))));
    const { canvas } = this.marks;
    const fits = canvas.width === sides[0] && canvas.height === sides[1];
    if (!fits) {
      for (const { canvas: each } of [this.ground, this.marks]) [each.width, each.height] = sides;
      this.groundIsOld = true;
    }
    if (!fits || always) this.draw(false);
  }
}

/** Clear a canvas and make a pixel of the figure its unit. */
function begin(context, scale) {
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(scale, 0, 0, scale, 0, 0);
}
