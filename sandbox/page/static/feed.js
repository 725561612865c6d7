// The WebSocket that tells of every change, and what it has told: people, channels, the time.

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 5000;

/**
 * Dispatches "world" (this.world is new), "faults" (this.faults is), "message" and "gone" (detail: the
 * note), "rows" (detail: rows of the log), "open" and "closed".
 */
export class Feed extends EventTarget {
  world = { guilds: [], personas: [], bots: [], counters: [], views: {}, url: "" };
  faults = [];
  known = false;
  #watched = [];
  #socket = null;
  #retry = FIRST_RETRY_MS;
  #ahead = 0;

  /** Seconds since 1970 by the sandbox's clock, which tests move. */
  now() {
    return Date.now() / 1000 + this.#ahead;
  }

  connect() {
    const socket = new WebSocket(`ws://${location.host}/sandbox/feed`);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      this.#retry = FIRST_RETRY_MS;
      this.dispatchEvent(new Event("open"));
      this.#tellWatched();
    });
    socket.addEventListener("message", (event) => this.#take(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      this.dispatchEvent(new Event("closed"));
      setTimeout(() => this.connect(), this.#retry);
      this.#retry = Math.min(this.#retry * 2, LONGEST_RETRY_MS);
    });
  }

  /** Who is shown and where: { persona, channel } each. */
  watch(panes) {
    const wanted = panes.filter((one) => one.persona);
    if (JSON.stringify(wanted) === JSON.stringify(this.#watched)) return;
    this.#watched = wanted;
    this.#tellWatched();
  }

  #tellWatched() {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ watch: this.#watched }));
  }

  #take(note) {
    if (note.now !== undefined) this.#ahead = note.now - Date.now() / 1000;
    if (note.type === "world") {
      this.world = note;
      this.known = true;
    }
    if (note.type === "faults") this.faults = note.faults;
    const detail = note.type === "rows" ? note.rows : note;
    this.dispatchEvent(new CustomEvent(note.type, { detail }));
  }
}
