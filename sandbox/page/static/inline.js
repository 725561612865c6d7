// Markup within a line: emphasis, code, links, mentions, times.

import { el, link } from "./dom.js";
import { timestamp } from "./times.js";

const DEEPEST = 12;
const SPECIAL = /[\\`*_~|<[@h]/g;

// Each is tried where the text stands. None may backtrack beyond the square of its length.
const RULES = [
  [/\\([^\sA-Za-z0-9])/y, (found) => found[1]],
  [/(`+)([\s\S]*?[^`])\1(?!`)/y, (found) => el("code", {}, found[2].replace(/^ (?=`)|(?<=`) $/g, ""))],
  [/\[([^[\]\n]+)\]\(<?(https:\/\/[^\s<>()]+(?:\([^\s<>()]*\))?[^\s<>()]*)>?\)/y, maskedLink],
  [/<(https?:\/\/[^\s<>]+)>/y, (found) => link(found[1], {}, found[1])],
  [/https:\/\/[^\s<]*[^\s<"'.,:;)\]|*_~]/y, (found) => link(found[0], {}, found[0])],
  [/<@!?(\d{1,20})>/y, (found, where) => mention("@", where.names.user(found[1]), "Unknown user")],
  [/<@&(\d{1,20})>/y, roleMention],
  [/<#(\d{1,20})>/y, channelMention],
  [/<\/([^:<>]{1,100}):(\d{1,20})>/y, commandMention],
  [/<a?:(\w{2,32}):\d{1,20}>/y, (found) => el("span", { class: "emoji" }, `:${found[1]}:`)],
  [/<t:(-?\d{1,17})(?::([tTdDfFsSR]))?>/y, (found, where) => timestamp(found[1], found[2], where.now)],
  [/@(?:everyone|here)\b/y, (found, where) =>
    where.everyone ? el("span", { class: "mention" }, found[0]) : found[0]],
  [/\*\*([\s\S]+?)\*\*(?!\*)/y, wrapped("strong")],
  [/__([\s\S]+?)__(?!_)/y, wrapped("u")],
  [/\*(?=\S)((?:\*\*|\\[\s\S]|[^*\\])+?)\*(?!\*)/y, wrapped("em")],
  [/(?<!\w)_((?:__|\\[\s\S]|[^_\\])+?)_(?!\w)/y, wrapped("em")],
  [/~~([\s\S]+?)~~(?!~)/y, wrapped("s")],
  [/\|\|([\s\S]+?)\|\|/y, spoiler],
];

/**
 * Nodes for a text. `where` says how ids are called and what a click on a mention does:
 * { names, personaId, now, everyone, openChannel, writeCommand }.
 */
export function inline(text, where, depth = 0) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(document.createTextNode(plain));
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const made = depth < DEEPEST ? matched(text, at, where, depth) : null;
    if (made) {
      if (typeof made.node === "string") plain += made.node;
      else {
        flush();
        nodes.push(made.node);
      }
      at = made.end;
      continue;
    }
    SPECIAL.lastIndex = at + 1;
    const next = SPECIAL.exec(text)?.index ?? text.length;
    plain += text.slice(at, next);
    at = next;
  }
  flush();
  return nodes;
}

function matched(text, at, where, depth) {
  for (const [pattern, make] of RULES) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) return { node: make(found, where, depth), end: at + found[0].length };
  }
  return null;
}

function wrapped(tag) {
  return (found, where, depth) => el(tag, {}, ...inline(found[1], where, depth + 1));
}

function maskedLink(found, where, depth) {
  return link(found[2], { title: found[2] }, ...inline(found[1], where, depth + 1));
}

function mention(sign, name, unknown) {
  return el("span", { class: "mention" }, name === undefined ? `${sign}${unknown}` : `${sign}${name}`);
}

function roleMention(found, where) {
  return mention("@", where.names.role(found[1])?.name.replace(/^@/, ""), "Unknown role");
}

function channelMention(found, where) {
  const channel = where.names.channel(where.personaId, found[1]);
  if (!channel || !where.openChannel) return mention("#", channel?.name, "Unknown channel");
  const open = () => where.openChannel(channel.id);
  return el("button", { type: "button", class: "mention", onclick: open }, `#${channel.name}`);
}

function commandMention(found, where) {
  if (!where.writeCommand) return mention("/", found[1], "");
  const write = () => where.writeCommand(found[1]);
  return el("button", { type: "button", class: "mention", onclick: write }, `/${found[1]}`);
}

function spoiler(found, where, depth) {
  const inside = el("span", { "aria-hidden": "true" }, ...inline(found[1], where, depth + 1));
  const reveal = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    hidden.className = "spoiler shown";
    for (const name of ["role", "tabindex", "aria-label"]) hidden.removeAttribute(name);
    inside.removeAttribute("aria-hidden");
    hidden.removeEventListener("click", reveal);
    hidden.removeEventListener("keydown", reveal);
  };
  const hidden = el(
    "span",
    {
      class: "spoiler",
      role: "button",
      tabindex: 0,
      "aria-label": "Spoiler, press to show",
      onclick: reveal,
      onkeydown: reveal,
    },
    inside,
  );
  return hidden;
}
