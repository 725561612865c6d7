// A menu to choose one or several from, on a message or in a modal. It opens in its place rather
// than above it, so that nothing is cut off at the width of a phone.

import { el, emojiText, newId } from "./dom.js";

const FILTERED_FROM = 12;

/**
 * `choices()` returns { value, label, description, emoji, default } each; `chosen(values)` is called
 * when the choice has changed. The element has `values`, `face` (what takes the focus) and `reset()`.
 */
export function selectMenu({ label, least, most, disabled, choices, chosen }) {
  const listId = newId("options");
  const face = el("button", {
    type: "button",
    class: "select-face",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    disabled,
  });
  const list = el("ul", {
    role: "listbox",
    id: listId,
    tabindex: 0,
    "aria-label": label,
    "aria-multiselectable": most > 1 ? "true" : undefined,
  });
  const filter = el("input", { type: "text", placeholder: "Search", "aria-label": `Search: ${label}` });
  const done = el("button", { type: "button", class: "small primary" }, "Done");
  const hint = el("span", { class: "hint" });
  const foot = most > 1 ? el("div", { class: "select-foot" }, hint, done) : null;
  const popup = el("div", { class: "select-popup", hidden: true }, filter, list, foot);
  const root = el("div", { class: "select" }, face, popup);

  let options = choices();
  let values = options.filter((one) => one.default).map((one) => one.value);
  let settled = values;
  let active = 0;
  let shown = [];

  const labelOf = (value) => options.find((one) => one.value === value)?.label ?? value;

  function drawFace() {
    const text = values.map(labelOf).join(", ");
    face.replaceChildren(el("span", { class: text ? "" : "placeholder" }, text || label), "▾");
    face.setAttribute("aria-label", text ? `${label}: ${text}` : label);
  }

  function drawList() {
    const sought = filter.value.trim().toLowerCase();
    shown = options.filter((one) => one.label.toLowerCase().includes(sought));
    active = Math.max(0, Math.min(active, shown.length - 1));
    const full = most > 1 && values.length >= most;
    list.replaceChildren(
      ...shown.map((one, index) => {
        const picked = values.includes(one.value);
        return el(
          "li",
          {
            role: "option",
            id: `${listId}-${index}`,
            class: index === active ? "active" : "",
            "aria-selected": String(picked),
            "aria-disabled": full && !picked ? "true" : undefined,
            onclick: () => pick(index),
          },
          el("span", { class: "tick", "aria-hidden": "true" }, picked ? "✓" : ""),
          el("span", { class: "option-label" }, one.emoji ? `${emojiText(one.emoji)} ` : "", one.label),
          one.description ? el("small", {}, one.description) : null,
        );
      }),
    );
    if (!shown.length) list.append(el("li", { class: "empty" }, "Nothing found"));
    list.setAttribute("aria-activedescendant", shown.length ? `${listId}-${active}` : "");
    hint.textContent = `${values.length} chosen, ${least} to ${most} possible`;
    done.disabled = values.length < least;
  }

  function pick(index) {
    const value = shown[index]?.value;
    if (value === undefined) return;
    active = index;
    const has = values.includes(value);
    if (most === 1) {
      values = has && least === 0 ? [] : [value];
      close(true);
      return;
    }
    if (!has && values.length >= most) return;
    values = has ? values.filter((one) => one !== value) : [...values, value];
    drawList();
  }

  function open() {
    options = choices();
    filter.value = "";
    filter.hidden = options.length < FILTERED_FROM;
    active = Math.max(0, options.findIndex((one) => values.includes(one.value)));
    popup.hidden = false;
    face.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", closeFromOutside);
    drawList();
    (filter.hidden ? list : filter).focus();
    popup.scrollIntoView({ block: "nearest" });
  }

  /** With `keep` the choice counts, if it may; without, it is as it was. */
  function close(keep) {
    if (popup.hidden) return;
    popup.hidden = true;
    face.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", closeFromOutside);
    if (!keep || values.length < least) values = settled;
    // Choosing the same again tells the bot nothing, as in Discord's client.
    const changed = values.join("\n") !== settled.join("\n");
    settled = values;
    drawFace();
    if (changed) chosen(values);
  }

  function closeFromOutside(event) {
    if (!event.composedPath().includes(root)) close(true);
  }

  function move(to) {
    active = (to + shown.length) % Math.max(1, shown.length);
    drawList();
    list.children[active]?.scrollIntoView({ block: "nearest" });
  }

  face.addEventListener("click", () => (popup.hidden ? open() : close(true)));
  face.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || !popup.hidden) return;
    event.preventDefault();
    open();
  });
  done.addEventListener("click", () => {
    close(true);
    face.focus();
  });
  filter.addEventListener("input", () => {
    active = 0;
    drawList();
  });
  popup.addEventListener("keydown", (event) => {
    if (event.target === done && event.key !== "Escape") return;
    const steps = { ArrowDown: active + 1, ArrowUp: active - 1 };
    if (event.target === list) Object.assign(steps, { Home: 0, End: shown.length - 1 });
    const press = event.key === "Enter" || (event.key === " " && event.target === list);
    if (event.key in steps) move(steps[event.key]);
    else if (press) pick(active);
    else if (event.key === "Escape") close(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (popup.hidden) face.focus();
  });
  root.addEventListener("focusout", (event) => {
    // Focus goes nowhere when an option is clicked that is drawn anew at once.
    if (event.relatedTarget && !root.contains(event.relatedTarget)) close(true);
  });

  drawFace();
  Object.defineProperty(root, "values", { get: () => values });
  root.face = face;
  root.reset = () => {
    values = settled = options.filter((one) => one.default).map((one) => one.value);
    drawFace();
  };
  return root;
}
