// The form that a bot has opened on a persona's screen. It lies over its own pane only, so that the
// other persona can go on meanwhile.

import { choicesOf } from "./choices.js";
import { el, newId } from "./dom.js";
import { markdown } from "./markdown.js";
import { readFile } from "./option.js";
import { selectMenu } from "./select.js";

const TEXT_INPUT = 4;
const TEXT_DISPLAY = 10;
const LABEL = 18;
const FILE = 19;
const RADIO = 21;
const CHECKBOXES = 22;
const CHECKBOX = 23;
const PARAGRAPH = 2;

/** `submit(fields)` returns why it was refused, or nothing; `close()` when it is given up. */
export function drawModal(modal, where, { submit, close }) {
  const fields = [];
  const titleId = newId("title");
  const error = el("p", { class: "refused", role: "alert", hidden: true });
  const rows = modal.components.map((row) => drawRow(row, where, fields));
  const send = el("button", { type: "submit", class: "primary" }, "Submit");
  const form = el(
    "form",
    { novalidate: true },
    el("h2", { id: titleId }, modal.title),
    el("p", { class: "hint" }, `This form is ${modal.bot}'s.`),
    ...rows,
    error,
    el(
      "div",
      { class: "modal-foot" },
      el("button", { type: "button", onclick: close }, "Cancel"),
      send,
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    send.disabled = true;
    const values = {};
    for (const field of fields) values[field.id] = await field.read();
    const refused = await submit(values);
    send.disabled = false;
    error.textContent = refused ?? "";
    error.hidden = !refused;
  });
  const dialog = el("dialog", { class: "modal", "aria-labelledby": titleId }, form);
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    close();
  });
  return dialog;
}

function drawRow(row, where, fields) {
  if (row.type === TEXT_DISPLAY) return el("div", { class: "markup" }, markdown(row.content, where));
  if (row.type === LABEL) return labelled(row.label, row.description, row.component, where, fields);
  return labelled(row.components[0].label, "", row.components[0], where, fields);
}

function labelled(label, description, given, where, fields) {
  const id = newId("field");
  const about = description ? el("p", { class: "hint", id: `${id}-about` }, description) : null;
  const star = given.required === false ? null : el("span", { class: "star", title: "required" }, " *");
  const made = control(given, label, where);
  fields.push({ id: given.custom_id, read: made.read });
  const tag = made.group ? "span" : "label";
  const name = el(tag, { for: made.group ? undefined : id, id: `${id}-label`, class: "field-name" }, label, star);
  if (made.group) made.node.setAttribute("aria-labelledby", `${id}-label`);
  else made.node.id = id;
  if (about) made.node.setAttribute("aria-describedby", about.id);
  return el("div", { class: "field" }, name, about, made.node);
}

/** { node, read, group }: `group` for what is more than one input. */
function control(given, label, where) {
  if (given.type === TEXT_INPUT) return textInput(given);
  if (given.type === FILE) return fileInput(given);
  if (given.type === RADIO || given.type === CHECKBOXES) return optionGroup(given);
  if (given.type === CHECKBOX) {
    const node = el("input", { type: "checkbox", checked: given.default });
    return { node, read: () => node.checked };
  }
  const node = selectMenu({
    label: given.placeholder ?? label,
    least: given.required === false ? 0 : given.min_values,
    most: given.max_values,
    choices: () => choicesOf(given, where),
    chosen: () => {},
  });
  node.setAttribute("role", "group");
  return { node, read: () => node.values, group: true };
}

function textInput(given) {
  const node = el(given.style === PARAGRAPH ? "textarea" : "input", {
    type: given.style === PARAGRAPH ? undefined : "text",
    rows: given.style === PARAGRAPH ? 4 : undefined,
    placeholder: given.placeholder,
    maxlength: given.max_length,
    "aria-required": String(given.required !== false),
  });
  node.value = given.value ?? "";
  return { node, read: () => node.value };
}

function fileInput(given) {
  const node = el("input", { type: "file", multiple: (given.max_values ?? 1) > 1 });
  return { node, read: () => Promise.all([...node.files].map(readFile)) };
}

function optionGroup(given) {
  const radio = given.type === RADIO;
  const name = newId("group");
  const inputs = given.options.map((one) =>
    el("input", { type: radio ? "radio" : "checkbox", name, value: one.value, checked: one.default }),
  );
  const rows = given.options.map((one, index) =>
    el("label", { class: "choice" }, inputs[index], " ", one.label,
      one.description ? el("small", {}, ` ${one.description}`) : null),
  );
  const node = el("div", { role: radio ? "radiogroup" : "group" }, ...rows);
  const read = () => inputs.filter((one) => one.checked).map((one) => one.value);
  return { node, read, group: true };
}
