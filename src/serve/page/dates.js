/** 「日程」: the nine steps of 別紙3 with this facility's own days. */

import * as api from "./api.js";
import { day } from "./calendar.js";
import { download, h } from "./dom.js";
import { note } from "./field.js";
import { plain, set } from "./record.js";
import { session } from "./session.js";
import { words } from "./words.js";

/** The form whose dates these are. */
const FORM = "schedule";

/**
 * @typedef {object} Step
 * @property {number} number
 * @property {string} title
 * @property {string} to
 * @property {string | null} from
 * @property {string} due
 * @property {number} days_left
 * @property {"done" | "sent" | "waiting" | "open" | "late"} state
 * @property {boolean} assumed Whether the day is a guide, and another place decides.
 * @property {string | null} open_before The open day before the last day, if that is closed.
 * @property {string} rule
 * @property {string[]} notes
 * @property {string} cite
 */

/**
 * @typedef {object} Schedule
 * @property {string | null} facility
 * @property {string} designation
 * @property {string | null} bureau
 * @property {string} today
 * @property {Step[]} steps
 */

export class Dates {
  /** @param {import("./main.js").App} app */
  constructor(app) {
    this.app = app;
    this.body = h("div", { class: "body" });
    /** What the dates on the page follow from. */
    this.record = session.record;
    this.node = h("div", { class: "view dates" }, this.body);
  }

  show() {
    void this.refresh();
  }

  /** @returns {Promise<void>} */
  async refresh() {
    const t = words(session.lang);
    const lead = [h("h1", {}, t.views.dates), h("p", { class: "lead" }, t.datesLead)];
    try {
      const report = await this.judge();
      const missing = report.diagnostics.filter((finding) => finding.severity === "error");
      if (missing.length > 0) {
        // Without a wished date there is nothing to count from: that is no failure.
        this.body.replaceChildren(...lead, h("p", { class: "need" }, t.datesNeed), ...missing.map((finding) => this.missing(finding)));
      } else {
        const schedule = await api.schedule(this.record);
        this.body.replaceChildren(...lead, ...this.build(schedule, report));
      }
      this.app.answered();
    } catch (error) {
      this.app.failed(error, () => this.refresh());
    }
  }

  /**
   * Finds what of the record the dates follow from: all of it but values elsewhere that cannot be read, which are a
   * fault of other forms.
   */
  async judge() {
    const form = this.app.catalogue.forms.find((form) => form.id === FORM);
    const own = new Set([...(form?.required ?? []), ...(form?.optional ?? [])]);
    this.record = session.record;
    for (;;) {
      const { report } = await api.fill(this.record, [FORM]);
      const before = this.record;
      for (const { severity, field } of report.diagnostics) {
        if (severity === "error" && field && !own.has(plain(field))) this.record = set(this.record, field, undefined);
      }
      // Each round takes something out, or is the last.
      if (JSON.stringify(this.record) === JSON.stringify(before)) return report;
    }
  }

  /**
   * What the dates cannot do without, with the way to its field.
   *
   * @param {import("./types.js").Diagnostic} finding
   */
  missing(finding) {
    const { field } = finding;
    const go = () => {
      if (!field) return;
      this.app.go("make");
      // The view is there when the address has changed.
      setTimeout(() => this.app.make.ask(field, FORM));
    };
    const button = field ? h("button", { type: "button", onclick: go }, words(session.lang).write) : null;
    return h("div", { class: "missing" }, note({ ...finding, hint: undefined, cite: undefined }, session.lang, null), button);
  }

  /**
   * @param {Schedule} schedule
   * @param {import("./types.js").Report} report
   */
  build(schedule, report) {
    const { lang } = session;
    const t = words(lang);
    const facts = [
      [t.datesWish, day(schedule.designation, lang)],
      [t.datesBureau, schedule.bureau ?? t.unknown],
      [t.datesToday, day(schedule.today, lang)],
    ];
    const steps = [...schedule.steps].sort((a, b) => a.due.localeCompare(b.due) || a.number - b.number);
    const next = steps.findIndex((step) => step.due >= schedule.today);
    const items = steps.flatMap((step, index) => {
      const item = this.step(step);
      return index === next ? [h("li", { class: "now" }, h("b", {}, t.today), ` ${day(schedule.today, lang)}`), item] : [item];
    });
    // How a value of another form was read is said there.
    const warnings = report.diagnostics.filter(({ code }) => code !== "normalised");
    return [
      schedule.facility ? h("p", { class: "facility" }, schedule.facility) : "",
      h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      h(
        "div",
        { class: "further" },
        h("button", { type: "button", onclick: () => window.print() }, t.datesPrint),
        h("button", { type: "button", onclick: () => this.give("pdf") }, t.datesPdf),
        h("button", { type: "button", onclick: () => this.give("ics") }, t.ics),
      ),
      ...warnings.map((finding) => note(finding, lang, null)),
      h("ol", { class: "timeline" }, items),
    ];
  }

  /** @param {Step} step */
  step(step) {
    const { lang } = session;
    const t = words(lang);
    const days = t.days[step.state](Math.abs(step.days_left));
    const number = String.fromCodePoint("①".charCodeAt(0) + step.number - 1);
    const remarks = [...(step.open_before ? [t.closedDay(day(step.open_before, lang))] : []), ...step.notes];
    return h(
      "li",
      { class: [step.state, step.assumed ? "guide" : ""].join(" ").trim() },
      h(
        "p",
        { class: "when" },
        step.assumed ? h("span", { class: "badge" }, t.guide) : "",
        step.from ? `${t.fromDay(day(step.from, lang))} ` : "",
        h("time", { datetime: step.due }, t.byDay(day(step.due, lang))),
        h("span", { class: "badge left" }, days),
      ),
      h("h2", {}, `${number} ${step.title}`),
      h("p", { class: "to" }, `${t.who}: ${step.to}`),
      h("p", { class: "rule" }, step.rule),
      remarks.map((remark) => h("p", { class: "remark" }, remark)),
      h("p", { class: "cite" }, `${t.cite} ${step.cite}`),
    );
  }

  /** @param {"ics" | "pdf"} format */
  async give(format) {
    try {
      const t = words(session.lang);
      const file = format === "ics" ? await api.scheduleFile(this.record) : await api.files(this.record, [FORM], format);
      const name = this.app.make.nameOf(file.name, [t.views.dates]);
      this.app.answered();
      download(file.blob, name);
      this.app.tell(t.made(name));
    } catch (error) {
      this.app.failed(error, () => this.give(format));
    }
  }
}
