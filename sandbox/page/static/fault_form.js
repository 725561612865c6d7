// The form that describes a fault: what goes wrong, and the few fields that belong to it.

import { el, newId } from "./dom.js";

const REQUESTS = [
  ["error", "fails", ["answer", "effect"]],
  ["rate_limit", "is rate limited", ["seconds"]],
  ["delay", "comes late", ["seconds"]],
  ["hang", "is never answered", ["effect"]],
  ["reset", "loses its connection", ["effect"]],
];
const EVENTS = [
  ["drop", "is dropped", []],
  ["delay", "comes late", ["seconds"]],
  ["repeat", "is repeated", ["times"]],
  ["close", "closes the gateway", ["code", "forget"]],
  ["reconnect", "asks to reconnect", ["forget"]],
  ["invalid_session", "ends the session", []],
];
const FIRST_CODE = 1000;
/** What is often wanted; any other can be typed. */
const ANSWERS = {
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
  10003: "Unknown Channel",
  10008: "Unknown Message",
  30046: "Too many edits of an old message",
  40003: "Opening direct messages too fast",
  50001: "Missing Access",
  50007: "Cannot send messages to this user",
  50013: "Missing Permissions",
};
const PATHS = {
  "/**": "every request",
  "/channels/*/messages": "messages that are sent",
  "/channels/*/messages/*": "messages that are edited or deleted",
  "/channels/*/threads": "threads",
  "/interactions/*/*/callback": "answers to interactions",
  "/webhooks/*/*/messages/*": "edits of those answers",
  "/users/@me/channels": "direct messages that are opened",
};
const NAMES = ["*", "INTERACTION_CREATE", "MESSAGE_CREATE", "MESSAGE_DELETE", "THREAD_UPDATE", "GUILD_CREATE"];
const METHODS = ["any", "GET", "POST", "PATCH", "PUT", "DELETE"];

export class FaultForm {
  #fields = {};

  /** `add(fault)` returns whether it was taken. */
  constructor(add) {
    this.kind = el(
      "select",
      { id: newId("fault"), onchange: () => this.#arrange() },
      ...REQUESTS.map(([name, word]) => choice(`request ${name}`, `A request ${word}`)),
      ...EVENTS.map(([name, word]) => choice(`event ${name}`, `An event ${word}`)),
    );
    const parts = [
      this.#field("method", "Method", el("select", {}, ...METHODS.map((one) => choice(one, one)))),
      this.#field("path", "Path", text("/**"), PATHS),
      this.#field("event", "Event", text("*"), Object.fromEntries(NAMES.map((name) => [name, ""]))),
      this.#field("answer", "Status or error code", number({ min: 400, value: 500 }), ANSWERS),
      this.#field("seconds", "Seconds", number({ min: 0, max: 86400, step: "any", value: 1 })),
      this.#field("times", "Repetitions", number({ min: 1, max: 100, value: 1 })),
      this.#field("code", "Close code", number({ min: 1000, max: 4999, value: 4000 })),
      this.#field("effect", "Carried out all the same", el("input", { type: "checkbox" })),
      this.#field("forget", "Forget the session", el("input", { type: "checkbox" })),
      this.#field("count", "How many", number({ min: 1, placeholder: "all", required: false })),
    ];
    this.root = el(
      "form",
      { class: "fault-form", "aria-label": "Add a fault" },
      el("label", { for: this.kind.id }, "What"),
      this.kind,
      ...parts.flat(),
      el("button", { type: "submit", class: "primary" }, "Add fault"),
    );
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      add(this.#described());
    });
    this.#arrange();
  }

  /** Begin with requests like one that stood in the log. */
  begin(method, path) {
    this.kind.value = "request error";
    this.#arrange();
    this.#fields.method.input.value = method;
    this.#fields.path.input.value = path;
    this.kind.focus();
  }

  #field(name, says, input, offered) {
    input.id = newId("fault");
    const label = el("label", { for: input.id }, says);
    this.#fields[name] = { input, label };
    if (!offered) return [label, input];
    const list = el("datalist", { id: newId("offered") });
    list.append(...Object.entries(offered).map(([value, about]) => choice(value, about)));
    input.setAttribute("list", list.id);
    return [label, input, list];
  }

  /** [whether it strikes events, what it does, its own fields] */
  #chosen() {
    const [kind, name] = this.kind.value.split(" ");
    const event = kind === "event";
    return [event, name, (event ? EVENTS : REQUESTS).find(([one]) => one === name)[2]];
  }

  #arrange() {
    const [event, , own] = this.#chosen();
    const shown = new Set(["count", ...own, ...(event ? ["event"] : ["method", "path"])]);
    for (const [name, { input, label }] of Object.entries(this.#fields)) {
      // One that is not shown must not keep the form from being sent.
      input.disabled = input.hidden = label.hidden = !shown.has(name);
    }
  }

  #described() {
    const [, name] = this.#chosen();
    const fault = { do: name };
    for (const [key, { input }] of Object.entries(this.#fields)) {
      if (input.disabled || input.value === "" || input.value === "any") continue;
      if (input.type !== "checkbox") fault[key] = input.type === "number" ? Number(input.value) : input.value.trim();
      else if (input.checked) fault[key] = true;
    }
    const { answer, forget, ...rest } = fault;
    if (answer !== undefined) rest[answer < FIRST_CODE ? "status" : "code"] = answer;
    if (forget) rest.resumable = false;
    return rest;
  }
}

function choice(value, label) {
  return el("option", { value }, label);
}

function text(value) {
  return el("input", { type: "text", value, required: true, spellcheck: "false" });
}

function number(attributes) {
  return el("input", { type: "number", required: true, ...attributes });
}
