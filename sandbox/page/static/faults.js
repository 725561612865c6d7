// Faults in force, a form that adds one, and what can be done to a bot's gateway at once.

import { call } from "./api.js";
import { drawEach, el } from "./dom.js";
import { FaultForm } from "./fault_form.js";

/** At once, rather than at the next event: label, endpoint, what it is told. */
const GATEWAY = [
  ["Close", "disconnect", {}],
  ["Ask to reconnect", "reconnect", {}],
  ["Forget the session", "disconnect", { resumable: false }],
];
const DONE = {
  error: "fails",
  rate_limit: "is rate limited",
  hang: "is never answered",
  reset: "loses its connection",
  drop: "is dropped",
  repeat: "is repeated",
  close: "closes the gateway",
  reconnect: "asks to reconnect",
  invalid_session: "ends the session",
};

export class Faults {
  constructor() {
    this.form = new FaultForm((fault) => this.#do("POST", "/faults", fault));
    this.list = el("ul", { class: "fault-list", "aria-label": "Faults in force" });
    this.bots = el("div", { class: "gateways" });
    this.error = el("p", { class: "refused", role: "alert", hidden: true });
    const slow = button("Slow everything by 1 s", () => this.#slowDown());
    this.clear = button("Remove all", () => this.#do("DELETE", "/faults"));
    this.root = el(
      "aside",
      { class: "faults", "aria-label": "Faults" },
      el("header", { class: "log-head" }, el("h2", {}, "Faults"), slow, this.clear),
      this.form.root,
      this.error,
      this.list,
      this.bots,
    );
  }

  draw(faults, bots) {
    this.clear.hidden = !faults.length;
    drawEach(this.list, faults, (fault) => this.#item(fault));
    drawEach(this.bots, bots, (bot) => this.#gateway(bot));
  }

  #item(fault) {
    const text = described(fault);
    const remove = () => this.#do("DELETE", `/faults/${fault.id}`);
    return el(
      "li",
      { class: fault.over ? "over" : "" },
      el("span", {}, text),
      el("small", {}, struck(fault)),
      button("Remove", remove, { "aria-label": `Remove: ${text}`, "data-key": fault.id }),
    );
  }

  #gateway(bot) {
    const label = `Gateway of ${bot.name}`;
    const buttons = GATEWAY.map(([word, action, body]) => {
      const act = () => this.#do("POST", `/bots/${bot.id}/${action}`, body);
      return button(word, act, { "data-key": `${bot.id} ${word}` });
    });
    const state = bot.online ? "" : " (offline)";
    return el("div", { role: "group", "aria-label": label }, el("span", {}, `${label}${state}`), ...buttons);
  }

  async #slowDown() {
    const slowly = { do: "delay", seconds: 1 };
    (await this.#do("POST", "/faults", slowly)) && (await this.#do("POST", "/faults", { ...slowly, event: "*" }));
  }

  /** Whether it was done. */
  async #do(method, path, body) {
    let refused = "";
    try {
      await call(method, path, body);
    } catch (error) {
      refused = error.message;
    }
    this.error.textContent = refused;
    this.error.hidden = !refused;
    return !refused;
  }
}

function button(label, onclick, attributes = {}) {
  return el("button", { type: "button", class: "small", onclick, ...attributes }, label);
}

function described(fault) {
  const what = fault.event
    ? `Event ${fault.event === "*" ? "of any kind" : fault.event}`
    : `${fault.method ?? "Any"} ${fault.path === "/**" ? "request" : fault.path}`;
  if (fault.do === "delay") return `${what} comes ${fault.seconds} s later`;
  const with_ = fault.code ?? fault.status;
  return `${what} ${DONE[fault.do]}${with_ ? ` with ${with_}` : ""}${fault.effect ? ", but is carried out" : ""}`;
}

function struck(fault) {
  const times = fault.count ? `${fault.hits} of ${fault.count}` : `${fault.hits} so far`;
  return fault.over ? `${times}, over` : times;
}
