// A slash command while its options are filled in.

import { el } from "./dom.js";
import { OptionField } from "./option.js";

const SUBCOMMANDS = new Set([1, 2]);

/** Every command that can be invoked: { line, description, options, bot }. */
export function invocable(commands) {
  const found = [];
  const walk = (node, words, bot) => {
    const line = [...words, node.name];
    const inner = (node.options ?? []).filter((one) => SUBCOMMANDS.has(one.type));
    for (const one of inner) walk(one, line, bot);
    if (inner.length) return;
    const options = node.options ?? [];
    found.push({ line: line.join(" "), description: node.description, options, bot });
  };
  for (const command of commands) {
    if (command.type === 1) walk(command, [], command.application_name);
  }
  return found.sort((one, other) => one.line.localeCompare(other.line));
}

export class CommandForm {
  fields = [];

  /** `complete(line, option, text, values)` asks the bot for choices. */
  constructor(command, where, complete) {
    this.command = command;
    this.where = where;
    this.ask = complete;
    this.holder = el("div", { class: "options" });
    this.more = el("div", { class: "more", role: "group", "aria-label": "Optional" });
    this.root = el(
      "div",
      { class: "command", role: "group", "aria-label": `/${command.line}` },
      el("span", { class: "command-name" }, `/${command.line}`),
      this.holder,
      this.more,
    );
    for (const option of command.options.filter((one) => one.required)) this.#add(option);
    this.#offerMore();
  }

  /** The first field that is still empty, or null. */
  focusNext() {
    const next = this.fields.find((one) => one.value === undefined);
    next?.input.focus();
    return next ?? null;
  }

  /** Option names to what was given. Files are read here, hence a promise. */
  async values() {
    const given = {};
    for (const field of this.fields) {
      const value = await field.value;
      if (value !== undefined) given[field.name] = value;
    }
    return given;
  }

  #add(option) {
    const field = new OptionField(option, this.where, {
      complete: (name, text) => this.#complete(name, text),
      next: () => this.#next(field),
      remove: option.required ? null : () => this.#remove(field),
    });
    this.fields.push(field);
    this.holder.append(field.root);
    return field;
  }

  #next(field) {
    const after = this.fields[this.fields.indexOf(field) + 1];
    // The field itself keeps the focus when it is the last, where Enter sends.
    if (after) after.input.focus();
  }

  #remove(field) {
    this.fields = this.fields.filter((one) => one !== field);
    field.root.remove();
    this.#offerMore();
    (this.fields.at(-1)?.input ?? this.more.querySelector("button"))?.focus();
  }

  #offerMore() {
    const given = new Set(this.fields.map((one) => one.name));
    const left = this.command.options.filter((one) => !given.has(one.name));
    this.more.replaceChildren(
      ...left.map((option) => {
        const add = () => {
          const field = this.#add(option);
          this.#offerMore();
          field.input.focus();
        };
        const attributes = { type: "button", class: "small", title: option.description, onclick: add };
        return el("button", attributes, `+ ${option.name}`);
      }),
    );
  }

  async #complete(name, text) {
    const values = await this.values();
    delete values[name];
    return this.ask(this.command.line, name, text, values);
  }
}
