// What the bot asked of Discord, each request with its answer, and what Discord told it.

import { el } from "./dom.js";
import { clockTime } from "./times.js";

const MOST_ROWS = 600;
const NEAR_PX = 60;

export class Log {
  #rows = [];
  #pinned = true;

  /** `breakLike(row)` is called for requests that are to go wrong. */
  constructor({ breakLike }) {
    this.breakLike = breakLike;
    this.filter = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the log" });
    this.kinds = {
      request: el("input", { type: "checkbox", checked: true }),
      event: el("input", { type: "checkbox", checked: true }),
    };
    this.list = el("div", { class: "log-rows", tabindex: 0, role: "group", "aria-label": "Rows of the log" });
    const clear = el("button", { type: "button", class: "small", onclick: () => this.clear() }, "Clear");
    this.root = el(
      "aside",
      { class: "log", "aria-label": "Log" },
      el(
        "header",
        { class: "log-head" },
        el("h2", {}, "Log"),
        this.filter,
        el("label", {}, this.kinds.request, " Requests"),
        el("label", {}, this.kinds.event, " Events"),
        clear,
      ),
      this.list,
    );
    this.list.addEventListener("scroll", () => {
      const { scrollHeight, scrollTop, clientHeight } = this.list;
      this.#pinned = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    });
    new ResizeObserver(() => this.#follow()).observe(this.list);
    this.filter.addEventListener("input", () => this.#sift());
    for (const box of Object.values(this.kinds)) box.addEventListener("change", () => this.#sift());
  }

  clear() {
    this.#rows = [];
    this.list.replaceChildren();
  }

  add(rows) {
    for (const row of rows.slice(-MOST_ROWS)) {
      const node = row.kind === "request" ? request(row, this.breakLike) : gatewayEvent(row);
      const entry = { kind: row.kind, text: searchable(row), node };
      node.hidden = !this.#fits(entry);
      this.#rows.push(entry);
      this.list.append(node);
    }
    for (const old of this.#rows.splice(0, Math.max(0, this.#rows.length - MOST_ROWS))) old.node.remove();
    this.#follow();
  }

  #follow() {
    if (this.#pinned) this.list.scrollTop = this.list.scrollHeight;
  }

  #sift() {
    for (const entry of this.#rows) entry.node.hidden = !this.#fits(entry);
    this.#follow();
  }

  #fits(entry) {
    return this.kinds[entry.kind].checked && entry.text.includes(this.filter.value.trim().toLowerCase());
  }
}

function searchable(row) {
  const parts = row.kind === "request" ? [row.method, row.path, row.status] : [row.event, row.data];
  return parts.join(" ").toLowerCase();
}

/** Ids and tokens are most of a path and tell the least; the whole path is in the title. */
function shortened(path) {
  return path.replace(/\/(?:[\w-]{40,}|\d{13,})/g, "/…").replace(/(?:\/…)+/g, "/…");
}

/** What a reader recognises it by, as far as its JSON was not cut. */
function brief(text) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    return "";
  }
  if (!body || typeof body !== "object") return "";
  const inner = body.data ?? body;
  const said = inner.content || inner.title || inner.custom_id || inner.name;
  const line = typeof said === "string" ? said.split("\n", 1)[0] : "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function request(row, breakLike) {
  const status = row.status >= 500 || !row.status ? "broken" : row.status >= 400 ? "refused" : "fine";
  return unfolding(
    [
      el("time", {}, clockTime(row.at)),
      el("span", { class: `method ${row.method.toLowerCase()}` }, row.method),
      el("span", { class: "path", title: row.path }, shortened(row.path), said(row.request)),
      row.fault ? el("span", { class: "fault", title: `fault ${row.fault}` }, "fault") : null,
      el("span", { class: `status ${status}` }, row.status || "no answer"),
      el("small", {}, `${(row.seconds * 1000).toFixed(1)} ms`),
    ],
    [
      ["Request", row.request],
      ["Response", row.response],
    ],
    row.route
      ? el("button", { type: "button", class: "small", onclick: () => breakLike(row) }, "Let requests like this go wrong…")
      : null,
  );
}

function gatewayEvent(row) {
  return unfolding(
    [
      el("time", {}, clockTime(row.at)),
      el("span", { class: "method told" }, "event"),
      el("span", { class: "path" }, row.event, said(row.data)),
      row.shard ? el("small", {}, `shard ${row.shard}`) : null,
    ],
    [["Data", row.data]],
  );
}

function said(text) {
  const line = brief(text);
  return line ? el("small", {}, ` ${line}`) : null;
}

/** JSON is laid out when it is asked for: most rows never are. */
function unfolding(summary, parts, after) {
  const details = el("details", { class: "log-row" }, el("summary", {}, ...summary));
  details.addEventListener("toggle", () => {
    if (!details.open || details.children.length > 1) return;
    for (const [title, text] of parts) {
      details.append(el("h3", {}, title), el("pre", { tabindex: 0 }, laidOut(text)));
    }
    if (after) details.append(after);
  });
  return details;
}

function laidOut(text) {
  if (!text) return "nothing";
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return `${text}\n… (cut)`;
  }
}
