// Pictures and files. Only what this sandbox keeps is loaded: the policy of the page forbids the
// rest, and a demo must not tell other servers that it runs.

import { el, link } from "./dom.js";

/** The path of a file that the sandbox keeps, or null for any other address. */
export function ownPath(url, sandboxUrl) {
  try {
    const parsed = new URL(url);
    const own = parsed.origin === sandboxUrl || parsed.origin === location.origin;
    return own && parsed.pathname.startsWith("/cdn/") ? parsed.pathname : null;
  } catch {
    return null;
  }
}

/** A picture, or a link to it where it is somebody else's. */
export function picture(url, { sandboxUrl, description, spoiler, small }) {
  const path = ownPath(url, sandboxUrl);
  const kind = small ? "thumbnail" : "picture";
  if (path === null) {
    return link(url, { class: `${kind} elsewhere` }, "Picture: ", shortened(url));
  }
  const image = el("img", { src: path, alt: description ?? "", class: kind, loading: "lazy" });
  return spoiler ? covered(image) : image;
}

/** An attached file: a picture is shown, anything else can be saved. */
export function attachment(file, sandboxUrl) {
  const spoiler = file.filename.startsWith("SPOILER_");
  if (file.content_type?.startsWith("image/")) {
    return picture(file.url, { sandboxUrl, description: file.description ?? file.filename, spoiler });
  }
  return fileLink(file.filename, file.size, file.url, sandboxUrl);
}

export function fileLink(name, size, url, sandboxUrl) {
  const path = ownPath(url, sandboxUrl);
  const label = [name ?? "file", el("small", {}, ` ${readable(size ?? 0)}`)];
  if (path === null) return link(url, { class: "file" }, ...label);
  return el("a", { class: "file", href: path, download: name ?? "" }, ...label);
}

function covered(image) {
  const show = () => cover.replaceWith(image);
  const cover = el("button", { type: "button", class: "cover", onclick: show }, "Spoiler: show");
  return cover;
}

function shortened(url) {
  return url.length > 60 ? `${url.slice(0, 59)}…` : url;
}

function readable(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
