// The player: a figure with its controls, names, numbers and tables.

import { element, fillIn, newIcon, tableBox } from "./elements.js";
import { Figure } from "./figure.js";
import { NumbersTable } from "./numbers.js";
import { Playback } from "./playback.js";
import { Stage } from "./stage.js";
import { Transport } from "./transport.js";

/** Pixels of the page: how near a pointer has to be to a step. */
const REACH = 12;
/** What is seen of a marker, which has a size of 1. */
const MARKER_BOX = "-0.75 -0.75 1.5 1.5";
/** Milliseconds between two updates of the numbers while it plays, and before they are read out. */
const NUMBERS_INTERVAL = 100;
const READING_DELAY = 400;

let playerCount = 0;

/**
 * A player of a figure.
 *
 * Its root gets the events "optanim:step" when the step changes, and "optanim:shown" when a figure
 * or a draft has been drawn.
 */
export class Player {
  /**
   * @param {HTMLElement} root - an element that it fills.
   * @param {object} data - of a figure, as docs/player.md has it.
   */
  constructor(root, data) {
    Object.assign(this, { root, step: 0, request: 0, chosen: null, hiddenLabels: new Set() });
    root.classList.add("player");
    this.#build();
    this.stage = new Stage(this.parts.stage);
    this.numbers = new NumbersTable(this.parts.numbers);
    this.playback = new Playback((step) => this.#setStep(step, true), () => this.#onState());
    this.transport = new Transport(this.parts.controls, this);
    this.#followPointer();
    this.#suspendUnseen();
    const plays = data.start == null && !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const figure = new Figure(data);
    this.#load(figure, data.start ?? (plays ? 0 : data.steps));
    figure.art.ready.then(() => this.figure === figure && this.#finish());
    if (plays) this.play();
  }

  /** The last step of the figure. */
  get steps() {
    return this.figure.data.steps;
  }

  /** The step in words: "step 12 of 83". */
  get stepText() {
    const step = Math.floor(this.step);
    return fillIn(this.figure.data.words.step_of, { step, steps: this.steps });
  }

  get playing() {
    return this.playback.playing;
  }

  /**
   * Show another figure, at the same share of its steps, with the same speed and hidden names.
   *
   * @returns {Promise<void>} done when it is drawn, or when a newer one has come before.
   */
  async show(data) {
    const request = (this.request += 1);
    const figure = new Figure(data);
    await figure.art.ready;
    if (request !== this.request) return;
    this.#load(figure, this.#sameShare(data));
    this.#finish();
  }

  /**
   * Show other traces on the same ground.
   *
   * @param {object} changes - the keys of a figure that are others, without what stands still;
   *   `series` has the numbers of each trace, which keeps its name.
   */
  draft({ series, ...changes }) {
    this.request += 1;
    const data = { ...this.figure.data, ...changes };
    if (series) data.traces = data.traces.map((trace, i) => ({ ...trace, series: series[i] }));
    this.#load(new Figure(data, this.figure.art), this.#sameShare(data), true);
    this.#tell("optanim:shown");
  }

  /** Go to a step, fractional between two updates; `moving` tells that others follow at once. */
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

  #build() {
    // A closed element describes nothing, but a hidden one does.
    const alt = element("p", { id: `optanim-${(playerCount += 1)}`, hidden: true });
    const details = (name, open) => (
      element("details", { class: name, open }, element("summary"), element("div", { class: "box" }))
    );
    this.parts = {
      stage: element("div", { class: "stage" }),
      controls: element("div", { class: "controls", role: "group" }),
      names: element("div", { class: "names", role: "group" }),
      numbers: details("numbers", true),
      results: details("results", false),
      description: details("description", false),
      alt,
      live: element("p", { class: "unseen", "aria-live": "polite" }),
    };
    this.parts.numbers.addEventListener("toggle", () => this.#updateNumbers());
    this.root.replaceChildren(...Object.values(this.parts));
  }

  #load(figure, step, keepsGround = false) {
    const { data } = figure;
    Object.assign(this, { figure, step: Math.min(step, data.steps), chosen: null });
    this.#dress(data);
    this.transport.load(data);
    this.#loadNames(data);
    this.#loadTexts(data);
    this.numbers.load(figure);
    Object.assign(this.playback, { moments: data.moments, loop: data.loop });
    this.playback.seek(this.step);
    this.stage.hidden = this.hidden;
    this.stage.load(figure, this.step, keepsGround);
    this.#onStep();
  }

  /** Draw again, now with the images. */
  #finish() {
    this.stage.hide(this.hidden);
    this.#tell("optanim:shown");
  }

