// The page of `optanim explore`: a config that is edited, and its figure by the engine.

import { element, fillIn } from "./elements.js";
import { StartHandles } from "./handles.js";
import { normalConfig, startLike, startPoint } from "./options.js";
import { Player } from "./player.js";
import { Settings } from "./settings.js";

const PICTURES = /\.(gif|png|apng|webp|avif|svg)$/;
const TEXT_BOXES = "input:is([type=text], [type=search])";
const part = (id) => document.getElementById(id);

/** A config with its history, and what shows it. */
class Explorer {
  constructor(catalogue) {
    Object.assign(this, { catalogue, words: catalogue.words });
    this.config = normalConfig(catalogue.config, catalogue);
    this.history = [this.config];
    this.now = 0; // the index of the config in the history
    this.asked = 0; // the number of the last request for a figure
    this.ground = null; // the number of the request whose full figure is shown
    this.wanted = null; // "draft" or "full" if a figure must be asked for
    this.settings = new Settings(part("settings"), catalogue, this);
    this.#nameParts();
    this.#listen();
  }

  /** Show a config while a control moves: a draft on the same ground. */
  draft(config) {
    this.config = config;
    return this.#ask("draft");
  }

  /** Show a config for good, as one step of the history. */
  commit(config) {
    const changed = JSON.stringify(config) !== JSON.stringify(this.history[this.now]);
    this.config = config;
    if (changed) this.history.splice((this.now += 1), Infinity, config);
    if (changed || this.last !== "full") return this.#ask("full");
  }

