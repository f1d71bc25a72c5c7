// The settings of a config as a panel of controls, made from the options that the catalogue lists.

import { element, fillIn, newIcon } from "./elements.js";
import { SLIDER_STEPS, shareOfValue, sliderValue } from "./options.js";
import { pathName, typedValue, valueAt, valueText, withValue } from "./options.js";
import { rateOf, scheduleFrom, withSurface } from "./options.js";

const START = { name: "start", type: "list", default: null };
const STEPS = { name: "steps", type: "integer", default: 100, low: 1, high: 1000, log: true };
const SEED = { name: "seed", type: "integer", default: 0 };
const TITLE = { name: "title", type: "text", default: null };
const THEME = { name: "theme", type: "choice", default: "light" };

/** The controls of a config. */
export class Settings {
  /**
   * @param {HTMLElement} root - that they fill.
   * @param {object} catalogue - the answer to `GET catalogue`.
   * @param {Explorer} editor - has the `config`; `draft(config)` is called while a control moves,
   *   `commit(config)` when it rests, and `pickOptimizer()` asks for a name.
   */
  constructor(root, catalogue, editor) {
    Object.assign(this, { root, catalogue, editor, words: catalogue.words, problems: [] });
    /** The rows and groups, by the paths of their keys. */
    this.rows = new Map();
  }

  /** Show the config of the editor; controls are made again only if others are needed. */
  show(figure) {
    this.figure = figure;
    const structure = this.#structure();
    if (structure !== this.structure) this.#build();
    this.structure = structure;
    for (const refresh of this.refreshers) refresh();
  }

