// Components of a message: buttons and selects, and the layout of Components V2.

import { choicesOf } from "./choices.js";
import { colour, el, emojiText, httpsAddress, link } from "./dom.js";
import { markdown } from "./markdown.js";
import { fileLink, picture } from "./media.js";
import { selectMenu } from "./select.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link" };
const LINK = 5;

const DRAWN = {
  1: row,
  2: button,
  3: select,
  5: select,
  6: select,
  7: select,
  8: select,
  9: section,
  10: (given, where) => el("div", { class: "markup" }, markdown(given.content, where)),
  11: (given, where) => media(given.media.url, given, where, true),
  12: gallery,
  13: (given, where) => fileLink(given.name, given.size, given.file.url, where.sandboxUrl),
  14: (given) => el(given.divider ? "hr" : "div", { class: given.spacing === 2 ? "gap large" : "gap" }),
  17: container,
};

/**
 * Nodes. Besides that of inline.js, `where` has { channel, sandboxUrl, act(action, body, control),
 * kept } - the controls drawn last, by custom_id: one that has not changed is used again, so that an
 * edit of the message does not close a menu that is open.
 */
export function components(given, where) {
  return given.map((one) => DRAWN[one.type]?.(one, where)).filter(Boolean);
}

function row(given, where) {
  return el("div", { class: "component-row" }, ...components(given.components, where));
}

function button(given, where) {
  const label = [emojiText(given.emoji), given.label].filter(Boolean).join(" ");
  if (given.style === LINK) {
    if (given.disabled || httpsAddress(given.url) === null) {
      return el("button", { type: "button", class: "button link", disabled: true, title: given.url }, label, " ↗");
    }
    return link(given.url, { class: "button link" }, label, " ↗");
  }
  return keep(given, where, () => {
    const press = () => where.act("press", { custom_id: given.custom_id }, made);
    const made = el(
      "button",
      {
        type: "button",
        class: `button ${STYLES[given.style] ?? "secondary"}`,
        disabled: given.disabled,
        onclick: press,
      },
      label || "…",
    );
    made.face = made;
    return made;
  });
}

function select(given, where) {
  return keep(given, where, () => {
    const made = selectMenu({
      label: given.placeholder ?? "Make a selection",
      least: given.min_values,
      most: given.max_values,
      disabled: given.disabled,
      choices: () => choicesOf(given, where),
      chosen: (values) => where.act("select", { custom_id: given.custom_id, values }, made),
    });
    return made;
  });
}

/** The same control as before when it is the same component. */
function keep(given, where, make) {
  const key = given.custom_id;
  const as = JSON.stringify(given);
  const before = where.kept?.before.get(key);
  const made = before?.as === as ? before.control : make();
  made.face.dataset.key = key;
  where.kept?.now.set(key, { as, control: made });
  return made;
}

function section(given, where) {
  return el(
    "div",
    { class: "section" },
    el("div", {}, ...components(given.components, where)),
    ...components(given.accessory ? [given.accessory] : [], where),
  );
}

function gallery(given, where) {
  const items = given.items.map((one) => media(one.media.url, one, where, false));
  return el("div", { class: "gallery" }, ...items);
}

function media(url, given, where, small) {
  return picture(url, {
    sandboxUrl: where.sandboxUrl,
    description: given.description,
    spoiler: given.spoiler,
    small,
  });
}

function container(given, where) {
  const box = el("div", { class: "container" }, ...components(given.components, where));
  if (given.accent_color !== null && given.accent_color !== undefined) {
    box.style.setProperty("--edge", colour(given.accent_color));
  }
  if (!given.spoiler) return box;
  const show = () => cover.replaceWith(box);
  const cover = el("button", { type: "button", class: "cover", onclick: show }, "Spoiler: show");
  return cover;
}
