// Reactions under a message, pressed to join or leave them, and what offers further ones.

import { el, emojiText, newId } from "./dom.js";

const COMMON = ["👍", "👎", "❤️", "😂", "🎉", "👀", "✅", "❌"];
const LONGEST = 32;

/** Whether anybody may react at all; the sandbox knows of permissions. */
export function isReactable(message, where) {
  return !message.ephemeral && !where.names.channel(where.personaId, message.channel_id)?.archived;
}

export function reactions(message, where) {
  const still = !isReactable(message, where);
  const shown = message.reactions.map(({ emoji, count, me }) =>
    el(
      "button",
      {
        type: "button",
        class: "reaction",
        "data-tool": `reaction ${emoji.name}`,
        "aria-pressed": String(me),
        "aria-label": `${emojiText(emoji)}, ${count} ${count === 1 ? "reaction" : "reactions"}`,
        disabled: still,
        onclick: () => where.act(me ? "unreact" : "react", { emoji: emoji.name }),
      },
      el("span", { class: "emoji" }, emojiText(emoji)),
      el("span", { class: "count" }, count),
    ),
  );
  return el("div", { class: "reactions", role: "group", "aria-label": "Reactions" }, ...shown);
}

/** `open(panel)` shows it, and returns what closes it. */
export function openPicker(where, open) {
  const react = (emoji) => {
    close();
    where.act("react", { emoji });
  };
  const common = COMMON.map((emoji) =>
    el("button", { type: "button", class: "emoji", onclick: () => react(emoji) }, emoji),
  );
  const id = newId("emoji");
  const other = el("input", { id, type: "text", autocomplete: "off", maxlength: LONGEST, size: 6 });
  const form = el(
    "form",
    { class: "other-emoji" },
    el("label", { for: id }, "Another emoji"),
    other,
    el("button", { type: "submit", class: "primary" }, "React"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const emoji = other.value.trim();
    if (emoji) react(emoji);
    else other.focus();
  });
  const panel = el(
    "div",
    { class: "picker", role: "dialog", "aria-label": "Add a reaction" },
    el("div", { class: "common-emoji" }, ...common),
    form,
  );
  const close = open(panel);
  common[0].focus();
}
