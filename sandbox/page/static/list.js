// The messages of one channel, in order, kept at the newest unless the reader has scrolled away.

import { compareIds, el } from "./dom.js";
import { drawMessage } from "./message.js";

const GROUPED_MS = 7 * 60 * 1000;
const NEAR_PX = 80;
const MOST = 500;

export class MessageList {
  #drawn = new Map();

  constructor(where) {
    this.where = { ...where, find: (id) => this.#drawn.get(id)?.message };
    this.root = el("div", {
      class: "messages",
      role: "log",
      "aria-live": "polite",
      "aria-label": "Messages",
      tabindex: 0,
    });
    this.root.addEventListener("load", () => this.#follow(), true); // pictures grow when they come
    this.#pinned = true;
    this.root.addEventListener("scroll", () => (this.#pinned = this.#isNearEnd()));
    new ResizeObserver(() => this.#follow()).observe(this.root);
  }

  #pinned;

  /** Show these, and nothing else. */
  replace(messages, empty) {
    this.#drawn.clear();
    this.root.replaceChildren();
    if (!messages.length) this.root.append(el("p", { class: "empty" }, empty));
    this.#pinned = true;
    for (const message of messages.slice(-MOST)) this.#put(message);
    this.#group();
    this.#follow();
  }

  /** A new message, or one that has changed. */
  put(message) {
    this.root.querySelector(":scope > .empty")?.remove();
    this.#put(message);
    if (this.#drawn.size > MOST) this.remove(this.#drawn.keys().next().value);
    this.#group();
    this.#follow();
  }

  remove(id) {
    const node = this.#drawn.get(id)?.node;
    const focused = node?.contains(document.activeElement);
    node?.remove();
    this.#drawn.delete(id);
    if (focused) this.root.focus();
    this.#group();
  }

  /** A line of this client's own, which goes with the channel. */
  note(text) {
    this.root.append(el("p", { class: "note", role: "alert" }, text));
    this.#follow();
  }

  /** Draw anew, when what ids are called has changed. */
  redraw() {
    for (const { message } of [...this.#drawn.values()]) this.#put(message);
    this.#group();
  }

  #put(message) {
    const before = this.#drawn.get(message.id);
    const kept = { before: before?.kept ?? new Map(), now: new Map() };
    const focused = before?.node.contains(document.activeElement) ? document.activeElement : null;
    const act = (action, body, control) => this.#act(message, action, body, control);
    const placeOf = (tool, beside) => this.#placeOf(message.id, tool, beside);
    const node = drawMessage(message, { ...this.where, kept, act, placeOf });
    if (before) {
      before.node.replaceWith(node);
      // What had the focus has it again: itself when it was kept, else what took its place.
      if (focused) refocus(node, focused);
      this.#drawn.set(message.id, { message, node, kept: kept.now });
      return;
    }
    this.#drawn.set(message.id, { message, node, kept: kept.now });
    const notes = [...this.root.children];
    const next = notes.find((one) => one.dataset.id && compareIds(one.dataset.id, message.id) > 0);
    this.root.insertBefore(node, next ?? null);
  }

  async #act(message, action, body, control) {
    control?.setAttribute("aria-busy", "true");
    this.#fail(message.id, "");
    const on = { message: message.id, message_channel: message.channel_id };
    const failed = await this.where.perform(action, { ...body, ...on });
    control?.removeAttribute("aria-busy");
    if (!failed) return;
    control?.reset?.();
    this.#fail(message.id, failed);
  }

  /** Where a menu of a message opens, and what has the focus once it closes. */
  #placeOf(id, tool, beside) {
    const back = () =>
      this.#drawn.get(id)?.node.querySelector(`[data-tool="${tool}"]`) ?? this.root;
    return { beside, within: this.root.closest(".pane"), back };
  }

  #fail(id, text) {
    const node = this.#drawn.get(id)?.node;
    node?.querySelector(":scope > .failed")?.remove();
    if (text) node?.append(el("p", { class: "failed", role: "alert" }, text));
    this.#follow();
  }

  /** Messages of one author that follow closely stand under one name. */
  #group() {
    let last = null;
    for (const node of this.root.querySelectorAll(":scope > article")) {
      const joins =
        last &&
        node.dataset.alone === "false" &&
        last.dataset.author === node.dataset.author &&
        last.classList.contains("ephemeral") === node.classList.contains("ephemeral") &&
        node.dataset.at - last.dataset.at < GROUPED_MS;
      node.classList.toggle("grouped", Boolean(joins));
      last = node;
    }
  }

  #isNearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.root;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  #follow() {
    if (this.#pinned) this.root.scrollTop = this.root.scrollHeight;
  }
}

function refocus(node, focused) {
  if (node.contains(focused)) {
    focused.focus();
    return;
  }
  const { key, tool } = focused.dataset;
  const same = [...node.querySelectorAll("[data-key], [data-tool]")].find(
    (one) => one.dataset.key === key && one.dataset.tool === tool && !one.disabled,
  );
  const next =
    same ?? node.querySelector('.message-body button:not(:disabled), [data-tool="more"]');
  if (next) next.focus();
  else node.closest(".messages")?.focus();
}
