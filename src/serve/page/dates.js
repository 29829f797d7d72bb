/** 「日程」: the nine steps of 別紙3 with this facility's own days. */

import * as api from "./api.js";
import { day } from "./calendar.js";
import { download, h } from "./dom.js";
import { note } from "./field.js";
import { get, set } from "./record.js";
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
 * @property {"done" | "open" | "late"} state
 * @property {string} rule
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
      const schedule = await api.schedule(this.record());
      this.app.answered();
      this.body.replaceChildren(...lead, ...this.build(schedule));
    } catch (error) {
      if (!(error instanceof api.Unsent) || !error.report) return this.app.failed(error, () => this.refresh());
      // Without a wished date there is nothing to count from: that is no failure.
      const missing = error.report.diagnostics.filter((finding) => finding.severity === "error");
      this.body.replaceChildren(...lead, h("p", { class: "need" }, t.datesNeed), ...missing.map((finding) => this.missing(finding)));
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

  /** The part of the record that the dates follow from: a fault elsewhere is not theirs. */
  record() {
    const form = this.app.catalogue.forms.find((form) => form.id === FORM);
    /** @type {import("./types.js").Rec} */
    let part = {};
    for (const key of [...(form?.required ?? []), ...(form?.optional ?? [])]) {
      const value = get(session.record, key);
      if (value !== undefined) part = set(part, key, value);
    }
    return part;
  }

  /** @param {Schedule} schedule */
  build(schedule) {
    const { lang } = session;
    const t = words(lang);
    const bureau = this.app.catalogue.fields.find((field) => field.key === "bureau");
    const facts = [
      [t.datesWish, day(schedule.designation, lang)],
      [bureau?.label[lang] ?? t.who, schedule.bureau ?? "—"],
      [t.today, day(schedule.today, lang)],
    ];
    const steps = [...schedule.steps].sort((a, b) => a.due.localeCompare(b.due) || a.number - b.number);
    const next = steps.findIndex((step) => step.due >= schedule.today);
    const items = steps.flatMap((step, index) => {
      const item = this.step(step);
      return index === next ? [h("li", { class: "now" }, h("b", {}, t.today), ` ${day(schedule.today, lang)}`), item] : [item];
    });
    return [
      h("dl", { class: "facts" }, facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
      h("button", { type: "button", onclick: () => this.give() }, t.ics),
      h("ol", { class: "timeline" }, items),
    ];
  }

  /** @param {Step} step */
  step(step) {
    const { lang } = session;
    const t = words(lang);
    const days = t.days[step.state](Math.abs(step.days_left));
    const number = String.fromCodePoint("①".charCodeAt(0) + step.number - 1);
    return h(
      "li",
      { class: step.state },
      h("p", { class: "when" }, step.from ? `${t.fromDay(day(step.from, lang))} ` : "", h("time", { datetime: step.due }, t.byDay(day(step.due, lang))), h("span", { class: "badge" }, days)),
      h("h2", {}, `${number} ${step.title}`),
      h("p", { class: "to" }, `${t.who}: ${step.to}`),
      h("p", { class: "cite" }, `${step.rule} ${t.cite} ${step.cite}`),
    );
  }

  async give() {
    try {
      const t = words(session.lang);
      const { blob, name: given } = await api.scheduleFile(this.record());
      const name = this.app.make.nameOf(given, [t.views.dates]);
      download(blob, name);
      this.app.tell(t.made(name));
    } catch (error) {
      this.app.failed(error, () => this.give());
    }
  }
}