  #sameShare({ steps }) {
    return this.steps ? Math.round((this.step / this.steps) * steps) : steps;
  }

  /** Take the colors and the language of a figure. */
  #dress({ theme, language, title, alt }) {
    for (const name of ["background", "ink", "faint"]) {
      this.root.style.setProperty(`--${name}`, theme[name]);
    }
    this.root.style.colorScheme = theme.dark ? "dark" : "light";
    this.root.lang = language;
    this.stage.canvas.setAttribute("aria-label", title || alt);
    this.stage.canvas.setAttribute("aria-describedby", this.parts.alt.id);
  }

  /** Make a button for each trace, unless they are the same as before. */
  #loadNames({ traces, words }) {
    const { names } = this.parts;
    names.setAttribute("aria-label", words.show);
    const key = JSON.stringify(traces.map(({ label, color, marker }) => [label, color, marker]));
    if (this.namesKey !== key) {
      names.replaceChildren(...traces.map(({ label, color, marker }) => {
        const click = () => this.#toggle(label);
        return element("button", { class: "name", type: "button", title: words.show, click },
          newIcon(marker, MARKER_BOX, color), element("span", {}, label));
      }));
    }
    this.namesKey = key;
    this.#updateHidden();
  }

  #toggle(label) {
    if (!this.hiddenLabels.delete(label)) this.hiddenLabels.add(label);
    this.#updateHidden();
    this.stage.hide(this.hidden);
    this.#updateNumbers();
  }

  #updateHidden() {
    const isHidden = this.figure.data.traces.map(({ label }) => this.hiddenLabels.has(label));
    this.hidden = new Set([...isHidden.keys()].filter((i) => isHidden[i]));
    [...this.parts.names.children].forEach((button, i) => {
      button.setAttribute("aria-pressed", String(!isHidden[i]));
    });
  }

  #loadTexts({ words, table, title, caption, alt, traces }) {
    for (const name of ["numbers", "results", "description"]) {
      this.parts[name].firstChild.textContent = words[name];
    }
    const { numbers, results, description } = this.parts;
    this.parts.alt.textContent = alt;
    numbers.hidden = !traces.some(({ series }) => series);
    results.hidden = !table;
    if (table) results.lastChild.replaceWith(tableBox(words.results, table.head, table.rows));
    const texts = [title, ...caption, alt].filter((text) => text);
    description.lastChild.replaceChildren(...texts.map((text) => element("p", {}, text)));
  }

  #setStep(step, moving) {
    const isOther = step !== this.step;
    this.step = step;
    if (isOther) this.stage.show(step, moving);
    this.#onStep();
  }

  #onStep() {
    this.transport.updateStep();
    if (!this.playing) this.#updateNumbers();
    else this.numbersTimer ??= setTimeout(() => this.#updateNumbers(), NUMBERS_INTERVAL);
    this.#readOut();
    this.#tell("optanim:step", { step: this.step });
  }

  #onState() {
    this.transport.updateState();
    this.#updateNumbers();
    this.#readOut();
  }

  #updateNumbers() {
    clearTimeout(this.numbersTimer);
    this.numbersTimer = null;
    if (this.parts.numbers.open) this.numbers.update(this.step, this.hidden, this.chosen);
  }

  /** Tell a screen reader the step, unless it plays. */
  #readOut() {
    clearTimeout(this.reading);
    if (this.playing) return;
    this.reading = setTimeout(() => {
      this.parts.live.textContent = this.stepText;
    }, READING_DELAY);
  }

  /** Choose the step near the pointer: it is marked, and the numbers are of it. */
  #followPointer() {
    const { stage } = this.parts;
    const follow = (event) => {
      const radius = REACH * this.stage.unit;
      const place = this.stage.locate(event);
      this.#choose(this.figure.nearest(...place, this.step, radius, this.hidden));
    };
    stage.addEventListener("pointermove", follow);
    stage.addEventListener("pointerdown", follow);
    stage.addEventListener("pointerleave", ({ pointerType }) => {
      // A finger leaves when it is lifted: what it has chosen stays.
      if (pointerType === "mouse") this.#choose(null);
    });
  }

  #choose(chosen) {
    if (chosen?.trace === this.chosen?.trace && chosen?.step === this.chosen?.step) return;
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
