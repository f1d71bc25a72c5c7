// The transport: buttons, the scrubber and the speed, and the keys that do the same.

import { element, newIcon } from "./elements.js";

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
   * @param {HTMLElement} place - that the controls fill.
   * @param {Player} player - that they control.
   */
  constructor(place, player) {
    Object.assign(this, { place, player });
    this.buttons = ["first", "back", "play", "forward", "last"].map((name) => {
      const click = () => this.#act(name, 1);
      return element("button", { type: "button", name, click }, newIcon(ICONS[name], ICON_BOX));
    });
    const input = () => this.#seek(Number(this.scrubber.value), true);
    this.scrubber = element("input", { class: "scrubber", type: "range", min: 0, input });
    this.readout = element("span", { class: "readout" });
    const change = () => player.setSpeed(Number(this.speed.value));
    this.speed = element("select", { class: "speed", change },
      ...SPEEDS.map((speed) => new Option(`${speed}×`, speed, false, speed === 1)));
    const buttons = element("div", { class: "buttons" }, ...this.buttons);
    place.append(buttons, this.scrubber, this.readout, this.speed);
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** Take the words and the steps of a figure. */
  load({ words, steps }) {
    this.words = words;
    this.place.setAttribute("aria-label", words.step);
    this.scrubber.setAttribute("aria-label", words.step);
    this.speed.setAttribute("aria-label", words.speed);
    for (const button of this.buttons) button.title = words[button.name];
    this.scrubber.max = steps;
    this.place.style.setProperty("--digits", 2 * String(steps).length + 3);
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
    const [back, forward] = [Math.ceil(player.step) - size, Math.floor(player.step) + size];
    if (name === "play") player[player.playing ? "pause" : "play"]();
    else this.#seek({ first: 0, back, forward, last: player.steps }[name], moving);
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
