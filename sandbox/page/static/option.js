// One option of a command: a field that offers its choices, and what was given in it.

import { choicesOf } from "./choices.js";
import { el, newId } from "./dom.js";
import { Suggest } from "./suggest.js";

const TYPES = {
  3: "text",
  4: "whole number",
  5: "true or false",
  6: "user",
  7: "channel",
  8: "role",
  9: "user or role",
  10: "number",
  11: "file",
};
const NUMBERS = new Set([4, 10]);
const BOOLEAN = 5;
const FILE = 11;
/** Option types to the types of the selects that offer the same. */
const AS_SELECT = { 6: 5, 7: 8, 8: 6, 9: 7 };
const SHOWN = 25;
const PAUSE_MS = 150;

export class OptionField {
  #picked = null;
  #file = null;
  #timer = 0;

  /** `where` as in choices.js; `complete(text)` asks the bot; `next()` goes on to the next field. */
  constructor(option, where, { complete, next, remove }) {
    this.option = option;
    this.where = where;
    this.complete = complete;
    const id = newId("option");
    const file = option.type === FILE;
    this.input = el("input", {
      id,
      type: file ? "file" : "text",
      "aria-required": option.required ? "true" : undefined,
      "aria-describedby": `${id}-about`,
      placeholder: TYPES[option.type],
      size: 14,
    });
    this.root = el(
      "div",
      { class: `option${option.required ? " required" : ""}` },
      el("label", { for: id }, option.name),
      this.input,
      el("span", { id: `${id}-about`, class: "about" }, option.description),
    );
    if (file) {
      this.input.addEventListener("change", () => this.#read());
      return;
    }
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Backspace" || this.input.value || !remove) return;
      event.preventDefault();
      remove();
    });
    this.input.addEventListener("input", () => (this.#picked = null));
    if (!this.#offers()) return;
    this.suggest = new Suggest(this.input, {
      label: `Choices for ${option.name}`,
      openAtFocus: true,
      find: (text) => this.#find(text),
      choose: (item) => {
        this.input.value = item.label;
        this.#picked = item;
        next();
      },
    });
    this.root.append(this.suggest.root);
  }

  get name() {
    return this.option.name;
  }

  /** What is sent; undefined when nothing was given. */
  get value() {
    if (this.option.type === FILE) return this.#file ?? undefined;
    if (this.#picked) return this.#picked.value;
    const text = this.input.value.trim();
    if (!text) return undefined;
    const same = this.#fixed()?.find((one) => plain(one.label) === plain(text));
    if (same) return same.value;
    // What is no number goes as it was typed: the sandbox says what is wrong with it.
    if (NUMBERS.has(this.option.type) && Number.isFinite(Number(text))) return Number(text);
    return text;
  }

  #offers() {
    return this.option.autocomplete || this.#fixed() !== null;
  }

  /** The choices that are known without asking; null when there are none. */
  #fixed() {
    const { choices, type } = this.option;
    if (choices) return choices.map((one) => ({ label: one.name, value: one.value }));
    if (type === BOOLEAN) return [true, false].map((value) => ({ label: value ? "True" : "False", value }));
    if (!(type in AS_SELECT)) return null;
    const select = { type: AS_SELECT[type], channel_types: this.option.channel_types };
    return choicesOf(select, this.where).map((one) => ({ ...one, detail: one.description }));
  }

  async #find(text) {
    const picked = this.#picked?.label === text;
    if (!this.option.autocomplete) {
      const choices = this.#fixed().map((one) => ({ ...one, current: this.#isPicked(one) }));
      if (!picked) return fitting(choices, plain(text)).slice(0, SHOWN);
      // All of them again, in their order, with the one that was picked among them.
      const from = Math.max(0, choices.findIndex((one) => one.current) - SHOWN + 1);
      return choices.slice(from, from + SHOWN);
    }
    clearTimeout(this.#timer);
    await new Promise((resolve) => (this.#timer = setTimeout(resolve, PAUSE_MS)));
    const choices = await this.complete(this.name, text);
    return choices?.map((one) => ({ label: one.name, value: one.value })) ?? null;
  }

  #isPicked(choice) {
    return this.#picked !== null && this.#picked.value === choice.value;
  }

  #read() {
    const [file] = this.input.files;
    this.#file = file ? readFile(file) : null;
  }
}

/** A label as it is compared with what was typed: without its sign. */
function plain(text) {
  return text.trim().toLowerCase().replace(/^[@#]/, "");
}

/** Those with the text in their label; first those that begin with it. */
function fitting(choices, sought) {
  const rank = (one) => plain(one.label).indexOf(sought);
  const found = choices.filter((one) => rank(one) >= 0);
  return found.sort((one, other) => Number(rank(one) > 0) - Number(rank(other) > 0));
}

/** A file as the sandbox takes it; a promise. */
export async function readFile(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { filename: file.name, content: btoa(text), content_type: file.type };
}
