// The start as a handle on each map of a figure: dragged by a pointer, moved by the arrow keys.

import { element } from "./elements.js";
import { roundedTo, shareOfValue, valueOfShare } from "./options.js";

/** The share of an axis that an arrow key moves; with Shift it is ten times as much. */
const KEY_SHARE = 0.01;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** The handles of a start, over a figure. */
export class StartHandles {
  /**
   * @param {HTMLElement} stage - that the figure fills.
   * @param {{label: (point: string) => string, onMove: (point: number[]) => void,
   *   onRelease: () => void}} calls - for the text that is read aloud, while the start moves, and
   *   when it has come to rest.
   */
  constructor(stage, { label, onMove, onRelease }) {
    Object.assign(this, { stage, label, onMove, onRelease, handles: [] });
  }

  /** Show a start on a figure; null is a start that cannot be dragged. */
  show(figure, point) {
    Object.assign(this, { figure, point });
    const isMap = ({ map, name }) => map || (point.length === 1 && name === "curve");
    const maps = point ? figure.panels.filter(isMap) : [];
    while (this.handles.length > maps.length) this.handles.pop().remove();
    while (this.handles.length < maps.length) this.handles.push(this.#newHandle());
    maps.forEach((panel, i) => this.#place(this.handles[i], panel));
  }

  #place(handle, panel) {
    const [width, height] = this.figure.size;
    const [x, y, w, h] = panel.box;
    // On a curve, the handle is at the axis of the only parameter.
    const [right, up = 0] = this.#axes(panel).map((axis, i) => shareOfValue(axis, this.point[i]));
    handle.style.left = `${((x + right * w) / width) * 100}%`;
    handle.style.top = `${((y + (1 - up) * h) / height) * 100}%`;
    handle.setAttribute("aria-label", this.label(this.point.join(", ")));
    handle.panel = panel;
  }

  /** The axes of a panel that are coordinates of the start. */
  #axes({ x, y }) {
    return [x, y].slice(0, this.point.length);
  }

  #newHandle() {
    const letGo = () => this.#letGo(handle);
    const handle = element("button", {
      type: "button", class: "start-handle",
      pointerdown: (event) => this.#grab(handle, event),
      pointermove: (event) => this.#drag(handle, event),
      keydown: (event) => this.#pressKey(handle, event),
      pointerup: letGo, pointercancel: letGo, keyup: letGo, blur: letGo,
    });
    this.stage.append(handle);
    return handle;
  }

  #grab(handle, event) {
    if (event.button !== 0) return;
    handle.setPointerCapture(event.pointerId);
    const box = handle.getBoundingClientRect();
    handle.grip = [event.clientX - box.x - box.width / 2, event.clientY - box.y - box.height / 2];
  }

  #drag(handle, event) {
    if (!handle.grip) return;
    const stage = this.stage.getBoundingClientRect();
    const [x, y, w, h] = handle.panel.box;
    const scale = this.figure.size[0] / stage.width;
    const right = ((event.clientX - handle.grip[0] - stage.x) * scale - x) / w;
    const up = 1 - ((event.clientY - handle.grip[1] - stage.y) * scale - y) / h;
    this.#move(handle, [right, up]);
  }

  #pressKey(handle, event) {
    const arrow = ARROWS[event.key];
    if (!arrow || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = KEY_SHARE * (event.shiftKey ? 10 : 1);
    const moved = (axis, i) => shareOfValue(axis, this.point[i]) + arrow[i] * step;
    const axes = this.#axes(handle.panel);
    this.#move(handle, axes.map((axis, i) => (arrow[i] ? moved(axis, i) : null)));
  }

  /** Move the start to shares of the axes of a panel; where one is null, the coordinate stays. */
  #move(handle, shares) {
    const sides = handle.panel.box.slice(2);
    const value = (axis, i) => roundedTo(axis, sides[i], valueOfShare(axis, shares[i]));
    const axes = this.#axes(handle.panel);
    const point = axes.map((axis, i) => (shares[i] === null ? this.point[i] : value(axis, i)));
    if (point.every((value, i) => value === this.point[i])) return;
    handle.moved = true;
    this.onMove(point);
  }

  #letGo(handle) {
    const { moved } = handle;
    Object.assign(handle, { grip: null, moved: false });
    if (moved) this.onRelease();
  }
}