  /** Undo or redo. */
  #travel(by) {
    const config = this.history[this.now + by];
    if (!config) return;
    this.now += by;
    this.config = config;
    this.#ask("full");
  }

  /** Ask the user for the name of an optimizer; "" is none. */
  pickOptimizer() {
    const picker = part("picker");
    part("search").value = picker.returnValue = "";
    this.#listOptimizers();
    picker.showModal();
    return new Promise((done) => {
      picker.addEventListener("close", () => done(picker.returnValue), { once: true });
    });
  }

  #nameParts() {
    const { language, file } = this.catalogue;
    document.documentElement.lang = language;
    for (const node of document.querySelectorAll("[data-word]")) {
      node.append(this.words[node.dataset.word]);
    }
    for (const node of document.querySelectorAll("[data-label]")) {
      node.setAttribute("aria-label", this.words[node.dataset.label]);
    }
    if (file) document.title = `${file} – optanim explore`;
    part("file").textContent = file ?? "";
    this.file = file ?? "explored.yaml";
  }

  #listen() {
    const on = (id, type, listener) => part(id).addEventListener(type, listener);
    on("undo", "click", () => this.#travel(-1));
    on("redo", "click", () => this.#travel(1));
    on("copy", "click", () => this.#copy());
    on("save", "click", () => this.#openSaver());
    on("render", "click", () => this.#render());
    on("saver-form", "submit", (event) => this.#save(event));
    on("file-name", "input", () => this.#askToReplace(""));
    on("search", "input", () => this.#listOptimizers());
    document.addEventListener("keydown", (event) => this.#pressKey(event));
    for (const button of document.querySelectorAll("dialog .cancel")) {
      button.addEventListener("click", () => button.closest("dialog").close());
    }
  }

  #pressKey(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !["z", "y"].includes(key)) return;
    // A text box has an undo of its own.
    if (event.target.matches(TEXT_BOXES) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    this.#travel(key === "y" || event.shiftKey ? 1 : -1);
  }

  async #post(address, body) {
    const headers = { "Content-Type": "application/json" };
    try {
      const request = { method: "POST", headers, body: JSON.stringify(body) };
      const answer = await fetch(address, request);
      if (answer.ok) return await answer.json();
    } catch {
      // The program has ended.
    }
    this.#say(this.words.no_answer);
    return null;
  }

  /** Ask for the figure. One request is on its way at a time, and the newest config wins. */
  async #ask(kind) {
    this.wanted = this.last = kind;
    this.#update();
    if (this.asking) return;
    this.asking = true;
    try {
      while (this.wanted) await this.#request();
    } finally {
      this.asking = false;
    }
  }

  async #request() {
    const draft = this.wanted === "draft" && this.ground !== null;
    this.wanted = null;
    const { config, ground } = this;
    const number = (this.asked += 1);
    const answer = await this.#post("figure", { config, draft, number, ground });
    if (answer) await this.#receive(answer);
  }

  /** Show an answer of the engine; with problems the old figure stays. */
  async #receive({ number, figure, yaml, claims = [], remarks = [], problems = [] }) {
    this.#showProblems(problems);
    if (!figure) return;
    this.#say("");
    // What a draft cannot show, as another surface, comes as a full figure; that has a version.
    const isFull = "version" in figure;
    this.figure = isFull ? figure : { ...this.figure, ...figure };
    if (isFull) await this.#showFigure(number);
    else this.player.draft(figure);
    this.yaml = yaml;
    const lines = yaml.trimEnd().split("\n");
    part("yaml").replaceChildren(...lines.map((line) => element("code", {}, line)));
    part("claims").replaceChildren(...claims.map((claim) => this.#claim(claim)));
    part("remarks").replaceChildren(...remarks.map((remark) => element("li", {}, remark)));
    this.#update();
  }

  async #showFigure(number) {
    this.ground = number;
    if (this.player) return this.player.show(this.figure);
    this.player = new Player(part("player"), this.figure);
    this.player.pause();
    this.player.seek(this.player.steps);
    this.handles = new StartHandles(this.player.stage.element, {
      label: (point) => fillIn(this.words.start_at, { point }),
      onMove: (point) => {
        const start = startLike(this.config.start, this.figure.axes, point);
        this.draft({ ...this.config, start });
      },
      onRelease: () => this.commit(this.config),
    });
  }

  #update() {
    part("undo").disabled = this.now === 0;
    part("redo").disabled = this.now === this.history.length - 1;
    this.settings.show(this.figure);
    this.handles?.show(this.figure, startPoint(this.config.start, this.figure.axes));
  }

  #showProblems(problems) {
    // A claim about several optimizers has the same problem for each.
    const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
    const elsewhere = this.settings.showProblems([...distinct.values()]);
    const items = elsewhere.map(({ place, message, help }) => {
      const item = element("li", {}, message, element("small", {}, help ?? ""));
      const [claim, i] = /^claims\[(\d+)\]/.exec(place) ?? [];
      if (claim) item.append(this.#claimRemover(claim, Number(i)));
      return item;
    });
    part("problems").replaceChildren(...items);
  }

  /** A claim has no control of its own, and may be about what is no longer there. */
  #claimRemover(name, i) {
    const click = () => {
      const claims = this.config.claims.toSpliced(i, 1);
      this.commit({ ...this.config, claims: claims.length ? claims : undefined });
    };
    return element("button", { type: "button", click }, fillIn(this.words.remove, { name }));
  }

  #claim({ text, holds, reason }) {
    const verdict = this.words[holds ? "holds" : "fails"];
    const sign = element("span", { role: "img", "aria-label": verdict }, holds ? "✓" : "✗");
    const texts = [element("span", {}, text), element("small", {}, reason ?? "")];
    return element("li", { class: holds ? "holds" : "fails" }, sign, ...texts);
  }

  #say(message) {
    part("status").textContent = message;
  }

  #listOptimizers() {
    const text = part("search").value.trim().toLowerCase();
    const rank = ({ name, title, summary }) => {
      const about = `${name} ${title} ${summary}`.toLowerCase();
      return [name === text, name.startsWith(text), about.includes(text)].indexOf(true);
    };
    const found = this.catalogue.optimizers.filter((entry) => rank(entry) >= 0);
    const items = found.sort((a, b) => rank(a) - rank(b)).map(({ name, title, summary }) => {
      const texts = [element("b", {}, name), " ", element("small", {}, `${title}: ${summary}`)];
      return element("li", {}, element("button", { value: name }, ...texts));
    });
    part("found").replaceChildren(...items);
    part("nothing").hidden = items.length > 0;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.yaml);
      this.#say(this.words.copied);
    } catch {
      getSelection().selectAllChildren(part("yaml"));
      this.#say(this.words.copy_by_hand);
    }
  }

  #openSaver() {
    part("file-name").value = this.file;
    this.#askToReplace("");
    part("saver").showModal();
  }

  /** Ask whether a file may be replaced; "" asks nothing. */
  #askToReplace(file) {
    this.replaced = file;
    part("question").textContent = file && fillIn(this.words.exists, { file });
    part("confirm").textContent = this.words[file ? "replace" : "save"];
  }

  async #save(event) {
    event.preventDefault();
    const file = part("file-name").value.trim();
    const overwrite = file === this.replaced;
    const answer = await this.#post("save", { config: this.config, file, overwrite });
    if (answer?.exists) return this.#askToReplace(file);
    if (answer?.problems) {
      part("question").textContent = answer.problems.map(({ message }) => message).join("\n");
      return;
    }
    part("saver").close();
    if (!answer) return;
    this.file = part("file").textContent = answer.saved;
    this.#say(fillIn(this.words.saved, { file: answer.saved }));
  }

  async #render() {
    if (this.rendering) return;
    this.rendering = true;
    part("render").setAttribute("aria-busy", "true");
    this.#say(this.words.rendering);
    const answer = await this.#post("render", { config: this.config });
    part("render").removeAttribute("aria-busy");
    this.rendering = false;
    if (answer?.problems) {
      this.#say("");
      this.#showProblems(answer.problems);
    } else if (answer) this.#showRendered(answer);
  }

  #showRendered({ file, address }) {
    this.#say(fillIn(this.words.rendered, { file }));
    // The same address can have another picture than before.
    const href = `${address}?${(this.pictures = (this.pictures ?? 0) + 1)}`;
    const link = element("a", { href, target: "_blank", rel: "noopener" }, file);
    const picture = element("img", { src: href, alt: this.figure.alt });
    part("rendered").replaceChildren(link, ...(PICTURES.test(file) ? [picture] : []));
  }
}

async function begin() {
  const answer = await fetch("catalogue");
  const explorer = new Explorer(await answer.json());
  await explorer.commit(explorer.config);
  return true;
}

/** Done when the first figure is on the screen. */
window.ready = begin();
