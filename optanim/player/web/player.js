// The player: a figure with its controls, names, numbers and tables.

import { fillTable, newElement, newIcon } from "./elements.js";
import { Figure } from "./figure.js";
import { formatNumber, NumbersTable } from "./numbers.js";
import { Playback } from "./playback.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";

/** Pixels of the page: how near a pointer has to be to a step. */
const REACH = 12;
/** Milliseconds between two updates of the numbers while it plays, and before they are read out. */
const NUMBERS_INTERVAL = 100;
const READING_DELAY = 400;
/** The largest number of traces whose losses are read out. */
const MAX_READ_OUT = 4;

let playerCount = 0;

/**
 * A player of a figure.
 *
 * Events on its root: "optanim:step" when the step changes, and "optanim:shown" when a figure or a
 * draft has been drawn.
 */
export class Player {
  /**
   * @param {HTMLElement} root - an empty element, which it fills.
   * @param {object} data - of a figure, as docs/player.md has it.
   */
  constructor(root, data) {
    this.root = root;
    this.step = 0;
    this.request = 0;
    this.hiddenLabels = new Set();
    this.hidden = new Set();
    this.chosen = null;
    root.classList.add("player");
    this.#build();
    this.playback = new Playback((step) => this.#setStep(step), () => this.#onState());
    this.transport = new Transport(this.parts.controls, this);
    this.#suspendUnseen();
    this.#followPointer();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#load(data, new Figure(data), data.start ?? (still ? data.steps : 0));
    this.figure.art.ready.then(() => this.#redraw());
    if (!still && data.start == null) this.play();
  }

  /** The last step of the figure. */
  get steps() {
    return this.figure.steps;
  }

  /** The step in words: "step 12 of 83". */
  get stepText() {
    const texts = { step: Math.floor(this.step), steps: this.steps };
    return this.figure.data.words.step_of.replace(/{(\w+)}/g, (_, name) => texts[name]);
  }

  /** Whether it plays. */
  get playing() {
    return this.playback.playing;
  }

  /**
   * Show another figure, with the same share of its steps, hidden names and speed.
   *
   * @param {object} data - of a figure.
   * @returns {Promise<void>} done when it is drawn, or when a newer figure has come before.
   */
  async show(data) {
    const request = (this.request += 1);
    const figure = new Figure(data);
    await figure.art.ready;
    if (request !== this.request) return;
    this.#load(data, figure, this.#sameShare(data));
    this.#tell("optanim:shown");
  }

  /**
   * Show other traces on the same ground.
   *
   * @param {object} data - those keys of a figure that have changed: marks, steps, …; `series` has
   *   those of the traces, which keep their names.
   */
  draft({ series, ...data }) {
    this.request += 1;
    const { traces } = this.figure.data;
    const whole = { ...this.figure.data, ...data };
    if (series) whole.traces = traces.map((trace, i) => ({ ...trace, series: series[i] }));
    const figure = new Figure(whole, data.still ? undefined : this.figure.ground);
    this.#load(whole, figure, this.#sameShare(whole), !data.still);
    this.#tell("optanim:shown");
  }

  /**
   * Go to a step.
   *
   * @param {number} step - fractional between two updates.
   * @param {boolean} [moving] - whether others follow at once.
   */
  seek(step, moving = false) {
    const inside = Math.min(Math.max(step, 0), this.steps);
    this.playback.seek(inside);
    this.#setStep(inside, moving);
  }

  play() {
    this.playback.play();
  }

  pause() {
    if (this.playing) this.playback.pause();
  }

  /** Set how many times as fast it plays. */
  setSpeed(speed) {
    this.playback.speed = speed;
  }

  /** The place of a pointer event in pixels of the figure, [x, y]. */
  locate(event) {
    return this.stage.locate(event);
  }

  #build() {
    const id = `optanim-${(playerCount += 1)}`;
    const parts = {
      stage: newElement("div", "stage"),
      controls: newElement("div", "controls"),
      names: newElement("div", "names"),
      numbers: newElement("details", "numbers"),
      results: newElement("details", "results"),
      description: newElement("details", "description"),
      live: newElement("p", "unseen"),
    };
    this.parts = parts;
    for (const name of ["numbers", "results", "description"]) {
      parts[name].append(newElement("summary"), newElement("div", "box"));
    }
    parts.numbers.open = true;
    parts.numbers.addEventListener("toggle", () => this.#updateNumbers());
    parts.description.lastChild.id = id;
    parts.names.setAttribute("role", "group");
    parts.live.setAttribute("aria-live", "polite");
    this.root.replaceChildren(...Object.values(parts));
    this.stage = new Stage(parts.stage);
    this.numbers = new NumbersTable(parts.numbers.lastChild);
  }

  #load(data, figure, step, keepsGround = false) {
    this.figure = figure;
    this.chosen = this.stage.chosen = null;
    this.step = Math.min(Math.max(step, 0), data.steps);
    this.#dress(data);
    this.transport.load(data);
    this.#loadNames(data);
    this.#loadTexts(data);
    this.numbers.load(figure);
    this.playback.load(data.moments, data.loop);
    this.playback.seek(this.step);
    this.stage.step = this.step;
    this.stage.hidden = this.hidden;
    this.stage.load(figure, keepsGround);
    this.#onStep();
  }

  #sameShare({ steps }) {
    return this.steps ? Math.round((this.step / this.steps) * steps) : steps;
  }

