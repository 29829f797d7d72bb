/** 「列を合わせる」: which column of a list is which field, proposed and corrected. */

import * as api from "./api.js";
import { formChips } from "./chips.js";
import { download, h } from "./dom.js";
import { session } from "./session.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Proposal} Proposal */
/** @typedef {import("./types.js").ListColumn} ListColumn */

/** What the choice of a column is called that is no field. */
const [OPEN, UNUSED, APART] = ["", "-", "apart"];

export class Match {
  /**
   * @param {import("./main.js").App} app
   * @param {File} file
   * @param {Proposal} proposal
   * @param {string[]} forms The ids of those to make; none for every form a row has values for.
   * @param {(asked: {forms: string[], map: string}) => void} make
   */
  constructor(app, file, proposal, forms, make) {
    this.app = app;
    this.file = file;
    this.proposal = proposal;
    this.make = make;
    this.forms = forms;
    /** @type {string | undefined} */
    this.map = undefined;
    /** @type {Map<number, string | null>} */
    this.columns = new Map();
    /** @type {Map<string, string>} */
    this.constants = new Map();
    /** What is asked one after the other, each for all that is chosen by then; whether the last was answered. */
    this.asking = Promise.resolve(true);
    this.node = h("div", { class: "match" });
    this.said = h("p", { class: "help", role: "status" });
    this.show();
  }

  get t() {
    return words(session.lang);
  }

  /**
   * Asks again with what is chosen now; whether it was answered.
   *
   * @param {() => unknown} again What is tried again where it was not.
   */
  ask(again = () => this.ask()) {
    this.asking = this.asking.then(() => this.asked(again));
    return this.asking;
  }

  /** Waits until the proposal is of what is chosen now, and asks again where that was not answered; whether it is. */
  async ready() {
    return (await this.asking) || this.ask();
  }

  /** @param {() => unknown} again */
  async asked(again) {
    const columns = [...this.columns].map(([column, key]) => ({ column, key }));
    const constants = [...this.constants].map(([key, value]) => ({ key, value }));
    try {
      this.proposal = await api.map(this.file, { forms: this.forms, map: this.map, columns, constants });
      this.app.answered();
    } catch (error) {
      this.app.failed(error, again);
      return false;
    }
    const { id } = document.activeElement ?? {};
    this.show();
    if (id) document.getElementById(id)?.focus();
    return true;
  }

  show() {
    const { t, proposal } = this;
    const open = proposal.columns.filter((column) => column.role === "open").length;
    this.said.textContent = open > 0 ? t.match.open(open) : t.match.noneOpen;
    const faults = (proposal.report?.diagnostics ?? []).map(({ line, message, hint }) =>
      h("li", {}, `${line ? t.match.line(line) : ""}${message}${hint ? ` — ${hint}` : ""}`),
    );
    this.node.replaceChildren(
      h("h2", {}, this.file.name),
      h("p", { class: "lead" }, t.match.lead),
      this.formChoice(),
      faults.length > 0 ? h("ul", { class: "faults", role: "alert" }, faults) : "",
      this.said,
      this.table(),
      this.missing(),
      this.buttons(),
    );
  }

  formChoice() {
    const chips = formChips(this.app.catalogue.forms, "match-form", ({ id }) => this.forms.includes(id), ({ id }, chosen) => {
      this.forms = chosen ? [...this.forms, id] : this.forms.filter((form) => form !== id);
      void this.ask();
    });
    return h("fieldset", {}, h("legend", {}, this.t.rosterForms), h("p", { class: "help" }, this.t.rosterFormsHelp), chips);
  }

