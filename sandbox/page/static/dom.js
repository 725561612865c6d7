// Making elements. Text only ever becomes text nodes: there is no way to HTML in here, and the
// page's Content-Security-Policy (trusted-types 'none') makes the browser refuse any other.

let lastId = 0;

/** An element with attributes; names that begin with "on" are listeners, children may be text. */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child || child === 0));
  return made;
}

/** One child an item, drawn anew only when they are others; what had the focus has it again. */
export function drawEach(root, items, drawn) {
  const as = JSON.stringify(items);
  if (root.dataset.as === as) return;
  const focused = root.contains(document.activeElement) && document.activeElement.dataset.key;
  root.dataset.as = as;
  root.replaceChildren(...items.map(drawn));
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

/** An id for what aria attributes point at. */
export function newId(what) {
  lastId += 1;
  return `${what}-${lastId}`;
}

/** A link to somewhere else, or plain content when the address is not https. */
export function link(url, attributes, ...children) {
  const address = httpsAddress(url);
  if (address === null) return el("span", { title: url }, ...children);
  return el(
    "a",
    { href: address, target: "_blank", rel: "noopener noreferrer", ...attributes },
    ...children,
  );
}

export function httpsAddress(url) {
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A colour as Discord writes it, a number. */
export function colour(number) {
  return `#${number.toString(16).padStart(6, "0")}`;
}

/** An emoji as a button or an option carries it; one of a server's own is named, not drawn. */
export function emojiText(emoji) {
  if (!emoji) return "";
  return emoji.id ? `:${emoji.name}:` : emoji.name;
}

/** Ids are numbers that are too large for a number. */
export function compareIds(one, other) {
  return one.length - other.length || (one < other ? -1 : Number(one > other));
}
