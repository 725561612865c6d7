// Where a persona writes: text, or a slash command with its options.

import { CommandForm, invocable } from "./command.js";
import { el } from "./dom.js";
import { Suggest } from "./suggest.js";

export class Composer {
  #form = null;
  #commands = null;

  /**
   * `pane` has { acting, channelId, where, perform(action, body) } - see pane.js. `perform` returns
   * why it failed, or nothing.
   */
  constructor(pane) {
    this.pane = pane;
    this.text = el("textarea", { rows: 1, "aria-label": "Message, or / for a command" });
    this.suggest = new Suggest(this.text, {
      label: "Commands",
      find: (text) => this.#find(text),
      choose: (item) => this.begin(item.command),
    });
    this.error = el("p", { class: "refused", role: "alert", hidden: true });
    this.slot = el("div", { class: "slot" }, this.text);
    this.send = el("button", { type: "submit", class: "primary send" }, "Send");
    const give = () => this.#giveUp();
    this.cancel = el("button", { type: "button", "aria-label": "Cancel", hidden: true, onclick: give }, "✕");
    this.root = el(
      "form",
      { class: "composer", "aria-label": "Composer", hidden: true },
      this.suggest.root,
      this.error,
      el("div", { class: "composer-row" }, this.slot, this.cancel, this.send),
    );
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.root.addEventListener("keydown", (event) => this.#key(event));
    this.text.addEventListener("input", () => this.#fit());
  }

  /** For another channel or persona: commands may differ, what was typed is gone. */
  reset() {
    this.#commands = null;
    this.leave();
    this.text.value = "";
    this.#fit();
    this.root.hidden = !this.pane.channelId;
  }

  /** In the channel as it is now known; what has been typed since stays. */
  serve(writable, name) {
    this.#commands = null;
    this.text.placeholder = writable
      ? `Message ${name}, or /`
      : "You cannot write here, only /command";
    this.root.hidden = !this.pane.channelId;
  }

  /** Fill in a command's options. */
  begin(command) {
    this.#say("");
    this.#form = new CommandForm(command, this.pane.where, (line, option, text, options) =>
      this.#complete({ command: line, option, text, options }),
    );
    this.#show();
    if (!this.#form.focusNext()) this.send.focus();
  }

  /** Begin the command with this name, as a mention of it does when pressed. */
  async write(line) {
    const known = await this.#known();
    const command = known.find((one) => one.line === line);
    if (command) this.begin(command);
    else this.#say(`There is no /${line} here.`);
  }

  /** Name a person in what is being written. */
  mention(id) {
    this.leave();
    const { text } = this;
    const before = text.value && !/\s$/.test(text.value) ? `${text.value} ` : text.value;
    text.value = `${before}<@${id}> `;
    text.focus();
  }

  /** Back to plain text. */
  leave() {
    const had = this.#form !== null;
    this.#form = null;
    this.#say("");
    if (had) this.#show();
  }

  /** The form of a command, or the text. */
  #show() {
    this.slot.replaceChildren(this.#form?.root ?? this.text);
    this.cancel.hidden = !this.#form;
  }

  #giveUp() {
    this.leave();
    this.text.focus();
  }

  async #find(text) {
    if (!text.startsWith("/")) return null;
    const known = await this.#known();
    const sought = text.slice(1).trim().toLowerCase();
    const begins = known.filter((one) => one.line.startsWith(sought));
    const contains = known.filter((one) => !begins.includes(one) && one.line.includes(sought));
    return [...begins, ...contains].map((command) => ({
      label: `/${command.line}`,
      detail: command.description,
      side: command.bot,
      command,
    }));
  }

  async #known() {
    // Asked for each time a command is begun: a bot's commands come and go while it runs.
    if (this.#commands === null || this.text.value === "/" || !this.text.value) {
      const { acting, channelId } = this.pane;
      this.#commands = acting.commands(channelId).then(invocable, () => []);
    }
    return this.#commands;
  }

  async #complete(body) {
    try {
      const { acting, channelId } = this.pane;
      const answer = await acting.act("autocomplete", { ...body, channel: channelId });
      if (answer.failed) this.#say("Loading options failed.");
      return answer.choices ?? [];
    } catch (refused) {
      this.#say(refused.message);
      return [];
    }
  }

  #key(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = event.target === this.text || event.target instanceof HTMLInputElement;
    if (event.key === "Enter" && !event.shiftKey && typing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && this.#form) {
      event.preventDefault();
      this.#giveUp();
    }
  }

  async #submit() {
    this.#say("");
    const form = this.#form;
    const channel = this.pane.channelId;
    if (!form) {
      const text = this.text.value.trim();
      if (!text) return;
      if (text.startsWith("/")) {
        // Typed faster than the suggestions came: it is never sent as text.
        const [first] = await this.#find(text);
        if (first) this.begin(first.command);
        else this.#say(`There is no ${text} here.`);
        return;
      }
      // Cleared first: whoever types on while it is sent loses nothing.
      this.text.value = "";
      this.#fit();
      const refused = await this.pane.perform("send", { channel, text });
      if (refused && !this.text.value) this.text.value = text;
      this.#say(refused);
      return;
    }
    const command = form.command.line;
    const options = await form.values();
    this.leave();
    this.text.value = "";
    this.text.focus();
    const refused = await this.pane.perform("slash", { command, options, channel });
    if (!refused) return;
    // What was filled in is not lost, unless something else has been begun meanwhile.
    if (!this.#form && !this.text.value && this.pane.channelId === channel) {
      this.#form = form;
      this.#show();
      (form.fields[0]?.input ?? this.send).focus();
    }
    this.#say(refused);
  }

  #say(text) {
    this.error.textContent = text ?? "";
    this.error.hidden = !text;
  }

  #fit() {
    this.text.rows = Math.min(8, this.text.value.split("\n").length);
  }
}
