// Channels, their threads, and direct messages, as one persona sees them.

import { el } from "./dom.js";

const CATEGORY = 4;
const VOICE = 2;
const THREADS = new Set([10, 11, 12]);

/** A nav. `open(channelId)` and `openDm(botId)` are called on a choice. */
export class Sidebar {
  constructor({ open, openDm }) {
    this.open = open;
    this.openDm = openDm;
    this.root = el("nav", { class: "sidebar", "aria-label": "Channels" });
  }

  draw({ world, channels, current, unread }) {
    const focused = this.root.contains(document.activeElement) && document.activeElement.dataset.key;
    const parts = world.guilds
      .filter((guild) => channels.some((one) => one.guild === guild.id))
      .map((guild) => this.#guild(guild, channels, current, unread));
    this.root.replaceChildren(...parts, this.#dms(world, channels, current, unread));
    if (focused) this.root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #guild(guild, channels, current, unread) {
    const own = channels.filter((one) => one.guild === guild.id);
    const list = el("ul");
    const known = new Set(own.map((one) => one.id));
    const inside = (parent) => own.filter((one) => one.parent === parent.id);
    const add = (channel, depth) => {
      list.append(this.#item(channel, depth, current, unread));
      for (const one of inside(channel)) add(one, depth + 1);
    };
    for (const channel of own) if (!known.has(channel.parent)) add(channel, 0);
    return el("section", {}, el("h2", {}, guild.name), list);
  }

  #item(channel, depth, current, unread) {
    if (channel.type === CATEGORY) return el("li", { class: "category" }, channel.name);
    const fresh = unread.has(channel.id) && channel.id !== current;
    const sign = signOf(channel);
    const button = el(
      "button",
      {
        type: "button",
        "data-key": channel.id,
        class: ["channel", fresh && "unread", channel.archived && "archived"].filter(Boolean).join(" "),
        "aria-current": channel.id === current ? "page" : undefined,
        title: channel.archived ? `${channel.name} (archived)` : channel.name,
        onclick: () => this.open(channel.id),
      },
      el("span", { class: "sign", "aria-hidden": "true" }, sign),
      el("span", { class: "channel-name" }, channel.name),
      fresh ? el("span", { class: "visually-hidden" }, " (unread)") : null,
    );
    return el("li", { class: `depth-${Math.min(depth, 2)}` }, button);
  }

  /** Those that are open, and the bots that could be written to. */
  #dms(world, channels, current, unread) {
    const open = channels.filter((one) => one.guild === null);
    const list = el("ul", {}, ...open.map((one) => this.#item(one, 0, current, unread)));
    for (const bot of world.bots.filter((bot) => !open.some((one) => one.bot === bot.id))) {
      const start = () => this.openDm(bot.id);
      const attributes = { type: "button", class: "channel faint", "data-key": bot.id, onclick: start };
      const sign = el("span", { class: "sign", "aria-hidden": "true" }, "@");
      list.append(el("li", {}, el("button", attributes, sign, el("span", { class: "channel-name" }, bot.name))));
    }
    return list.children.length ? el("section", {}, el("h2", {}, "Direct messages"), list) : "";
  }
}

export function signOf(channel) {
  if (channel.guild === null) return "@";
  if (channel.type === VOICE) return "♪";
  return THREADS.has(channel.type) ? "↳" : "#";
}
