/** 「名簿から一括」: the forms of every facility of a list. */

import * as api from "./api.js";
import { formChips } from "./chips.js";
import { h, put } from "./dom.js";
import { dropZone } from "./drop.js";
import { Match } from "./match.js";
import { session } from "./session.js";
import { words } from "./words.js";

/** @typedef {import("./api.js").Batch} Batch */
/** @typedef {import("./types.js").Diagnostic} Diagnostic */

/** How many faults are shown before the button for the rest. */
const SHOWN = 50;

/** Which step a view is of: the list is opened, its columns are matched, or its rows are checked and made. */
const [OPEN, MATCH, CHECK] = [0, 1, 2];

export class Roster {
  /** @param {import("./main.js").App} app */
  constructor(app) {
    this.app = app;
    this.node = h("div", { class: "view roster" });
    /** @type {{name: string, step: number, done: number, total: number, batch: Batch | null} | null} */
    this.job = null;
    /** @type {Match | null} */
    this.match = null;
    this.shown = SHOWN;
    /** @type {string[]} The ids of the forms to make; none for every form a row has values for. */
    this.forms = [];
    this.emptyRoster = h("a", { class: "button", download: true });
    this.status = h("p", { class: "working", role: "status" });
    /** @type {(() => void) | null} */
    this.stop = null;
  }

  get t() {
    return words(session.lang);
  }

  show() {
    const { t, job } = this;
    const head = [h("h1", {}, t.views.roster), this.steps(job ? job.step : OPEN)];
    if (job && job.step === MATCH && this.match) {
      this.match.show();
      this.node.replaceChildren(...head, this.match.node);
    } else if (!job) {
      this.node.replaceChildren(
        ...head,
        h("p", { class: "lead" }, t.rosterLead),
        this.formChoice(),
        dropZone(t.rosterDrop, t.chooseFile, ".xlsx,.csv,.tsv", (file) => this.app.open(file)),
        h("h2", {}, t.rosterNone),
        h("p", { class: "help" }, t.rosterEmpty),
        this.emptyRoster,
      );
    } else if (!job.batch) {
      this.node.replaceChildren(...head, h("h2", {}, job.name), this.status, this.progress(job.done, job.total));
      this.say();
    } else {
      this.node.replaceChildren(...head, ...this.result(job.name, job.batch));
    }
  }

  /** Which forms are made, and of which an empty roster has the columns. */
  formChoice() {
    const { t } = this;
    const point = () => this.emptyRoster.setAttribute("href", api.emptyRoster(this.forms));
    const chips = formChips(this.app.catalogue.forms, "roster-form", ({ id }) => this.forms.includes(id), ({ id }, chosen) => {
      this.forms = chosen ? [...this.forms, id] : this.forms.filter((form) => form !== id);
      point();
    });
    this.emptyRoster.textContent = t.rosterDownload;
    point();
    return h("fieldset", { class: "roster-forms" }, h("legend", {}, h("h2", {}, t.rosterForms)), h("p", { class: "help" }, t.rosterFormsHelp), chips);
  }

  /** @param {number} current */
  steps(current) {
    const items = this.t.steps.map((step, index) =>
      h("li", { class: index < current ? "past" : index === current ? "now" : "", "aria-current": index === current ? "step" : null }, step),
    );
    return h("ol", { class: "steps" }, items);
  }

  /**
   * @param {number} done
   * @param {number} total
   */
  progress(done, total) {
    return h("progress", { max: Math.max(total, 1), value: done, "aria-label": this.t.steps[CHECK] });
  }

  say() {
    if (!this.job) return;
    const { done, total } = this.job;
    put(this.status, total > 0 ? this.t.working(done, total) : this.t.reading);
    const bar = this.node.querySelector("progress");
    if (bar) {
      bar.max = Math.max(total, 1);
      bar.value = done;
    }
  }

