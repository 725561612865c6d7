// An embed: the box with a coloured edge.

import { colour, el, link } from "./dom.js";
import { markdown } from "./markdown.js";
import { picture } from "./media.js";

export function embed(given, where) {
  const box = el("div", { class: "embed", role: "group", "aria-label": given.title ?? "Embed" });
  if (given.color !== undefined) box.style.setProperty("--edge", colour(given.color));
  const body = el("div", { class: "embed-body" });
  if (given.author) body.append(el("div", { class: "embed-author" }, maybeLink(given.author)));
  if (given.title) {
    const title = el("div", { class: "embed-title" }, markdown(given.title, where));
    body.append(given.url ? link(given.url, { class: "embed-link" }, title) : title);
  }
  if (given.description) {
    body.append(el("div", { class: "markup" }, markdown(given.description, where)));
  }
  if (given.fields?.length) body.append(fields(given.fields, where));
  if (given.image) body.append(picture(given.image.url, { sandboxUrl: where.sandboxUrl }));
  const foot = [given.footer?.text, given.timestamp && readableDate(given.timestamp)];
  if (foot.some(Boolean)) {
    body.append(el("div", { class: "embed-foot" }, foot.filter(Boolean).join(" • ")));
  }
  box.append(body);
  if (given.thumbnail) {
    box.append(picture(given.thumbnail.url, { sandboxUrl: where.sandboxUrl, small: true }));
  }
  return box;
}

function fields(given, where) {
  const grid = el("dl", { class: "embed-fields" });
  for (const field of given) {
    grid.append(
      el(
        "div",
        { class: field.inline ? "inline" : "" },
        el("dt", {}, markdown(field.name, where)),
        el("dd", { class: "markup" }, markdown(field.value, where)),
      ),
    );
  }
  return grid;
}

function maybeLink(author) {
  return author.url ? link(author.url, {}, author.name) : author.name;
}

function readableDate(text) {
  const when = new Date(text);
  if (Number.isNaN(when.getTime())) return text;
  return when.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
