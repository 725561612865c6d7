// The page: one or two panes, the log, and where each of them is - kept in the address, so that a
// reload or a second tab shows the same.

import { call } from "./api.js";
import { el } from "./dom.js";
import { Counters } from "./counters.js";
import { Faults } from "./faults.js";
import { Feed } from "./feed.js";
import { Log } from "./log.js";
import { Names } from "./names.js";
import { Pane } from "./pane.js";
import { keepRelativeTimesTrue } from "./times.js";

const WIDE = matchMedia("(min-width: 900px)");

const feed = new Feed();
const names = new Names(feed);
const faults = new Faults();
const log = new Log({ breakLike: (row) => breakLike(row) });
const counters = new Counters();
const panes = ["First pane", "Second pane"].map(
  (label) => new Pane({ feed, names, label, changed: remember, newPersona }),
);
const state = { second: WIDE.matches, log: WIDE.matches, faults: false };

const status = el("p", { class: "connection", role: "status" }, "Connecting…");
const secondToggle = toggle("Two panes", "second", panes[1].root);
const logToggle = toggle("Log", "log", log.root);
const faultsToggle = toggle("Faults", "faults", faults.root);
const beside = el("div", { class: "beside" }, faults.root, log.root);
const holder = el("main", { class: "panes" }, ...panes.map((pane) => pane.root));

document.body.append(
  el(
    "header",
    { class: "top" },
    el("h1", {}, "Sandbox"),
    status,
    counters.root,
    el("div", { class: "toggles" }, secondToggle, logToggle, faultsToggle),
  ),
  el("div", { class: "below" }, holder, beside),
);

recall();
arrange();

feed.addEventListener("open", () => {
  log.clear(); // the feed tells the last rows again
  status.textContent = "";
  for (const pane of panes) pane.forget(); // what was missed is fetched once the feed goes on
});
feed.addEventListener("closed", () => (status.textContent = "The sandbox has gone. Waiting for it…"));
feed.addEventListener("world", () => update());
feed.addEventListener("faults", () => faults.draw(feed.faults, feed.world.bots));
feed.addEventListener("rows", (event) => log.add(event.detail));
for (const kind of ["message", "gone"]) {
  feed.addEventListener(kind, (event) => panes.forEach((pane) => pane.take(event.detail)));
}
window.addEventListener("hashchange", () => {
  recall();
  update();
});
remember();
feed.connect();
keepRelativeTimesTrue(() => feed.now());

function update() {
  const known = feed.world.personas.map((one) => one.id);
  panes.forEach((pane, index) => {
    if (known.includes(pane.personaId)) return;
    // Whoever was here belonged to another run of the sandbox.
    const free = known.find((id) => panes.every((one) => one.personaId !== id));
    pane.become(free ?? known[index] ?? known[0] ?? null);
  });
  counters.draw(feed.world.counters);
  faults.draw(feed.faults, feed.world.bots);
  panes.forEach((pane) => pane.update());
  if (!known.length) status.textContent = "Nobody is here yet: choose “New person…”.";
  else if (status.textContent.startsWith("Nobody")) status.textContent = "";
}

/** Into the address, without a step in the browser's history for each. */
function remember() {
  const at = new URLSearchParams();
  panes.forEach((pane, index) => {
    if (pane.personaId) at.set("ab"[index], [pane.personaId, pane.channelId].filter(Boolean).join("."));
  });
  for (const key of Object.keys(state)) at.set(key, Number(state[key]));
  history.replaceState(null, "", `#${at}`);
  const shown = panes.filter((_, index) => index === 0 || state.second);
  feed.watch(shown.map((pane) => ({ persona: pane.personaId, channel: pane.channelId })));
}

function recall() {
  const at = new URLSearchParams(location.hash.slice(1));
  for (const key of Object.keys(state)) if (at.has(key)) state[key] = at.get(key) === "1";
  const wanted = ["a", "b"].map((key) => at.get(key)?.split(".") ?? []);
  panes.forEach((pane, index) => {
    const [persona, channel] = wanted[index];
    const same = pane.personaId === persona && pane.channelId === (channel ?? null);
    if (persona && !same) {
      // Not yet known to exist: `update` finds out.
      pane.become(persona, channel ?? null);
    }
  });
}

function toggle(label, key, root) {
  const flip = () => {
    state[key] = !state[key];
    arrange();
    remember();
    update();
    // On a phone it opens below what is seen.
    if (state[key]) root.scrollIntoView({ block: "nearest" });
  };
  return el("button", { type: "button", class: "small", onclick: flip }, label);
}

function arrange() {
  panes[1].root.hidden = !state.second;
  log.root.hidden = !state.log;
  faults.root.hidden = !state.faults;
  beside.hidden = !state.log && !state.faults;
  holder.classList.toggle("two", state.second);
  secondToggle.setAttribute("aria-pressed", String(state.second));
  logToggle.setAttribute("aria-pressed", String(state.log));
  faultsToggle.setAttribute("aria-pressed", String(state.faults));
}

function breakLike(row) {
  state.faults = true;
  arrange();
  remember();
  faults.form.begin(row.method, row.route);
}

/** Ask for a name, and let somebody of that name join. */
function newPersona() {
  const name = el("input", { type: "text", id: "new-name", maxlength: 32, required: true });
  const cancel = el("button", { type: "button", onclick: () => dialog.close() }, "Cancel");
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: "new-title" }, "New person"),
    el("label", { for: "new-name", class: "field-name" }, "Name"),
    name,
    el("div", { class: "modal-foot" }, cancel, el("button", { type: "submit", class: "primary" }, "Join")),
  );
  const dialog = el("dialog", { class: "modal", "aria-labelledby": "new-title" }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let made = null;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!name.value.trim()) return;
      made = (await call("POST", "/personas", { name: name.value.trim() })).id;
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(made);
    });
  });
}
