// The transport controls: buttons, the scrubber and the speed, and the keys that do the same.

import { newElement, newIcon } from "./elements.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const ICONS = {
  first: "M5 5h2.4v14H5zM19 5v14L8.6 12z",
  back: "M8 5h2.4v14H8zM18 6.5v11L11.4 12z",
  play: "M7 4.5v15L19.5 12z",
  pause: "M6.5 5h4v14h-4zM13.5 5h4v14h-4z",
  forward: "M13.6 5H16v14h-2.4zM6 6.5v11L12.6 12z",
  last: "M16.6 5H19v14h-2.4zM5 5v14L15.4 12z",
};
/** Elements that need the keys themselves. */
const OWN_KEYS = "select, textarea, [contenteditable], [tabindex], input:not([type=range])";

/**
 * The transport controls of a player. They call `play`, `pause`, `seek` and `setSpeed` of it, and read its
 * `step`, `steps` and `playing`.
 */
export class Transport {
  /**
   * @param {HTMLElement} element - that they fill.
   * @param {Player} player
   */
  constructor(element, player) {
    this.player = player;
    this.element = element;
    element.setAttribute("role", "group");
    const buttons = newElement("div", "buttons");
    this.buttons = {};
    for (const name of ["first", "back", "play", "forward", "last"]) {
      const button = newElement("button");
      button.type = "button";
      button.append(newIcon(ICONS[name], "0 0 24 24"));
      button.addEventListener("click", () => this.#act(name));
      this.buttons[name] = button;
      buttons.append(button);
    }
    this.scrubber = newElement("input", "scrubber");
    this.scrubber.type = "range";
    this.scrubber.min = 0;
    this.scrubber.step = 1;
    this.scrubber.addEventListener("input", () => this.#seek(Number(this.scrubber.value), true));
    this.readout = newElement("span", "readout");
    this.speed = newElement("select", "speed");
    for (const speed of SPEEDS) this.speed.append(new Option(`${speed}×`, speed, speed === 1, speed === 1));
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
    for (const [name, button] of Object.entries(this.buttons)) nameButton(button, words[name]);
    this.scrubber.max = steps;
    const digits = String(steps).length;
    this.element.style.setProperty("--digits", 2 * digits + 3);
    this.updateState();
  }

  /** Show the step. */
  update() {
    const { step, steps } = this.player;
    const whole = Math.floor(step);
    this.scrubber.value = whole;
    this.readout.textContent = `${whole} / ${steps}`;
    this.scrubber.setAttribute("aria-valuetext", this.player.stepText);
    this.scrubber.style.setProperty("--share", steps ? whole / steps : 0);
  }

  /** Show whether it plays. */
  updateState() {
    const name = this.player.playing ? "pause" : "play";
    nameButton(this.buttons.play, this.words[name]);
    this.buttons.play.replaceChildren(newIcon(ICONS[name], "0 0 24 24"));
  }

  #act(name) {
    const { player } = this;
    if (name === "play") return player.playing ? player.pause() : player.play();
    const targets = {
      first: 0,
      back: Math.ceil(player.step) - 1,
      forward: Math.floor(player.step) + 1,
      last: player.steps,
    };
    this.#seek(targets[name]);
  }

  #seek(step, moving = false) {
    this.player.pause();
    this.player.seek(step, moving);
  }

  #onKey(event) {
    const { target, key } = event;
    const outside = target !== document.body && !this.player.root.contains(target);
    if (outside || event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (target.closest(OWN_KEYS)) return;
    // A focused button is pressed by the space bar.
    if (key === " " && target.closest("button, summary, a")) return;
    const { step, steps } = this.player;
    const size = event.shiftKey ? 10 : 1;
    if (key === " ") this.#act("play");
    else if (key === "ArrowLeft") this.#seek(Math.ceil(step) - size, event.repeat);
    else if (key === "ArrowRight") this.#seek(Math.floor(step) + size, event.repeat);
    else if (key === "Home") this.#seek(0);
    else if (key === "End") this.#seek(steps);
    else return;
    event.preventDefault();
  }
}

/** Give a button a name that is read out and shown. */
function nameButton(button, name) {
  button.setAttribute("aria-label", name);
  button.title = name;
}
