// Discord's markup, as nodes: blocks here, what stands within a line in inline.js.

import { el } from "./dom.js";
import { inline } from "./inline.js";

const FENCE = /```(?:([\w+#.-]{1,20})\n)?([\s\S]*?)```/g;
const HEADING = /^(#{1,3}) +(.+)$/;
const SMALL = /^-# +(.+)$/;
const ITEM = /^( *)(?:[-*]|(\d{1,9})\.) +(.+)$/;

/** A fragment for a text; for `where` see inline.js. */
export function markdown(text, where) {
  const made = document.createDocumentFragment();
  let at = 0;
  for (const found of text.matchAll(FENCE)) {
    if (!found[2].trim()) continue;
    made.append(...blocks(text.slice(at, found.index).replace(/\n$/, ""), where));
    const code = found[2].replace(/^\n/, "").replace(/\n$/, "");
    made.append(el("pre", { "data-language": found[1], tabindex: 0 }, el("code", {}, code)));
    at = found.index + found[0].length;
    if (text[at] === "\n") at += 1;
  }
  made.append(...blocks(text.slice(at), where));
  return made;
}

function blocks(text, where) {
  if (!text) return [];
  const nodes = [];
  const lines = text.split("\n");
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) nodes.push(el("p", {}, ...inline(paragraph.join("\n"), where)));
    paragraph = [];
  };
  while (lines.length) {
    const taken = block(lines, where);
    if (taken) {
      flush();
      nodes.push(taken);
    } else paragraph.push(lines.shift());
  }
  flush();
  return nodes;
}

/** The block that begins at the first of the lines, which it takes away; null when none does. */
function block(lines, where) {
  const line = lines[0];
  if (line.startsWith(">>> ")) {
    const inside = lines.splice(0).join("\n").slice(4);
    return el("blockquote", {}, ...blocks(inside, where));
  }
  if (line.startsWith("> ")) {
    const inside = takeWhile(lines, (one) => one.startsWith("> ")).map((one) => one.slice(2));
    return el("blockquote", {}, ...blocks(inside.join("\n"), where));
  }
  const heading = HEADING.exec(line);
  if (heading) {
    lines.shift();
    // Below the page's own headings, whose levels are 1 and 2.
    return el(`h${heading[1].length + 2}`, {}, ...inline(heading[2], where));
  }
  const small = SMALL.exec(line);
  if (small) {
    lines.shift();
    return el("small", {}, ...inline(small[1], where));
  }
  const item = ITEM.exec(line);
  if (item) {
    const same = (one) => one && (one[1].length > item[1].length || !one[2] === !item[2]);
    return list(takeWhile(lines, (one) => same(ITEM.exec(one))), where);
  }
  return null;
}

function list(lines, where) {
  const items = lines.map((line) => ITEM.exec(line));
  const [, indent, number] = items[0];
  const made = el(number ? "ol" : "ul", { start: number });
  while (items.length) {
    const [, , , text] = items.shift();
    const deeper = takeWhile(items, (one) => one[1].length > indent.length);
    const inner = deeper.length ? list(deeper.map((one) => one[0]), where) : null;
    made.append(el("li", {}, ...inline(text, where), inner));
  }
  return made;
}

function takeWhile(things, fits) {
  const end = things.findIndex((one) => !fits(one));
  return things.splice(0, end < 0 ? things.length : end);
}
