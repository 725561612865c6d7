// What can be done with a message and with who wrote it: the buttons over a message, and the two
// context menus in which commands of bots stand.

import { el } from "./dom.js";
import { openMenu } from "./menu.js";
import { opener, popUp } from "./popover.js";
import { isReactable, openPicker } from "./reactions.js";

const ON_USER = 2;
const ON_MESSAGE = 3;

/** Buttons that show while the message is pointed at, or has the focus. */
export function tools(message, where) {
  const more = opener(
    { "data-tool": "more", "aria-label": "More", "aria-haspopup": "menu", title: "More" },
    (beside) => messageMenu(message, where, beside),
    "⋯",
  );
  const react = opener(
    {
      "data-tool": "react",
      // The menu has it too: one stop for Tab at each message is enough.
      tabindex: -1,
      "aria-label": "Add reaction",
      "aria-haspopup": "dialog",
      title: "Add reaction",
    },
    (beside) => picker(where, "react", beside),
    "☺\ufe0e",
  );
  // Not read out with each message that comes.
  return el("div", { class: "tools", "aria-live": "off" }, isReactable(message, where) && react, more);
}

/** The name of who wrote it, which opens their menu. */
export function author(message, name, where) {
  return opener(
    { class: "author", "data-tool": "author", "aria-haspopup": "menu" },
    (beside) => userMenu(message, where, beside),
    name,
  );
}

/** A right click, the menu key, or a long press. */
export function contextMenu(event, message, where) {
  // What the browser offers for these is of use: copy, open elsewhere, paste.
  const selection = getSelection();
  const selected = !selection.isCollapsed && selection.containsNode(event.currentTarget, true);
  if (selected || event.defaultPrevented || event.target.closest("a, input, textarea")) return;
  event.preventDefault();
  const beside = new DOMRect(event.clientX, event.clientY, 0, 0);
  if (event.target.closest(".author, .avatar")) userMenu(message, where, beside);
  else if (!message.ephemeral) messageMenu(message, where, beside);
}

async function messageMenu(message, where, beside) {
  const place = where.placeOf("more", beside);
  const run = (command) => where.act("message-command", { command });
  const apps = await commands(ON_MESSAGE, "messages", where, run);
  const add = { label: "Add reaction…", run: () => picker(where, "more", beside) };
  const groups = isReactable(message, where) ? [{ items: [add] }, apps] : [apps];
  openMenu({ label: "Message", groups }, place);
}

export async function userMenu(message, where, beside) {
  const { id, username, global_name } = message.author;
  const name = global_name ?? username;
  const place = where.placeOf("author", beside);
  const run = (command) =>
    where.act("user-command", { command, user: id, channel: message.channel_id });
  const apps = await commands(ON_USER, "people", where, run);
  const mention = { label: "Mention", run: () => where.mention(id) };
  openMenu({ label: name, title: name, groups: [{ items: [mention] }, apps] }, place);
}

function picker(where, tool, beside) {
  openPicker(where, (panel) => popUp(panel, where.placeOf(tool, beside)));
}

/** Those of one type, as a group of a menu. */
async function commands(type, on, where, run) {
  const found = (await where.commands().catch(() => [])).filter((one) => one.type === type);
  const items = found
    .sort((one, other) => one.name.localeCompare(other.name))
    .map((one) => ({ label: one.name, side: one.application_name, run: () => run(one.name) }));
  const none = { label: `No bot here has a command for ${on}` };
  return { label: "Apps", items: items.length ? items : [none] };
}
