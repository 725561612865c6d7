// One message, as Discord draws it.

import { components } from "./components.js";
import { author, contextMenu, tools, userMenu } from "./context.js";
import { el } from "./dom.js";
import { embed } from "./embed.js";
import { inline } from "./inline.js";
import { markdown } from "./markdown.js";
import { attachment } from "./media.js";
import { reactions } from "./reactions.js";
import { timeOfDay } from "./times.js";

const LOADING = 1 << 7;
const REPLY = 19;
const THREAD_CREATED = 18;
const HUES = 12;

/**
 * An article. For `where` see components.js; besides it has { dismiss(message), find(id),
 * mention(userId), commands() - a promise -, placeOf(tool, rectangle) - for popover.js }.
 */
export function drawMessage(message, where) {
  const name = message.author.global_name ?? message.author.username;
  const article = el("article", {
    class: `message${message.ephemeral ? " ephemeral" : ""}`,
    "aria-label": `${name}, ${timeOfDay(Date.parse(message.timestamp) / 1000)}`,
    "data-id": message.id,
    "data-author": message.author.id,
    "data-at": Date.parse(message.timestamp),
    oncontextmenu: (event) => contextMenu(event, message, where),
  });
  if (message.type === THREAD_CREATED) {
    article.classList.add("system");
    article.append(el("p", {}, el("strong", {}, name), ` started a thread: ${message.content}`));
    return article;
  }
  const above = answered(message, where);
  if (above) article.append(above);
  const face = avatar(message.author, name);
  // The name beside it does the same, for keyboards too.
  face.addEventListener("click", () => userMenu(message, where, face.getBoundingClientRect()));
  article.append(face, head(message, name, where), body(message, where));
  if (!message.ephemeral) article.append(tools(message, where));
  article.dataset.alone = above ? "true" : "false";
  return article;
}

/** What this answers: a command, or another message. */
function answered(message, where) {
  const user = message.interaction_metadata?.user;
  if (user && message.command) {
    const who = user.global_name ?? user.username;
    return line(el("strong", {}, who), " used ", el("span", { class: "mention" }, `/${message.command}`));
  }
  if (message.type === REPLY) {
    const other = message.referenced_message;
    if (!other) return line(el("em", {}, "Original message was deleted"));
    const who = other.author.global_name ?? other.author.username;
    return line(el("strong", {}, `@${who}`), " ", excerpt(other.content, where) || "an attachment");
  }
  const pressed = message.interaction_metadata?.interacted_message_id;
  const shown = pressed && pressed !== message.id ? where.find(pressed) : undefined;
  if (!shown || !user) return null;
  const who = user.global_name ?? user.username;
  return line("answers ", el("strong", {}, who), " on ", el("em", {}, excerpt(shown.text, where) || "a message"));
}

function line(...children) {
  return el("div", { class: "above" }, el("span", { "aria-hidden": "true" }, "╭─ "), ...children);
}

/** The first line as it reads, without its markup. */
function excerpt(text, where) {
  const first = text.split("\n").find((one) => one.trim()) ?? "";
  const read = el("span", {}, ...inline(first, where)).textContent;
  return read.length > 80 ? `${read.slice(0, 79)}…` : read;
}

function avatar(author, name) {
  const hue = Number(BigInt(author.id) % BigInt(HUES)) * (360 / HUES);
  const made = el("span", { class: "avatar", "aria-hidden": "true" }, [...name][0] ?? "?");
  made.style.setProperty("--hue", hue);
  return made;
}

function head(message, name, where) {
  const at = new Date(message.timestamp);
  return el(
    "header",
    {},
    author(message, name, where),
    message.author.bot ? el("span", { class: "badge" }, "APP") : null,
    el(
      "time",
      { class: "at", datetime: at.toISOString(), title: at.toLocaleString() },
      timeOfDay(at / 1000),
    ),
  );
}

function body(message, where) {
  const inside = el("div", { class: "message-body" });
  if (message.flags & LOADING) {
    inside.append(el("p", { class: "thinking" }, `${message.author.username} is thinking…`));
  }
  const edited = message.edited_timestamp && !(message.flags & LOADING) ? editedMark(message) : null;
  if (message.content) {
    inside.append(el("div", { class: "markup content" }, markdown(message.content, where), edited));
  }
  const files = message.attachments.filter((one) => !isPlaced(one, message));
  if (files.length) {
    const drawn = files.map((one) => attachment(one, where.sandboxUrl));
    inside.append(el("div", { class: "attachments" }, ...drawn));
  }
  inside.append(...message.embeds.map((one) => embed(one, where)));
  inside.append(...components(message.components, where));
  if (!message.content && edited) inside.append(edited);
  if (message.thread) inside.append(threadLink(message.thread, where));
  if (message.reactions?.length) inside.append(reactions(message, where));
  if (message.ephemeral) inside.append(onlyYou(message, where));
  return inside;
}

/** A file that an embed or a component shows is not shown a second time. */
function isPlaced(file, message) {
  const inside = JSON.stringify([message.embeds, message.components]);
  return inside.includes(JSON.stringify(file.url));
}

function editedMark(message) {
  const when = new Date(message.edited_timestamp).toLocaleString();
  return el("span", { class: "edited", title: when }, "(edited)");
}

function threadLink(thread, where) {
  const open = () => where.openChannel(thread.id);
  return el("button", { type: "button", class: "thread", onclick: open }, `↳ ${thread.name}`);
}

function onlyYou(message, where) {
  const dismiss = () => where.dismiss(message);
  return el(
    "div",
    { class: "only-you" },
    "Only you can see this · ",
    el("button", { type: "button", class: "plain", onclick: dismiss }, "Dismiss message"),
  );
}
