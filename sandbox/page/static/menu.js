// A menu of things to do (the menu pattern of ARIA): arrows, Home, End and first letters move in it.

import { el, newId } from "./dom.js";
import { popUp } from "./popover.js";

/**
 * Open one with `groups` of { label, items }, a group's label is optional. An item is { label, side,
 * run }; without `run` it cannot be chosen, and only says something. For `where` see popover.js.
 */
export function openMenu({ label, title, groups }, where) {
  const items = [];
  const root = el(
    "div",
    { class: "menu", role: "menu", "aria-label": label, onkeydown: key },
    title ? el("div", { class: "menu-title", role: "presentation" }, title) : null,
    ...groups.map(group),
  );
  const close = popUp(root, where);
  items[0].focus();

  function group({ label: called, items: given }) {
    const drawn = given.map(item);
    items.push(...drawn);
    if (!called) return el("div", { role: "group" }, ...drawn);
    const id = newId("group");
    const heading = el("div", { id, class: "menu-heading", role: "presentation" }, called);
    return el("div", { role: "group", "aria-labelledby": id }, heading, ...drawn);
  }

  function item({ label: called, side, run }) {
    const choose = () => {
      if (!run) return;
      close();
      run();
    };
    const made = el(
      "button",
      {
        type: "button",
        role: "menuitem",
        tabindex: -1,
        "aria-disabled": run ? undefined : "true",
        onclick: choose,
        onpointermove: () => made.focus({ preventScroll: true }),
      },
      el("span", { class: "item-label" }, called),
      side ? el("span", { class: "side" }, side) : null,
    );
    return made;
  }

  function key(event) {
    const at = items.indexOf(document.activeElement);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    if (event.key === "Tab") {
      close(); // which gives the focus back: Tab goes on from there
    } else if (event.key in steps) {
      event.preventDefault();
      items.at(steps[event.key] % items.length).focus();
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey) {
      const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
      const begins = (one) => one.textContent.toLowerCase().startsWith(event.key.toLowerCase());
      order.find(begins)?.focus();
    }
  }
}