  table() {
    const { t, proposal } = this;
    const head = t.match.columns.map((text) => h("th", { scope: "col" }, text));
    const rows = proposal.columns.map((column, index) => {
      const name = column.heading || t.match.unnamed(column.letters);
      return h(
        "tr",
        { class: column.role },
        h("td", {}, column.letters),
        h("th", { scope: "row" }, name),
        h("td", {}, h("ul", { class: "values" }, column.values.map((value) => h("li", {}, value)))),
        h("td", {}, this.choice(column, index, name)),
        h("td", { class: "reason" }, column.reason),
      );
    });
    return h(
      "div",
      { class: "wide", tabindex: "0", role: "region", "aria-label": t.steps[1] },
      h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows)),
    );
  }

  /**
   * The fields a column may be.
   *
   * @param {ListColumn} column
   * @param {number} index
   * @param {string} name
   */
  choice(column, index, name) {
    const { t, proposal } = this;
    const now = column.role === "open" ? OPEN : column.role === "ignored" ? UNUSED : (column.field?.key ?? APART);
    const option = (/** @type {string} */ value, /** @type {string} */ text) =>
      h("option", { value, selected: value === now }, text);
    const known = proposal.fields.some(({ key }) => key === now);
    const pieces = column.pieces.map(({ piece, field }) => `${piece}: ${field?.heading ?? t.match.unused}`);
    const near = column.nearest.filter(({ key }) => key !== now);
    const select = h(
      "select",
      { id: `match-${index}`, "aria-label": t.match.fieldOf(name) },
      now === OPEN ? option(OPEN, t.match.undecided) : null,
      column.role === "apart" ? option(APART, pieces.join(" / ")) : null,
      option(UNUSED, t.match.unused),
      column.field && !known ? option(column.field.key, column.field.heading) : null,
      near.length > 0
        ? h("optgroup", { label: t.match.near }, near.map(({ key, heading }) => h("option", { value: key }, heading)))
        : null,
      h("optgroup", { label: t.match.all }, proposal.fields.map(({ key, heading }) => option(key, heading))),
    );
    select.addEventListener("change", () => {
      if (select.value === OPEN || select.value === APART) this.columns.delete(index);
      else this.columns.set(index, select.value === UNUSED ? null : select.value);
      void this.ask();
    });
    return select;
  }

  /** What the list has not: a value for all facilities, where they share it. */
  missing() {
    const { t, proposal } = this;
    const lacks = [
      ...proposal.constants.map(({ key, heading, value }) => ({ key, heading, value, help: "" })),
      ...proposal.missing.map(({ key, heading, help, forms }) => ({ key, heading, value: "", help: `${forms.join("・")}: ${help}` })),
    ];
    if (lacks.length === 0) return "";
    const fields = lacks.map(({ key, heading, value, help }) => {
      const id = `match-value-${key}`;
      const input = h("input", { type: "text", id, value: this.constants.get(key) ?? value, "aria-describedby": help ? `${id}-help` : null });
      // What is typed is kept although an answer draws the field anew.
      input.addEventListener("input", () => this.constants.set(key, input.value));
      input.addEventListener("change", () => void this.ask());
      return h(
        "div",
        { class: "field" },
        h("label", { for: id }, heading),
        help ? h("p", { class: "help", id: `${id}-help` }, help) : "",
        input,
      );
    });
    return h("section", {}, h("h3", {}, t.match.missing), h("p", { class: "help" }, t.match.missingHelp), fields);
  }

  buttons() {
    const { t } = this;
    const chooser = h("input", { type: "file", class: "hidden", accept: ".yaml,.yml", tabindex: "-1", "aria-hidden": "true" });
    chooser.addEventListener("change", async () => {
      const file = chooser.files?.[0];
      chooser.value = "";
      if (file) await this.load(file.name, await file.text());
    });
    const save = async () => {
      if (!(await this.ready())) return;
      const name = this.file.name.replace(/\.[^.]*$/, "");
      download(new Blob([this.proposal.yaml], { type: "application/yaml" }), `${name}${t.match.fileName}.yaml`);
    };
    return h(
      "p",
      { class: "match-buttons" },
      h("button", { type: "button", class: "main", onclick: () => this.begin() }, t.match.make),
      h("button", { type: "button", onclick: save }, t.match.save),
      h("button", { type: "button", onclick: () => chooser.click() }, t.match.load),
      chooser,
    );
  }

  /**
   * Takes a map in place of what was chosen, which stays where the map cannot be taken.
   *
   * @param {string} name
   * @param {string} map
   */
  async load(name, map) {
    const before = { map: this.map, columns: this.columns, constants: this.constants };
    Object.assign(this, { map, columns: new Map(), constants: new Map() });
    if (await this.ask(() => this.load(name, map))) this.app.tell(this.t.match.loaded(name));
    else Object.assign(this, before);
  }

  /** Makes the forms, once every column is decided and nothing is wrong with the map. */
  async begin() {
    // What was typed last may still be on its way.
    if (!(await this.ready())) return;
    if ((this.proposal.report?.errors ?? 0) > 0) {
      this.node.querySelector(".faults")?.scrollIntoView({ block: "center" });
      return;
    }
    const open = this.proposal.columns.findIndex((column) => column.role === "open");
    if (open >= 0) {
      this.app.tell(this.t.match.decide);
      document.getElementById(`match-${open}`)?.focus();
      return;
    }
    this.make({ forms: this.forms, map: this.proposal.yaml });
  }
}