  /** Show problems beside their controls; those that belong to none are returned. */
  showProblems(problems) {
    this.problems = problems;
    for (const note of this.root.querySelectorAll(".problem")) note.remove();
    for (const input of this.root.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
    return problems.filter((problem) => !this.#showProblem(problem));
  }

  #showProblem({ place, message, help }) {
    let name = place;
    while (name && !this.rows.has(name)) name = name.replace(/(^|\.|\[)[^.[]*$/, "");
    if (!name) return false;
    const note = element("p", { class: "problem", id: `${name}:problem`, role: "alert" }, message);
    if (help) note.append(element("small", {}, help));
    this.rows.get(name).append(note);
    const input = document.getElementById(name);
    input?.setAttribute("aria-invalid", "true");
    input?.setAttribute("aria-describedby", note.id);
    return true;
  }

  /** What decides which controls there are, as text. */
  #structure() {
    const { surface, optimizers } = this.editor.config;
    const entries = optimizers.map((trial) => [
      trial.name,
      trial.label,
      Object.entries(trial).map(([key, value]) => [key, this.#scheduleOf(value)?.name]),
    ]);
    const looks = this.figure?.traces.map(({ color, marker }) => [color, marker]);
    return JSON.stringify([surface?.name, entries, looks, this.figure?.axes]);
  }

  #build() {
    const focused = document.activeElement?.id;
    const scrolled = this.root.scrollTop;
    this.rows.clear();
    this.refreshers = [];
    const { words } = this;
    const trials = this.editor.config.optimizers.map((trial, i) => this.#trialGroup(trial, i));
    const click = () => this.#addTrial();
    const add = element("button", { type: "button", id: "add", click }, words.add);
    const theme = { ...THEME, choices: this.catalogue.themes };
    this.root.replaceChildren(
      this.#group("surface", words.surface, ...this.#surfaceRows()),
      this.#group("optimizers", words.optimizers, ...trials, add),
      this.#group("run", words.run, this.#row(["steps"], STEPS), this.#row(["seed"], SEED)),
      this.#group("figure", words.figure, this.#row(["title"], TITLE), this.#panelGroup(),
        this.#row(["figure", "theme"], theme)),
    );
    this.showProblems(this.problems);
    this.root.scrollTop = scrolled;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }

  #surfaceRows() {
    const { surfaces } = this.catalogue;
    const entryOf = (name) => surfaces.find((entry) => entry.name === name);
    const current = () => this.editor.config.surface?.name ?? "";
    const choose = (name) =>
      this.editor.commit(withSurface(this.editor.config, entryOf(name), entryOf(current())));
    // A formula can be typed; what else is required, as data, cannot.
    const isTyped = ({ options }) => options.every((o) => !o.required || o.type === "text");
    const offered = surfaces.filter((entry) => isTyped(entry) || entry.name === current());
    const select = this.#select("surface", offered.map(({ name }) => name), current, choose);
    select.setAttribute("aria-label", this.words.surface);
    const options = entryOf(current())?.options ?? [];
    const rows = options.map((option) => this.#row(["surface", option.name], option));
    return [select, ...rows, this.#row(["start"], START)];
  }

  async #addTrial() {
    const name = await this.editor.pickOptimizer();
    if (!name) return;
    this.#editTrials((trials) => [...trials, { name }]);
    const id = `optimizers[${this.editor.config.optimizers.length - 1}]`;
    this.rows.get(id).scrollIntoView({ block: "nearest" });
  }

  #editTrials(change) {
    const { config } = this.editor;
    this.editor.commit({ ...config, optimizers: change(config.optimizers) });
  }

  #trialGroup(trial, i) {
    const id = (j) => `optimizers[${j}]`;
    const last = this.editor.config.optimizers.length - 1;
    const entry = this.catalogue.optimizers.find(({ name }) => name === trial.name);
    const tool = (key, sign, disabled, change, focus) => {
      const click = () => {
        this.#editTrials(change);
        document.getElementById(focus)?.focus();
      };
      const label = fillIn(this.words[key], { name: trial.label ?? trial.name });
      const attributes = { type: "button", class: "icon", disabled, click, "aria-label": label };
      return element("button", { ...attributes, title: label, id: `${id(i)}:${key}` }, sign);
    };
    const swap = (j) => (trials) => trials.with(i, trials[j]).with(j, trials[i]);
    const tools = element("div", { class: "tools" },
      tool("move_up", "↑", i === 0, swap(i - 1), `${id(i - 1)}:move_up`),
      tool("move_down", "↓", i === last, swap(i + 1), `${id(i + 1)}:move_down`),
      tool("remove", "×", last === 0, (trials) => trials.toSpliced(i, 1), "add"),
    );
    const rows = (entry?.options ?? []).map((o) => this.#row(["optimizers", i, o.name], o));
    const group = this.#group(id(i), trial.label ?? trial.name, tools, ...rows);
    group.classList.add("trial");
    group.firstChild.title = entry ? `${entry.title}: ${entry.summary}` : "";
    const trace = this.figure?.traces.length === last + 1 && this.figure.traces[i];
    const marker = trace && newIcon(trace.marker, "-0.75 -0.75 1.5 1.5", trace.color);
    if (marker) group.firstChild.prepend(marker);
    return group;
  }

  #panelGroup() {
    const nameOf = (panel) => panel.name ?? panel;
    const drawn = () => [...new Set(this.figure?.panels.map(nameOf))];
    const panels = () => this.editor.config.panels ?? drawn();
    const has = (name) => panels().some((panel) => nameOf(panel) === name);
    const fits = ({ name, dimensions, data }) =>
      has(name) || (!data && (dimensions ?? this.figure?.axes.length) === this.figure?.axes.length);
    const boxes = this.catalogue.panels.filter(fits).map(({ name, summary }) => {
      const change = () => {
        const others = panels().filter((panel) => nameOf(panel) !== name);
        const chosen = box.checked ? [...others, name] : others;
        this.#edit(["panels"], {}, chosen.length ? chosen : undefined, "commit");
      };
      const box = element("input", { type: "checkbox", id: `panels:${name}`, change });
      this.refreshers.push(() => (box.checked = has(name)));
      return element("label", { title: summary }, box, name);
    });
    return this.#group("panels", this.words.panels, ...boxes);
  }

  #group(name, title, ...children) {
    const group = element("fieldset", {}, element("legend", {}, title), ...children);
    this.rows.set(name, group);
    return group;
  }

  /** A row with the controls of an option; the keys at the top have words of their own. */
  #row(path, option) {
    const id = pathName(path);
    const isOwn = path.length === 1 || path[0] === "figure";
    const label = isOwn ? this.words[option.name] : option.name;
    const name = element("label", { for: id, title: option.help ?? "" }, label);
    const row = element("div", { class: "row" }, name, ...this.#inputs(id, path, option, label));
    this.rows.set(id, row);
    return row;
  }

  #inputs(id, path, option, label) {
    const value = () => valueAt(this.editor.config, path);
    const edit = (changed, method) => this.#edit(path, option, changed, method);
    if (option.type === "schedule") return this.#rate(id, path, option, label, value, edit);
    if (option.type === "boolean") {
      const change = () => edit(box.checked, "commit");
      const box = element("input", { type: "checkbox", id, change });
      this.refreshers.push(() => (box.checked = value() ?? option.default));
      return [box];
    }
    if (option.choices?.length && typeof value() !== "object") {
      const names = option.default === null ? ["", ...option.choices] : option.choices;
      const shown = () => value() ?? option.default;
      return [this.#select(id, names, shown, (chosen) => edit(chosen, "commit"))];
    }
    const box = this.#box(id, option, value, edit);
    if (!Number.isFinite(option.low) || !Number.isFinite(option.high)) return [box];
    return [this.#slider(id, option, label, value, edit), box];
  }

  /** A number, or a schedule whose options have rows of their own. */
  #rate(id, path, option, label, value, edit) {
    const { schedules } = this.catalogue;
    const schedule = this.#scheduleOf(value());
    const choose = (chosen) => {
      const entry = schedules.find(({ name }) => name === chosen);
      edit(entry ? scheduleFrom(entry, value(), option.default) : rateOf(value()), "commit");
    };
    const names = ["", ...schedules.map(({ name }) => name)];
    const select = this.#select(`${id}:schedule`, names, () => schedule?.name, choose);
    const title = fillIn(this.words.schedule_for, { name: label });
    Object.assign(select, { title, ariaLabel: title });
    const holder = element("span", { class: schedule ? "wide" : "schedule" }, select);
    const number = { ...option, type: "number", choices: [] };
    if (!schedule) return [...this.#inputs(id, path, number, label), holder];
    const rows = schedule.options.map((inner) => this.#row([...path, inner.name], inner));
    return [holder, element("div", { class: "inner" }, ...rows)];
  }

  #scheduleOf(value) {
    return this.catalogue.schedules.find(({ name }) => name === (value?.name ?? value));
  }

  #select(id, names, value, choose) {
    const select = element("select", { id, change: () => choose(select.value || undefined) });
    select.append(...names.map((name) => element("option", { value: name }, name || "–")));
    this.refreshers.push(() => (select.value = value() ?? ""));
    return select;
  }

  #box(id, option, value, edit) {
    let typing = false;
    const input = () => {
      typing = true;
      const typed = typedValue(box.value, option.type);
      // A number that is not finished, such as `1e`, is no mistake yet.
      if (typeof typed !== "string" || option.type === "text") edit(typed, "draft");
    };
    const change = () => {
      typing = false;
      edit(typedValue(box.value, option.type), "commit");
    };
    // A text that is again as it was makes no change, but has been typed.
    const blur = () => typing && change();
    const attributes = { type: "text", id, autocomplete: "off", input, change, blur };
    const box = element("input", { ...attributes, placeholder: valueText(option.default) });
    this.refreshers.push(() => typing || (box.value = valueText(value())));
    return box;
  }

  #slider(id, option, label, value, edit) {
    let held = false;
    const settle = () => {
      held = false;
      this.editor.commit(this.editor.config);
    };
    const slider = element("input", {
      type: "range", id: `${id}:slider`, min: "0", max: String(SLIDER_STEPS),
      "aria-label": fillIn(this.words.slider, { name: label }),
      input: () => edit(sliderValue(option, Number(slider.value)), "draft"),
      // A key that is held changes the value many times, and is one change.
      keydown: () => (held = true), keyup: settle, blur: settle, change: () => held || settle(),
    });
    this.refreshers.push(() => {
      const now = value() ?? option.default;
      slider.setAttribute("aria-valuetext", valueText(now));
      // Several positions can have one value; the slider stays where it is then.
      if (sliderValue(option, Number(slider.value)) === now) return;
      slider.value = Math.round(shareOfValue(option, now) * SLIDER_STEPS) || 0;
    });
    return slider;
  }

  #edit(path, option, value, method) {
    const kept = value === option.default ? undefined : value;
    this.editor[method](withValue(this.editor.config, path, kept));
  }
}
