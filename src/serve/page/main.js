/** The page: its head, its five views, and what stands over all of them. */

import * as api from "./api.js";
import { Attach } from "./attach.js";
import { Dates } from "./dates.js";
import { h } from "./dom.js";
import { DraftView } from "./draft.js";
import { Make } from "./make.js";
import { Roster } from "./roster.js";
import { has } from "./record.js";
import { isUnsaved, remember, session } from "./session.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Catalogue} Catalogue */
/** @typedef {"make" | "roster" | "dates" | "attach" | "draft"} View */

/** @type {View[]} */
const VIEWS = ["make", "roster", "dates", "attach", "draft"];

/** How long a message stays, in ms; one with a button stays until it is closed. */
const MESSAGE_TIME = 8000;

export class App {
  /** @param {Catalogue} catalogue */
  constructor(catalogue) {
    this.catalogue = catalogue;
    this.make = new Make(this);
    this.roster = new Roster(this);
    this.dates = new Dates(this);
    this.attach = new Attach(this);
    this.draft = new DraftView(this);
    this.head = h("header", { class: "head" });
    this.main = h("main", { id: "main", tabindex: "-1" });
    this.trouble = h("div", { class: "trouble", role: "alert" });
    this.notice = h("div", { class: "trouble", role: "alert" });
    this.below = h("div", { class: "message", role: "status" });
    this.chooser = h("input", { type: "file", class: "hidden", tabindex: "-1", "aria-hidden": "true" });
    this.cover = h("div", { class: "cover", "aria-hidden": "true" });
    /** @type {number | undefined} */
    this.timer = undefined;
    /** The file that was given last. @type {File | null} */
    this.file = null;
  }

  get t() {
    return words(session.lang);
  }

  /** @returns {View} */
  get view() {
    const named = VIEWS.find((view) => location.hash === `#${view}`);
    return named ?? "make";
  }

  start() {
    document.body.append(this.head, this.trouble, this.notice, this.main, this.below, this.chooser, this.cover);
    addEventListener("hashchange", () => this.show(true));
    addEventListener("beforeunload", (event) => {
      if (isUnsaved() || this.draft.isUnsaved) event.preventDefault();
    });
    this.chooser.addEventListener("change", () => {
      const file = this.chooser.files?.[0];
      this.chooser.value = "";
      if (file) void this.open(file);
    });
    this.takeDrops();
    this.speak();
  }

  /** Builds everything in the language of the session. */
  speak() {
    api.speak(session.lang);
    document.documentElement.lang = session.lang;
    this.trouble.replaceChildren();
    this.cover.textContent = this.t.drop;
    this.buildHead();
    this.make.rebuild();
    this.show(false);
  }

  buildHead() {
    const { t } = this;
    const other = session.lang === "ja" ? "en" : "ja";
    const links = VIEWS.map((view) => h("li", {}, h("a", { href: `#${view}`, "data-view": view }, t.views[view])));
    this.head.replaceChildren(
      h("a", { class: "skip", href: "#main", onclick: (event) => { event.preventDefault(); this.main.focus(); } }, t.skip),
      h("p", { class: "brand" }, h("b", {}, t.title), h("span", { class: "promise" }, t.promise)),
      h("nav", { "aria-label": t.main }, h("ul", {}, links)),
      h(
        "div",
        { class: "tools" },
        h("button", { type: "button", class: "quiet", onclick: () => this.chooser.click() }, t.open),
        h("button", { type: "button", class: "quiet", onclick: () => this.clear() }, t.clear),
        h(
          "button",
          {
            type: "button",
            class: "quiet",
            lang: other,
            "aria-label": t.languageName,
            id: "language",
            onclick: () => {
              remember({ lang: other });
              this.speak();
              document.getElementById("language")?.focus();
            },
          },
          t.language,
        ),
      ),
    );
  }

  /**
   * Shows the view that the address names.
   *
   * @param {boolean} move Whether the focus goes to it.
   */
  show(move) {
    const { view } = this;
    for (const link of this.head.querySelectorAll("nav a")) {
      if (link.getAttribute("data-view") === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = `${this.t.views[view]} — ${this.t.title}`;
    const shown = this[view];
    if (view !== "make") this[view].show();
    if (this.main.firstChild !== shown.node) this.main.replaceChildren(shown.node);
    if (move) this.main.focus({ preventScroll: true });
  }

  /** @param {View} view */
  go(view) {
    if (this.view === view) this.show(false);
    else location.hash = view;
  }

  /** Begins a new form. */
  clear() {
    this.go("make");
    this.notice.replaceChildren();
    this.make.clear();
  }

  /** Opens a file that is dropped anywhere. */
  takeDrops() {
    let depth = 0;
    const over = (/** @type {boolean} */ is) => this.cover.classList.toggle("over", is);
    const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragenter", (event) => {
      if (hasFiles(event)) over(++depth > 0);
    });
    addEventListener("dragleave", (event) => {
      if (hasFiles(event)) over(--depth > 0);
    });
    addEventListener("dragover", (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      over((depth = 0) > 0);
      const file = event.dataTransfer?.files[0];
      if (file) void this.open(file);
    });
  }

