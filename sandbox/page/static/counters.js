// Counters that somebody outside has announced, like "Simulated players".

import { call } from "./api.js";
import { drawEach, el } from "./dom.js";

export class Counters {
  constructor() {
    this.root = el("div", { class: "counters" });
  }

  draw(counters) {
    drawEach(this.root, counters, drawn);
  }
}

function drawn(counter) {
  const path = `/counters/${encodeURIComponent(counter.name)}`;
  const change = (by) => call("PATCH", path, { value: counter.value + by });
  const step = (by, sign, word, disabled) =>
    el(
      "button",
      {
        type: "button",
        class: "small",
        "aria-label": `${word}: ${counter.label}`,
        "data-key": `${counter.name} ${by}`,
        // Not disabled: the focus would be lost at the end of the range.
        "aria-disabled": disabled ? "true" : undefined,
        onclick: () => (disabled ? null : change(by)),
      },
      sign,
    );
  return el(
    "div",
    { class: "counter", role: "group", "aria-label": counter.label },
    el("span", {}, counter.label),
    step(-1, "−", "Fewer", counter.value <= counter.least),
    el("output", { "aria-live": "polite" }, counter.value),
    step(1, "+", "More", counter.value >= counter.most),
  );
}