  /** Give the page the colors and the language of the figure. */
  #dress({ theme, language, title, alt }) {
    const { style } = this.root;
    for (const name of ["background", "ink", "faint", "halo", "alarm"]) {
      style.setProperty(`--${name}`, theme[name]);
    }
    style.setProperty("color-scheme", theme.dark ? "dark" : "light");
    this.root.lang = language;
    this.stage.name(title || alt, this.parts.description.lastChild.id);
  }

  #loadNames({ traces, words }) {
    const { names } = this.parts;
    names.setAttribute("aria-label", words.show);
    const key = JSON.stringify(traces.map(({ label, color, marker }) => [label, color, marker]));
    if (this.namesKey !== key) {
      this.namesKey = key;
      names.replaceChildren(...traces.map(({ label, color, marker }) => {
        const button = newElement("button", "name");
        button.type = "button";
        button.title = words.show;
        button.append(newIcon(marker, "-0.75 -0.75 1.5 1.5", color), newElement("span", "", label));
        button.addEventListener("click", () => this.#toggle(label));
        return button;
      }));
    }
    this.#updateHidden();
  }

  #toggle(label) {
    if (!this.hiddenLabels.delete(label)) this.hiddenLabels.add(label);
    this.#updateHidden();
    this.stage.hide(this.hidden);
    this.#updateNumbers();
  }

  #updateHidden() {
    const { traces } = this.figure;
    this.hidden = new Set(traces.keys().filter((i) => this.hiddenLabels.has(traces[i].label)));
    [...this.parts.names.children].forEach((button, i) => {
      button.setAttribute("aria-pressed", String(!this.hidden.has(i)));
    });
  }

  #loadTexts({ words, table, title, caption, alt }) {
    const { numbers, results, description } = this.parts;
    numbers.firstChild.textContent = words.numbers;
    results.firstChild.textContent = words.results;
    description.firstChild.textContent = words.description;
    results.hidden = !table?.rows.length;
    if (!results.hidden) fillTable(results.lastChild, words.results, table.head, table.rows);
    const texts = [...(caption ?? []), alt].map((text) => newElement("p", "", text));
    description.lastChild.replaceChildren(...(title ? [newElement("h2", "", title)] : []), ...texts);
  }

  #setStep(step, moving = this.playing) {
    if (step !== this.step) {
      this.step = step;
      this.stage.show(step, moving);
    }
    this.#onStep();
  }

  #onStep() {
    this.transport.update();
    if (!this.playing) {
      this.#updateNumbers();
      this.#readOut();
    } else if (!this.numbersTimer) {
      this.numbersTimer = setTimeout(() => this.#updateNumbers(), NUMBERS_INTERVAL);
    }
    this.#tell("optanim:step", { step: this.step });
  }

  #onState() {
    this.transport.updateState();
    if (!this.playing) {
      this.#updateNumbers();
      this.stage.draw(false);
    }
    this.#readOut();
  }

  #redraw() {
    this.stage.groundIsOld = true;
    this.stage.draw(false);
    this.#tell("optanim:shown");
  }

  #updateNumbers() {
    clearTimeout(this.numbersTimer);
    this.numbersTimer = null;
    if (this.parts.numbers.open) this.numbers.update(this.step, this.hidden, this.chosen);
  }

  /** Tell a screen reader the step and the losses, unless it plays. */
  #readOut() {
    clearTimeout(this.reading);
    this.parts.live.textContent = "";
    if (this.playing) return;
    this.reading = setTimeout(() => {
      const { words } = this.figure.data;
      const traces = [...this.figure.traces.keys()].filter((i) => !this.hidden.has(i));
      const losses = traces.length > MAX_READ_OUT ? [] : traces.map((i) => {
        const loss = this.figure.numbersAt(i, this.step)?.loss[0] ?? NaN;
        return `${this.figure.traces[i].label}: ${words.loss} ${formatNumber(loss)}`;
      });
      this.parts.live.textContent = [this.stepText, ...losses].join("; ");
    }, READING_DELAY);
  }

  /** Choose the step near the pointer: it is marked, and the numbers are of it. */
  #followPointer() {
    const { stage } = this.parts;
    const choose = (event) => {
      const [x, y] = this.locate(event);
      const radius = REACH * this.stage.unit;
      const chosen = this.figure.nearest(x, y, this.step, radius, this.hidden);
      if (chosen?.trace === this.chosen?.trace && chosen?.step === this.chosen?.step) return;
      this.#choose(chosen);
    };
    stage.addEventListener("pointermove", choose);
    stage.addEventListener("pointerdown", choose);
    stage.addEventListener("pointerleave", (event) => {
      // A finger leaves when it is lifted: what it has chosen stays.
      if (event.pointerType === "mouse" && this.chosen) this.#choose(null);
    });
  }

  #choose(chosen) {
    this.chosen = chosen;
    this.stage.choose(chosen);
    this.#updateNumbers();
  }

  /** Wait while the tab is hidden or the figure is out of view. */
  #suspendUnseen() {
    let inView = true;
    const update = () => this.playback.suspend(document.hidden || !inView);
    document.addEventListener("visibilitychange", update);
    new IntersectionObserver((entries) => {
      inView = entries.at(-1).isIntersecting;
      update();
    }).observe(this.parts.stage);
  }

  #tell(name, detail = {}) {
    this.root.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