  /**
   * Opens whatever a file is, and says what it is.
   *
   * @param {File} file
   */
  async open(file) {
    // On that view a PDF is a paper, whatever else it may be.
    if (this.view === "draft" && file.name.toLowerCase().endsWith(".pdf")) return this.draft.take(file);
    this.file = file;
    try {
      const opened = await api.open(file);
      this.answered();
      // Another was given meanwhile, and is opened in its place.
      if (this.file !== file) return;
      // What was said of the file before.
      this.notice.replaceChildren();
      const said = this.t.opened[opened.what](file.name);
      if (opened.what === "roster") {
        this.go("roster");
        this.tell(said);
        await this.roster.take(file);
      } else if (opened.what === "pdf") {
        this.attach.take(file);
        this.go("attach");
        this.tell(said);
      } else if (opened.record) {
        const { record } = opened;
        const forms = this.catalogue.forms.filter((form) => has(record, form.section));
        this.go("make");
        const isWhole = this.partly(file.name, opened.report);
        this.make.take(record, forms.map((form) => form.id), isWhole ? said : null);
      } else {
        throw api.unreadable(opened.report);
      }
    } catch (error) {
      this.failed(error, () => this.open(file), this.t.openedNothing(file.name));
    }
  }

  /** Where messages are shown: below what they are about, so that they cover nothing and nothing moves. */
  get message() {
    return this.view === "make" ? this.make.actions.message : this.below;
  }

  /** Takes away what was said. */
  hush() {
    clearTimeout(this.timer);
    for (const message of [this.below, this.make.actions.message]) message.replaceChildren();
  }

  /**
   * Says that something was done.
   *
   * @param {string} text
   * @param {(() => void) | null} [undo] Brings back what was before.
   * @returns {() => void} Takes the message away.
   */
  tell(text, undo = null) {
    this.hush();
    const close = () => toast.remove();
    const back = () => {
      close();
      // What was said of a file that is no longer there.
      this.notice.replaceChildren();
      undo?.();
    };
    const toast = h(
      "div",
      { class: "toast" },
      h("p", {}, text),
      undo ? h("button", { type: "button", onclick: back }, this.t.undo) : "",
      h("button", { type: "button", class: "quiet", onclick: close }, this.t.close),
    );
    this.message.append(toast);
    if (!undo) this.timer = window.setTimeout(close, MESSAGE_TIME);
    return close;
  }

  /**
   * Says that something failed, in words, with a way to try again.
   *
   * @param {unknown} error
   * @param {() => unknown} again
   * @param {string} [what]
   */
  failed(error, again, what = "") {
    if (!(error instanceof api.Unsent)) throw error;
    const { t } = this;
    const close = () => this.trouble.replaceChildren();
    const retry = () => {
      close();
      void again();
    };
    const said = (error.report?.diagnostics ?? []).slice(1).map((finding) => h("li", {}, finding.message));
    this.trouble.replaceChildren(
      h(
        "div",
        {},
        what ? h("p", {}, h("b", {}, what)) : "",
        h("p", {}, error.message),
        said.length > 0 ? h("ul", {}, said) : "",
        error.isLost ? rescue(error.status) : "",
      ),
      isWritten() && error.isLost ? h("button", { type: "button", onclick: () => this.make.actions.save() }, t.save) : "",
      h("button", { type: "button", onclick: retry }, t.retry),
      h("button", { type: "button", class: "quiet", onclick: close }, t.close),
    );
  }

  /**
   * Says what of a file could not be read as it stands, though it is open.
   *
   * @param {string} name
   * @param {import("./types.js").Report} report
   * @returns {boolean} Whether there is nothing to say.
   */
  partly(name, { diagnostics }) {
    const wrong = diagnostics.filter(({ severity }) => severity === "error");
    if (wrong.length === 0) return true;
    const said = wrong.map(({ line, message, hint }) =>
      h("li", {}, [line ? this.t.line(line) : "", [message, hint].filter(Boolean).join(this.t.stop)].join("")),
    );
    this.notice.replaceChildren(
      h("div", {}, h("p", {}, h("b", {}, this.t.openedPartly(name, wrong.length))), h("ul", { tabindex: "0", "aria-label": this.t.faults }, said)),
      h("button", { type: "button", class: "quiet", onclick: () => this.notice.replaceChildren() }, this.t.close),
    );
    return false;
  }

  /** The server answers: whatever was said of its silence is over. */
  answered() {
    if (this.trouble.childNodes.length > 0) this.trouble.replaceChildren();
    if (this.make.known === "no") void this.make.refresh();
  }
}

/**
 * What to do when this page reaches no server any more: the next one has another address, and this tab's record
 * does not follow there but in a file.
 *
 * @param {number} status
 */
function rescue(status) {
  const t = words(session.lang);
  const again = t.rescueAgain[status === 401 ? "key" : "gone"];
  const steps = isWritten() ? [t.rescueSave, again, t.rescueOpen] : [again];
  return h("ol", {}, steps.map((step) => h("li", {}, step)));
}

function isWritten() {
  return Object.keys(session.record).length > 0;
}

/** Starts with the forms there are; until they are there, says why they are not. */
async function start() {
  api.speak(session.lang);
  try {
    const catalogue = await api.catalogue();
    document.body.replaceChildren();
    new App(catalogue).start();
  } catch (error) {
    if (!(error instanceof api.Unsent)) throw error;
    const t = words(session.lang);
    document.body.replaceChildren(
      h("div", { class: "trouble", role: "alert" }, h("p", {}, error.message), h("button", { type: "button", onclick: () => void start() }, t.retry)),
    );
  }
}

void start();
