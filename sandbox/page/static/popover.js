// What opens beside a control and closes by itself. It lies in the browser's top layer, so that no
// pane cuts it off.

import { el } from "./dom.js";

const EDGE_PX = 8;
const GAP_PX = 4;

/** A button that opens something at its own rectangle, and closes it when pressed again. */
export function opener(attributes, open, label) {
  let closes = false;
  const made = el(
    "button",
    {
      type: "button",
      ...attributes,
      // The press closes what lies open, like any press beside it, before the click comes.
      onpointerdown: () => (closes = document.querySelector(".pop-up")?.back() === made),
      onclick: () => {
        if (!closes) open(made.getBoundingClientRect());
        closes = false;
      },
    },
    label,
  );
  return made;
}

/**
 * Show a panel beside a rectangle of the window. `within` is the pane it belongs to, `back()` what
 * takes the focus when it closes. Returns what closes it.
 */
export function popUp(panel, { beside, within, back }) {
  const close = () => {
    if (!panel.isConnected) return;
    document.removeEventListener("pointerdown", closeFromOutside);
    const focused = panel.contains(document.activeElement);
    panel.remove();
    // Not from whoever has gone elsewhere, by a click beside it.
    if (focused) back()?.focus({ preventScroll: true });
  };
  const closeFromOutside = (event) => {
    if (!event.composedPath().includes(panel)) close();
  };
  panel.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !panel.contains(event.relatedTarget)) close();
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  // "auto" would close it when the button of a right click is let go.
  panel.popover = "manual";
  panel.tabIndex = -1;
  panel.back = back;
  panel.classList.add("pop-up");
  document.addEventListener("pointerdown", closeFromOutside);
  within.append(panel);
  panel.showPopover();
  place(panel, beside, within.getBoundingClientRect());
  return close;
}

/** Below, or above where there is no room; and over its own pane, not the other. */
function place(panel, beside, pane) {
  const { width, height } = panel.getBoundingClientRect();
  const below = beside.bottom + GAP_PX;
  const fits = below + height + EDGE_PX <= innerHeight;
  const top = fits ? below : beside.top - GAP_PX - height;
  const left = Math.min(beside.left, pane.right - width - EDGE_PX);
  panel.style.top = `${Math.max(EDGE_PX, top)}px`;
  panel.style.left = `${Math.max(EDGE_PX, left)}px`;
}
