// Suggestions above an input, chosen by keyboard or mouse (the combobox pattern of ARIA).

import { el, newId } from "./dom.js";

export class Suggest {
  #items = [];
  #active = 0;
  #asked = 0;

  /**
   * `find(text)` returns, or promises, { label, detail, current, ... } each, or null to show
   * nothing; `choose(item)` is called with the one chosen.
   */
  constructor(input, { label, find, choose, openAtFocus = false }) {
    this.input = input;
    this.find = find;
    this.choose = choose;
    this.id = newId("suggestions");
    this.root = el("ul", { class: "suggestions", role: "listbox", id: this.id, "aria-label": label, hidden: true });
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.refresh());
    if (openAtFocus) input.addEventListener("focus", () => this.refresh());
    input.addEventListener("blur", () => this.close());
    input.addEventListener("keydown", (event) => this.#key(event));
  }

  get open() {
    return !this.root.hidden;
  }

  async refresh() {
    this.#asked += 1;
    const asked = this.#asked;
    const found = await this.find(this.input.value);
    // A later question may have been answered already, or the focus be elsewhere.
    if (asked !== this.#asked || document.activeElement !== this.input) return;
    if (found === null) {
      this.close();
      return;
    }
    this.#items = found;
    this.#active = Math.max(0, found.findIndex((one) => one.current));
    this.root.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.#draw();
  }

  close() {
    this.#asked += 1;
    this.root.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  #draw() {
    const drawn = this.#items.map((item, index) =>
      el(
        "li",
        {
          role: "option",
          id: `${this.id}-${index}`,
          "aria-selected": String(index === this.#active),
          class: index === this.#active ? "active" : "",
          // Before the input loses the focus, which would close this.
          onpointerdown: (event) => {
            event.preventDefault();
            this.#take(item);
          },
        },
        el("span", { class: "option-label" }, item.label),
        item.detail ? el("small", {}, item.detail) : null,
        item.side ? el("span", { class: "side" }, item.side) : null,
      ),
    );
    if (!drawn.length) drawn.push(el("li", { class: "empty" }, "Nothing fits"));
    this.root.replaceChildren(...drawn);
    if (!this.#items.length) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    this.input.setAttribute("aria-activedescendant", `${this.id}-${this.#active}`);
    this.root.children[this.#active].scrollIntoView({ block: "nearest" });
  }

  #take(item) {
    this.close();
    this.choose(item);
  }

  #key(event) {
    if (!this.open || event.isComposing) return;
    if (event.key === "Tab" && event.shiftKey) return; // back, without choosing anything
    const count = this.#items.length;
    if (event.key === "Escape") this.close();
    else if (!count) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#active = (this.#active + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.#draw();
    } else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#items[this.#active]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