  /**
   * Makes what a list asks for, once it is clear what its columns are.
   *
   * @param {File} file
   */
  async take(file) {
    this.stop?.();
    this.match = null;
    const { forms } = this;
    const job = { name: file.name, step: MATCH, done: 0, total: 0, batch: /** @type {Batch | null} */ (null) };
    this.job = job;
    this.show();
    /** @type {string | undefined} What takes columns apart is said by the map alone. */
    let map;
    try {
      const proposal = await api.map(file, { forms });
      if (this.job !== job) return;
      if (proposal.columns.some((column) => column.role === "apart")) map = proposal.yaml;
      const isClear = proposal.missing.length === 0 && proposal.columns.every((column) => column.role !== "open");
      this.match = new Match(this.app, file, proposal, forms, (asked) => void this.run(file, asked));
      if (!isClear) {
        this.show();
        return;
      }
    } catch (error) {
      // What is wrong with the list is said with its rows; a server that does not answer says so below.
      if (!(error instanceof api.Unsent)) throw error;
      if (this.job !== job) return;
    }
    await this.run(file, forms.length > 0 || map ? { forms, map } : null);
  }

  /**
   * Makes the forms of a list.
   *
   * @param {File} file
   * @param {{forms: string[], map?: string} | null} asked
   */
  async run(file, asked) {
    this.stop?.();
    this.shown = SHOWN;
    const job = { name: file.name, step: CHECK, done: 0, total: 0, batch: /** @type {Batch | null} */ (null) };
    this.job = job;
    this.show();
    try {
      const running = await api.startBatch(file, asked);
      this.stop = running.stop;
      job.batch = await running.result((done, total) => {
        Object.assign(job, { done, total });
        if (this.job === job) this.say();
      });
      this.app.answered();
    } catch (error) {
      if (this.job === job) this.job = null;
      this.app.failed(error, () => this.run(file, asked), this.t.openedNothing(file.name));
    }
    if (this.job === job || this.job === null) this.show();
  }

  /**
   * @param {string} name
   * @param {Batch} batch
   * @returns {(Node | string)[]}
   */
  result(name, batch) {
    const { t } = this;
    const total = batch.made + batch.faulty;
    const tiles = h(
      "dl",
      { class: "facts" },
      h("div", {}, h("dt", {}, name), h("dd", {}, t.facilities(total))),
      h("div", { class: "good" }, h("dt", {}, t.ready), h("dd", {}, String(batch.made))),
      h("div", { class: batch.faulty > 0 ? "bad" : "" }, h("dt", {}, t.faulty), h("dd", {}, String(batch.faulty))),
    );
    const files = batch.files.map((file) =>
      h("li", {}, h("a", { class: "button", href: file.address, download: file.name }, t.files[file.kind] ?? file.name)),
    );
    const again = h(
      "button",
      {
        type: "button",
        class: "quiet",
        onclick: () => {
          this.job = null;
          this.show();
        },
      },
      t.another,
    );
    const rematch = h(
      "button",
      {
        type: "button",
        // With nothing made, that is what is left to do.
        class: batch.files.length > 0 ? "quiet" : "main",
        onclick: () => {
          if (this.job) this.job = { ...this.job, step: MATCH, batch: null };
          this.show();
        },
      },
      t.match.again,
    );
    return [
      total > 0 ? tiles : h("h2", {}, name),
      files.length > 0 ? h("ul", { class: "files" }, files) : "",
      h("p", { class: "further" }, this.match ? rematch : "", again),
      ...batch.notes.map((text) => h("p", { class: "help" }, text)),
      h("h2", {}, batch.findings.length > 0 ? t.faults : t.noFaults),
      ...(batch.findings.length > 0 ? [this.table(batch.findings)] : []),
    ];
  }

  /** @param {Diagnostic[]} findings */
  table(findings) {
    const { t } = this;
    const head = t.faultColumns.map((text) => h("th", { scope: "col" }, text));
    const rows = findings.slice(0, this.shown).map(({ row, facility, heading, message, hint }) =>
      h(
        "tr",
        {},
        h("th", { scope: "row", "data-label": t.faultColumns[0] }, row ? String(row) : ""),
        h("td", { class: "facility", "data-label": t.faultColumns[1] }, facility ?? ""),
        h("td", { class: "heading", "data-label": t.faultColumns[2] }, heading ?? ""),
        h("td", { class: "said", "data-label": t.faultColumns[3] }, message),
        h("td", { "data-label": t.faultColumns[4] }, hint ?? ""),
      ),
    );
    const rest = findings.length - this.shown;
    const more = h(
      "button",
      {
        type: "button",
        onclick: () => {
          this.shown = findings.length;
          this.show();
        },
      },
      t.more(rest),
    );
    return h(
      "div",
      { class: "wide", tabindex: "0", role: "region", "aria-label": t.faults },
      h("table", { class: "findings" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)),
      rest > 0 ? more : null,
    );
  }
}
