// The transport: buttons, the scrubber and the speed, and the keys that do the same.

import { newButton, newElement, newIcon } from "./elements.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const ICON_BOX = "0 0 24 24";
const ICONS = {
  first: "M5 5h2.4v14H5zM19 5v14L8.6 12z",
  back: "M8 5h2.4v14H8zM18 6.5v11L11.4 12z",
  play: "M7 4.5v15L19.5 12z",
  forward: "M13.6 5H16v14h-2.4zM6 6.5v11L12.6 12z",
  last: "M16.6 5H19v14h-2.4zM5 5v14L15.4 12z",
  pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
};
/** Elements that need these keys themselves. */
const OWN_KEYS = "select, textarea, [contenteditable], [tabindex], input:not([type=range])";
const KEYS = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };

export class Transport {
  /**
   * @param {HTMLElement} element - that the controls fill.
   * @param {Player} player - that they control.
   */
  constructor(element, player) {
    Object.assign(this, { element, player });
    element.setAttribute("role", "group");
    this.buttons = ["first", "back", "play", "forward", "last"].map((name) => {
      const button = newButton("", "", [newIcon(ICONS[name], ICON_BOX)], () => this.#act(name, 1));
      return Object.assign(button, { name });
    });
    const buttons = newElement("div", "buttons");
    buttons.append(...this.buttons);
    this.scrubber = Object.assign(newElement("input", "scrubber"), { type: "range", min: 0 });
    this.scrubber.addEventListener("input", () => this.#seek(Number(this.scrubber.value), true));
    this.readout = newElement("span", "readout");
    this.speed = newElement("select", "speed");
    for (const speed of SPEEDS) this.speed.append(new Option(`${speed}×`, speed));
    this.speed.value = 1;
    this.speed.addEventListener("change", () => player.setSpeed(Number(this.speed.value)));
    element.append(buttons, this.scrubber, this.readout, this.speed);
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Take the words and the steps of a figure. */
  load({ words, steps }) {
    this.words = words;
    this.element.setAttribute("aria-label", words.step);
    this.scrubber.setAttribute("aria-label", words.step);
    this.speed.setAttribute("aria-label", words.speed);
    for (const button of this.buttons) button.title = words[button.name];
    this.scrubber.max = steps;
    this.element.style.setProperty("--digits", 2 * String(steps).length + 3);
    this.updateState();
  }

  /** Show the step. */
  updateStep() {
    const { step, steps, stepText } = this.player;
    this.scrubber.value = Math.floor(step);
    this.scrubber.setAttribute("aria-valuetext", stepText);
    this.scrubber.style.setProperty("--share", steps ? Math.floor(step) / steps : 0);
    this.readout.textContent = `${Math.floor(step)} / ${steps}`;
  }

  /** Show whether it plays. */
  updateState() {
    const name = this.player.playing ? "pause" : "play";
    const button = this.buttons[2];
    button.title = this.words[name];
    button.replaceChildren(newIcon(ICONS[name], ICON_BOX));
  }

  #act(name, size, moving) {
    const { player } = this;
    if (name === "first") this.#seek(0);
    if (name === "back") this.#seek(Math.ceil(player.step) - size, moving);
    if (name === "forward") this.#seek(Math.floor(player.step) + size, moving);
    if (name === "last") this.#seek(player.steps);
    if (name === "play") player[player.playing ? "pause" : "play"]();
  }

  #seek(step, moving) {
    this.player.pause();
    this.player.seek(step, moving);
  }

  #onKey(event) {
    const { target, key } = event;
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (target !== document.body && !this.player.root.contains(target)) return;
    // A focused button is pressed by the space bar.
    const isPressed = key === " " && target.closest("button, summary, a");
    const name = key === " " ? "play" : KEYS[key];
    if (!name || isPressed || target.closest(OWN_KEYS)) return;
    event.preventDefault();
    this.#act(name, event.shiftKey ? 10 : 1, event.repeat);
  }
}
