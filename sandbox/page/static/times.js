// Times in messages. Relative ones are drawn anew every second, by the sandbox's clock.

import { el } from "./dom.js";

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};
const UNITS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "always" });
const LATEST = 8.64e12;

/** `<t:unix:style>`; `now` returns the time in seconds. */
export function timestamp(unix, style, now) {
  const seconds = Math.max(-LATEST, Math.min(LATEST, Number(unix)));
  const when = new Date(seconds * 1000);
  const title = when.toLocaleString(undefined, STYLES.F);
  if (style !== "R") {
    const text = when.toLocaleString(undefined, STYLES[style] ?? STYLES.f);
    return el("time", { class: "stamp", datetime: when.toISOString(), title }, text);
  }
  return el(
    "time",
    { class: "stamp", datetime: when.toISOString(), title, "data-relative": seconds },
    relative(seconds - now()),
  );
}

export function relative(seconds) {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? UNITS.at(-1);
  return RELATIVE.format(Math.trunc(seconds / size), unit);
}

/** The time of day, for messages. */
export function timeOfDay(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString(undefined, { timeStyle: "short" });
}

/** The same to the second, for the log. */
export function clockTime(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("en-GB");
}

export function keepRelativeTimesTrue(now) {
  setInterval(() => {
    for (const stamp of document.querySelectorAll("time[data-relative]")) {
      const text = relative(Number(stamp.dataset.relative) - now());
      if (stamp.textContent !== text) stamp.textContent = text;
    }
  }, 1000);
}
