// One persona's client: channels, messages, composer, and the modal that is open.

import { Acting, call } from "./api.js";
import { Composer } from "./composer.js";
import { el, newId } from "./dom.js";
import { MessageList } from "./list.js";
import { drawModal } from "./modal.js";
import { Sidebar, signOf } from "./sidebar.js";

const CATEGORY = 4;
/** How long an action waits for what follows "thinking", in seconds. */
const PATIENCE_S = 5;
const NEW = "new";
const COMMANDS = new Set(["slash", "user-command", "message-command"]);

export class Pane {
  acting = null;
  channelId = null;
  #unread = new Set();
  #loaded = "";
  #called = "";
  #modal = { id: null, dialog: null };

  /** `changed()` is called when persona or channel have; `newPersona()` returns an id, or null. */
  constructor({ feed, names, label, changed, newPersona }) {
    Object.assign(this, { feed, names, changed, newPersona });
    this.list = new MessageList(this.#where());
    this.sidebar = new Sidebar({
      open: (id) => this.openChannel(id),
      openDm: (bot) => this.#openDm(bot),
    });
    this.sidebar.root.id = newId("channels");
    this.composer = new Composer(this);
    this.switcher = el("select", { "aria-label": "Persona", onchange: () => this.#switched() });
    this.heading = el("h2", { class: "channel-heading" });
    this.burger = el(
      "button",
      {
        type: "button",
        class: "burger",
        "aria-label": "Channels",
        "aria-expanded": "false",
        "aria-controls": this.sidebar.root.id,
        onclick: () => this.#showSidebar(!this.root.classList.contains("sidebar-shown")),
      },
      "☰",
    );
    const head = el("header", { class: "pane-head" }, this.burger, this.heading, this.switcher);
    const main = el("div", { class: "pane-main" }, this.list.root, this.composer.root);
    this.inside = el("div", { class: "pane-inside" }, head, this.sidebar.root, main);
    this.root = el("section", { class: "pane", "aria-label": label }, this.inside);
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#showSidebar(false);
    });
  }

  get personaId() {
    return this.acting?.id ?? null;
  }

  get where() {
    return { ...this.#where(), channel: this.channel };
  }

  get channel() {
    return this.names.channel(this.personaId, this.channelId);
  }

  /** Show a persona, in a channel if one is given. */
  become(personaId, channelId = null) {
    if (personaId !== this.personaId) {
      this.acting = personaId ? new Acting(personaId) : null;
      this.#unread.clear();
    }
    this.#go(channelId);
    this.update();
  }

  openChannel(id) {
    this.#showSidebar(false);
    this.become(this.personaId, id);
    this.composer.text.focus({ preventScroll: true });
  }

  #go(channelId) {
    this.channelId = channelId;
    this.#loaded = "";
    this.composer.reset();
    this.changed();
  }

  /** Draw what the feed has told: people and channels, and messages when they are others. */
  update() {
    const { world } = this.feed;
    this.#drawSwitcher(world);
    const channels = this.names.channels(this.personaId);
    const view = world.views[this.personaId];
    // One that the feed has not been asked about yet, a thread just opened, may be there.
    if (view && !this.channel && (!this.channelId || view.opened.includes(this.channelId))) {
      const first = channels.find((one) => one.type !== CATEGORY);
      if (this.channelId !== (first?.id ?? null)) this.#go(first?.id ?? null);
    }
    const { channelId: current } = this;
    this.sidebar.draw({ world, channels, current, unread: this.#unread });
    const { channel } = this;
    this.heading.textContent = channel ? `${signOf(channel)} ${channel.name}` : "";
    const called = JSON.stringify([world.guilds, channels]);
    if (called !== this.#called) {
      this.#called = called;
      this.list.redraw();
    }
    // Only once the feed follows this persona, so that nothing is missed in between.
    if (view && this.#loaded !== this.#key() && (channel || !this.channelId)) this.load();
    this.#drawModal(view?.modal ?? null);
  }

  /** What is drawn may be out of date. */
  forget() {
    this.#loaded = "";
  }

  /** Fetch the messages anew. */
  async load() {
    const key = this.#key();
    this.#loaded = key;
    const { channel } = this;
    this.list.where.channel = channel;
    this.list.where.personaId = this.personaId;
    this.list.where.sandboxUrl = this.feed.world.url;
    this.composer.serve(channel?.writable, channel ? `${signOf(channel)}${channel.name}` : "");
    if (!channel) {
      this.list.replace([], "There is no channel here.");
      return;
    }
    this.#unread.delete(channel.id);
    try {
      const messages = await this.acting.messages(channel.id);
      if (key === this.#key()) this.list.replace(messages, `This is the beginning of ${channel.name}.`);
    } catch (refused) {
      if (key === this.#key()) this.list.replace([], refused.message);
    }
  }

  take(note) {
    if (note.persona !== this.personaId) return;
    const { message } = note;
    const place = message ? message.channel_id : note.channel;
    if (place === this.channelId) {
      if (message) this.list.put(message);
      else this.list.remove(note.id);
    } else if (message && note.new && message.author.id !== this.personaId) {
      this.#unread.add(place);
      this.update();
    }
  }

  /** Act as the persona; returns why it failed, or nothing. */
  async perform(action, body) {
    try {
      const answer = await this.acting.act(action, { ...body, timeout: PATIENCE_S });
      if (!answer.failed) return "";
      return COMMANDS.has(action) ? `${answer.failed}.` : "This interaction failed";
    } catch (refused) {
      return refused.message;
    }
  }

  #where() {
    return {
      names: this.names,
      now: () => this.feed.now(),
      personaId: this.personaId,
      sandboxUrl: this.feed.world.url,
      openChannel: (id) => this.openChannel(id),
      writeCommand: (line) => this.composer.write(line),
      mention: (id) => this.composer.mention(id),
      commands: () => this.acting.commands(this.channelId),
      perform: (action, body) => this.perform(action, body),
      dismiss: (message) => this.perform("dismiss", { message: message.id }),
    };
  }

  #key() {
    return `${this.personaId} ${this.channelId}`;
  }

  #drawSwitcher(world) {
    const people = world.personas.map((one) => ({ value: one.id, label: one.name }));
    const wanted = [...people, { value: NEW, label: "New person…" }];
    const as = JSON.stringify(wanted);
    if (this.switcher.dataset.as !== as) {
      this.switcher.dataset.as = as;
      this.switcher.replaceChildren(...wanted.map((one) => el("option", { value: one.value }, one.label)));
    }
    this.switcher.value = this.personaId ?? "";
  }

  async #switched() {
    const chosen = this.switcher.value;
    const id = chosen === NEW ? await this.newPersona() : chosen;
    if (id) this.become(id, this.names.channel(id, this.channelId) ? this.channelId : null);
    else this.switcher.value = this.personaId ?? "";
  }

  async #openDm(bot) {
    const { id } = await call("POST", `/personas/${this.personaId}/dms`, { bot });
    this.openChannel(id);
  }

  #showSidebar(shown) {
    this.root.classList.toggle("sidebar-shown", shown);
    this.burger.setAttribute("aria-expanded", String(shown));
  }

  #drawModal(modal) {
    const id = modal?.id ?? null;
    if (id === this.#modal.id) return;
    const had = this.#modal.dialog;
    // Whoever is busy in the other pane, or types in the log, is not torn away.
    const mine = document.activeElement === document.body || this.root.contains(document.activeElement);
    this.#modal = { id, dialog: null };
    this.inside.inert = modal !== null;
    had?.remove();
    if (!modal) {
      if (mine) this.composer.text.focus({ preventScroll: true });
      return;
    }
    const dialog = drawModal(modal, this.where, {
      submit: (fields) => this.perform("submit", { fields }),
      close: () => this.perform("close-modal", {}),
    });
    this.#modal.dialog = dialog;
    this.root.append(dialog);
    // Not show(), which takes the focus whoever has it.
    dialog.open = true;
    if (mine) dialog.querySelector("input, textarea, .select-face")?.focus();
  }
}
