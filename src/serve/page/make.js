/** 「様式を作る」: the fields of the chosen forms, and the paper beside them. */

import * as api from "./api.js";
import { formChips } from "./chips.js";
import { download, h, put } from "./dom.js";
import { FieldView, note } from "./field.js";
import { asks, groups, labelOf, sources } from "./groups.js";
import { Papers } from "./paper.js";
import { get, plain, set, typed, without } from "./record.js";
import { remember, session } from "./session.js";
import { words } from "./words.js";

/** @typedef {import("./groups.js").Group} Group */
/** @typedef {import("./main.js").App} App */
/** @typedef {import("./types.js").Diagnostic} Diagnostic */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Filled} Filled */
/** @typedef {import("./types.js").Form} Form */
/** @typedef {import("./types.js").Rec} Rec */
/** @typedef {import("./session.js").Session} Session */

/** @typedef {Pick<Session, "record" | "forms" | "lang">} Written What the program fills in: none of it is changed in place. */

/** @typedef {{key: string, code: string, places: string[]}} Offer For the address beside the field `key`. */

/** @type {Filled} What there is without a form. */
const NOTHING = { report: { diagnostics: [], errors: 0, warnings: 0 }, pages: [] };

/** Kinds whose values a record keeps as numbers. */
const NUMBERS = ["integer", "month"];

export class Make {
  /** @param {App} app */
  constructor(app) {
    this.app = app;
    /** @type {Map<string, FieldView>} */
    this.fields = new Map();
    /** @type {Filled} */
    this.filled = NOTHING;
    /** The values that `filled` is the answer for. @type {Written | null} */
    this.of = null;
    /** Until the program has answered for what is written by then, or does not answer. @type {Promise<void> | null} */
    this.asking = null;
    /** The places of a postal code that was typed. @type {Offer | null} */
    this.offer = null;
    /** Takes away the offer to bring back what was written before. */
    this.endUndo = () => {};
    this.papers = new Papers((key) => this.goTo(key));
    this.chooser = h("div", { class: "chooser" });
    this.general = h("div", { class: "general", tabindex: "-1" });
    this.groupsNode = h("div", { class: "groups" });
    this.entry = h("div", { class: "entry" }, this.chooser, this.general, this.groupsNode);
    this.welcome = h("div", { class: "welcome" });
    this.actions = new Actions(this);
    this.desk = h("div", { class: "desk" }, this.entry, h("div", { class: "side" }, this.welcome, this.papers.node));
    this.node = h("div", { class: "make" }, this.desk, this.actions.node);
  }

  get t() {
    return words(session.lang);
  }

  /** The forms that are ticked, in the order of all forms, whichever was ticked first. */
  get forms() {
    return this.app.catalogue.forms.filter((form) => session.forms.includes(form.id));
  }

  /** Their ids. */
  get ids() {
    return this.forms.map((form) => form.id);
  }

  /** Whether what is filled is of what is written now: it is, the program is being asked, or nobody can say. */
  get known() {
    const { of, asking } = this;
    if (of && of.record === session.record && of.forms === session.forms && of.lang === session.lang) return "yes";
    return asking ? "asking" : "no";
  }

  /**
   * Changes what is written, and asks how the forms look with it. To undo what was done before is no longer offered:
   * it would discard this change.
   *
   * @param {Partial<Session>} changes
   */
  write(changes) {
    this.endUndo();
    remember(changes);
    void this.refresh();
  }

  /** Builds everything anew: at the start, in another language, with other forms or another record. */
  rebuild() {
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.id : "";
    void this.refresh();
    this.buildChooser();
    this.buildGroups();
    this.buildWelcome();
    this.actions.build();
    const again = focused ? document.getElementById(focused) : null;
    if (again && this.node.contains(again)) again.focus({ preventScroll: true });
  }

  buildChooser() {
    const set = h(
      "fieldset",
      {},
      h("legend", {}, h("h1", {}, this.t.chooseForms)),
      h("p", { class: "help" }, this.t.chooseHelp),
      formChips(this.app.catalogue.forms, "form", ({ id }) => session.forms.includes(id), ({ id }, chosen) => this.choose(id, chosen)),
    );
    this.chooser.replaceChildren(set);
  }

  /**
   * @param {string} id
   * @param {boolean} chosen
   */
  choose(id, chosen) {
    const others = session.forms.filter((form) => form !== id);
    this.write({ forms: chosen ? [...others, id] : others });
    this.app.hush();
    this.buildGroups();
    this.buildWelcome();
    this.actions.build();
  }

  buildWelcome() {
    const { t } = this;
    const none = this.forms.length === 0;
    this.node.classList.toggle("empty", none);
    const steps = t.welcome.map((step) => h("li", {}, step));
    this.welcome.replaceChildren(h("h2", {}, t.welcomeTitle), h("ol", {}, steps), h("p", { class: "help" }, t.welcomeOpen));
  }

  buildGroups() {
    this.fields.clear();
    this.offer = null;
    const top = groups(this.app.catalogue, this.forms);
    /** @type {Group[]} */
    const earlier = [];
    const nodes = top.parts.map((part) =>
      "field" in part ? this.buildField(part.field, part.field.key, part.required, []) : this.buildGroup(part, [], earlier, 2),
    );
    this.groupsNode.replaceChildren(...nodes);
    this.say();
  }

  /**
   * @param {Group} group
   * @param {string[]} labels Ids of the headings above.
   * @param {Group[]} earlier Groups that stand before this one.
   * @param {number} level Of the heading.
   * @returns {HTMLElement}
   */
  buildGroup(group, labels, earlier, level) {
    const section = /** @type {Field} */ (group.section);
    const id = `group-${section.key}`;
    if (section.kind === "list") return this.buildList(group, labels, level);
    const copies = sources(group, earlier, session.lang);
    earlier.push(group);
    const within = [...labels, id];
    return h(
      "fieldset",
      { class: `group level-${level}` },
      h("legend", {}, heading(level, id, section.label[session.lang])),
      section.filled_by ? h("p", { class: "help" }, section.help[session.lang]) : null,
      copies.length > 0 ? h("div", { class: "copies" }, copies.map((source) => this.buildCopy(source))) : null,
      group.parts.map((part) =>
        "field" in part
          ? this.buildField(part.field, part.field.key, part.required, within)
          : this.buildGroup(part, within, earlier, level + 1),
      ),
    );
  }

  /**
   * A list: its items, each with a button to take it out, and one to add another.
   *
   * @param {Group} group
   * @param {string[]} labels
   * @param {number} level
   */
  buildList(group, labels, level) {
    const section = /** @type {Field} */ (group.section);
    const list = section.key;
    const name = section.label[session.lang];
    const written = get(session.record, list);
    const count = Math.max(1, session.items[list] ?? 0, Array.isArray(written) ? written.length : 0);
    const items = Array.from({ length: count }, (_, index) => {
      const id = `group-${list}[${index}]`;
      const remove = h(
        "button",
        { type: "button", class: "small", onclick: () => this.removeItem(list, index, count) },
        this.t.removeItem(this.t.item(name, index + 1)),
      );
      const fields = group.parts.flatMap((part) => {
        if (!("field" in part)) return [];
        const key = `${list}[${index}]${part.field.key.slice(list.length)}`;
        return [this.buildField(part.field, key, part.required, [...labels, id])];
      });
      return h(
        "fieldset",
        { class: "group item" },
        h("legend", {}, heading(level, id, this.t.item(name, index + 1))),
        fields,
        count > 1 ? remove : null,
      );
    });
    const add = h(
      "button",
      { type: "button", class: "small", id: `add-${list}`, onclick: () => this.addItem(list, count) },
      this.t.addItem(name),
    );
    return h("div", { class: "list", "data-list": list }, items, add, h("div", { class: "notes", "data-notes": list }));
  }

  /**
   * @param {string} list
   * @param {number} count
   */
  addItem(list, count) {
    remember({ items: { ...session.items, [list]: count + 1 } });
    this.buildGroups();
    const first = [...this.fields.keys()].find((key) => key.startsWith(`${list}[${count}].`));
    if (first) this.goTo(first);
  }

  /**
   * @param {string} list
   * @param {number} index
   * @param {number} count
   */
  removeItem(list, index, count) {
    this.write({ record: without(session.record, list, index), items: { ...session.items, [list]: count - 1 } });
    this.buildGroups();
    document.getElementById(`add-${list}`)?.focus();
  }

  /** @param {import("./groups.js").Source} source */
  buildCopy({ name, keys }) {
    const copy = () => {
      const values = keys.map(([from, to]) => /** @type {const} */ ([to, typed(session.record, from)]));
      const written = values.filter(([, value]) => value !== "");
      if (written.length === 0) {
        this.app.tell(this.t.sameNothing(name));
        return;
      }
      let { record } = session;
      for (const [key, value] of written) {
        record = set(record, key, value);
        this.fields.get(key)?.set(value);
      }
      this.write({ record });
      this.app.tell(this.t.sameDone(name));
    };
    return h("button", { type: "button", class: "small", onclick: copy }, this.t.same(name));
  }

  /**
   * @param {Field} field
   * @param {string} key
   * @param {boolean} required
   * @param {string[]} labels
   */
  buildField(field, key, required, labels) {
    const view = new FieldView(field, key, typed(session.record, key), {
      lang: session.lang,
      labels,
      required,
      sometimes: this.forms.map((form) => form.sometimes?.[field.key]).find((text) => text) ?? null,
      office: this.officeOf(field),
      changed: (key, text) => this.changed(field, key, text),
      left: (key) => this.left(key),
      entered: (key) => this.papers.point(key),
    });
    this.fields.set(key, view);
    return view.node;
  }

  /**
   * Who fills a field in instead of the person; nobody where another form wants to have it copied.
   *
   * @param {Field} field
   */
  officeOf({ key, filled_by: who }) {
    const isCopied = this.forms.some((form) => asks(form, key) && !key.startsWith(`${form.section}.`));
    return who && !isCopied ? who : null;
  }

  /**
   * @param {Field} field
   * @param {string} key
   * @param {string} text
   */
  changed(field, key, text) {
    /** @type {import("./types.js").Json | undefined} */
    let value = text === "" ? undefined : text;
    if (field.kind === "boolean" && (text === "true" || text === "false")) value = text === "true";
    if (NUMBERS.includes(field.kind) && /^\d{1,9}$/.test(text)) value = Number(text);
    this.write({ record: set(session.record, key, value) });
    if (field.kind === "postal-code") void this.lookUp(key, text);
  }

  /** @param {string} key */
  left(key) {
    if (session.touched.includes(key)) return;
    remember({ touched: [...session.touched, key] });
    this.say();
  }

  /**
   * Goes to a field; an opened key that no field has is passed over.
   *
   * @param {string} key
   */
  goTo(key) {
    const view = this.fields.get(key) ?? [...this.fields.values()].find((view) => view.key.startsWith(key));
    if (!view) return;
    this.node.classList.remove("on-paper");
    view.control.focus();
    view.node.scrollIntoView({ block: "nearest" });
  }

  /** Goes to what is said of no field on the page. */
  goToGeneral() {
    this.node.classList.remove("on-paper");
    this.papers.point(null);
    this.general.focus();
    this.general.scrollIntoView({ block: "nearest" });
  }

  /** Asks the program how the forms look now. What is written while it answers is asked next. */
  refresh() {
    this.asking ??= this.askAll();
    return this.asking;
  }

  async askAll() {
    this.node.setAttribute("aria-busy", "true");
    /** @type {unknown} */
    let fault = null;
    try {
      do {
        const { record, forms, lang } = session;
        const { ids } = this;
        this.apply(await (ids.length > 0 ? api.fill(record, ids) : NOTHING), { record, forms, lang });
      } while (this.known !== "yes");
    } catch (error) {
      fault = error;
    }
    this.asking = null;
    this.node.setAttribute("aria-busy", "false");
    if (fault === null) return this.app.answered();
    this.say();
    this.app.failed(fault, () => this.refresh());
  }

  /** Waits until what is filled is of what is written now; false where nobody can say, and the page tells why. */
  async ready() {
    if (this.known !== "yes") await this.refresh();
    return this.known === "yes";
  }

  /**
   * @param {Filled} filled
   * @param {Written} of
   */
  apply(filled, of) {
    this.filled = filled;
    this.of = of;
    this.papers.show(filled.pages, this.app.catalogue.forms, session.lang);
    this.say();
  }

  /** What was found that concerns the forms that are ticked: how a value of others was read does not. */
  get findings() {
    return this.filled.report.diagnostics.filter(
      ({ severity, form, field }) => severity === "error" || form || !field || this.forms.some((form) => asks(form, plain(field))),
    );
  }

  /** Says what the program found, at the fields that are ready to hear it. */
  say() {
    const { findings } = this;
    const { errors } = this.filled.report;
    /** @type {Map<string, Diagnostic[]>} */
    const byField = new Map();
    /** @type {Diagnostic[]} */
    const general = [];
    for (const finding of findings) {
      const key = this.place(finding);
      if (key === null) general.push(finding);
      else byField.set(key, [...(byField.get(key) ?? []), finding]);
    }
    /** @type {Set<string>} */
    const faulty = new Set();
    for (const [key, view] of this.fields) {
      const due = (byField.get(key) ?? []).filter((finding) => this.isDue(finding, key));
      if (due.some((finding) => finding.severity === "error")) faulty.add(key);
      const { offer } = this;
      const places = offer?.key === key && this.addressOf(offer) ? [this.buildOffer(offer)] : [];
      view.say(due, this.known === "no" ? undefined : this.filled.values?.[key], places);
    }
    for (const holder of this.groupsNode.querySelectorAll("[data-notes]")) {
      const found = byField.get(holder.getAttribute("data-notes") ?? "") ?? [];
      put(holder, found.filter((finding) => this.isDue(finding, "")).map((finding) => note(finding, session.lang, null)));
    }
    const due = general.filter((finding) => this.isDue(finding, ""));
    put(
      this.general,
      due.length > 0 ? h("h2", {}, this.t.others) : null,
      due.map((finding) => this.apart(finding)),
    );
    this.papers.judge(faulty, this.known === "no" ? this.t.staleMark : errors > 0 ? this.t.draftMark(errors) : "");
    // While the program is asked, the bar keeps what it said last: a keystroke does not make it flicker.
    if (this.known !== "asking") this.actions.count(errors, this.leftToDo("warning").length);
  }

  /**
   * A finding with the name of its field, unless it has that: it is shown apart from it.
   *
   * @param {Diagnostic} finding
   * @returns {Diagnostic}
   */
  named(finding) {
    const name = finding.field ? labelOf(this.app.catalogue, plain(finding.field), session.lang) : "";
    const isSaid = name === "" || finding.message.includes(name);
    return isSaid ? finding : { ...finding, message: `${name}: ${finding.message}` };
  }

  /**
   * A finding of no field on the page, with the way to its field if it has one.
   *
   * @param {Diagnostic} finding
   */
  apart(finding) {
    const said = note(this.named(finding), session.lang, null);
    const { severity, field } = finding;
    const form = field && severity === "error" ? this.app.catalogue.forms.find((form) => asks(form, plain(field))) : undefined;
    if (!field || !form) return said;
    const name = form.alias[0] ?? form.title[session.lang];
    said.append(h("button", { type: "button", class: "small", onclick: () => this.ask(field, form.id) }, this.t.chooseToFix(name)));
    return said;
  }

  /**
   * The key of the field or list that a finding stands at; null when it is of none on the page.
   *
   * @param {Diagnostic} finding
   */
  place({ field }) {
    if (!field) return null;
    if (this.fields.has(field)) return field;
    const list = this.groupsNode.querySelector(`[data-notes="${CSS.escape(plain(field))}"]`);
    if (list) return plain(field);
    // What a section lacks is said at the first of its fields.
    const first = [...this.fields.keys()].find((key) => key.startsWith(`${field}.`));
    return first ?? null;
  }

  /**
   * Whether a finding is shown: that a field is empty, only once the person has been there.
   *
   * @param {Diagnostic} finding
   * @param {string} key
   */
  isDue(finding, key) {
    return finding.code !== "required" || session.showAll || session.touched.includes(key);
  }

  /**
   * The field of the address beside a postal code, as long as that code is typed there.
   *
   * @param {{key: string, code: string}} typed
   */
  addressOf({ key, code }) {
    const field = this.fields.get(key);
    return field && digits(field.control.value) === code ? this.fields.get(key.replace(/[^.]+$/, "address")) : undefined;
  }

  /**
   * Offers the places of a postal code for the address beside it.
   *
   * @param {string} key
   * @param {string} text
   */
  async lookUp(key, text) {
    this.offer = null;
    this.say();
    const code = digits(text);
    const address = this.addressOf({ key, code });
    if (code.length !== 7 || !address) return;
    try {
      const { places, addresses } = await api.postal(code, address.control.value);
      // Another code was typed meanwhile, or the fields are those of another record.
      if (this.addressOf({ key, code }) !== address) return;
      // An address that names its prefecture is another place, which the report speaks of.
      if (addresses.length > 0) this.offer = { key, code, places };
    } catch {
      // An offer that cannot be made is no loss: the address is typed as ever.
    }
    this.say();
  }

  /** @param {Offer} offer */
  buildOffer({ places }) {
    const take = (/** @type {number} */ nth) => {
      // A button may stay where it is for a later offer of the same places.
      const { offer } = this;
      this.offer = null;
      if (offer) void this.takePlace(offer, nth);
    };
    const buttons = places.map((place, nth) =>
      h("button", { type: "button", class: "suggest", onclick: () => take(nth) }, this.t.postal(place)),
    );
    return h("div", { class: "offer" }, buttons);
  }

  /**
   * Completes what is typed of an address by now.
   *
   * @param {Offer} offer
   * @param {number} nth Which of its places it is in.
   * @returns {Promise<void>}
   */
  async takePlace(offer, nth) {
    const address = this.addressOf(offer);
    if (!address) return;
    const written = address.control.value;
    /** @type {string} */
    let whole;
    try {
      whole = (await api.postal(offer.code, written)).addresses[nth] ?? written;
    } catch (error) {
      return this.app.failed(error, () => this.takePlace(offer, nth));
    }
    // What is typed or opened meanwhile is not lost.
    if (this.addressOf(offer) !== address || address.control.value !== written) return;
    address.take(whole);
    if (address.control instanceof HTMLInputElement) address.control.setSelectionRange(whole.length, whole.length);
  }

  /**
   * Takes a record that was opened in place of what stands there, which can be brought back.
   *
   * @param {Rec} record
   * @param {string[]} forms
   * @param {string | null} said What is said of it; none where more is said elsewhere.
   */
  take(record, forms, said) {
    const isNew = Object.keys(session.record).length === 0;
    const changes = { record, forms: forms.length > 0 ? forms : session.forms, items: {}, touched: [], showAll: true, saved: JSON.stringify(record) };
    const undo = this.replace(changes);
    if (!isNew) this.endUndo = this.app.tell(said ?? this.t.replaced, undo);
    else if (said) this.app.tell(said);
  }

  /**
   * Puts another record in place of what is written.
   *
   * @param {Partial<Session>} changes
   * @returns {() => void} Brings back what was there, in the language of the page by then.
   */
  replace(changes) {
    const { lang: _, ...before } = session;
    const put = (/** @type {Partial<Session>} */ changes) => {
      this.write(changes);
      this.rebuild();
    };
    put(changes);
    scrollTo({ top: 0 });
    return () => put(before);
  }

  /**
   * The name of a file: the facility's, then what is in it in the language of the page.
   *
   * @param {string} given What the program calls it, of which the ending stays.
   * @param {string[]} what
   */
  nameOf(given, what) {
    const facility = typed(session.record, "facility.name").replace(/[\\/:*?"<>|\p{C}]/gu, "").trim();
    const ending = /\.[^.]+$/.exec(given)?.[0] ?? "";
    return [facility, what.join("・")].filter(Boolean).join("_") + ending;
  }

  /**
   * Goes to the field of a finding, ticking a form that asks for it.
   *
   * @param {string} key
   * @param {string} form Its id.
   */
  ask(key, form) {
    if (!this.fields.has(key)) {
      this.choose(form, true);
      this.buildChooser();
    }
    this.goTo(key);
  }

  /** Begins anew; what was typed can be brought back. */
  clear() {
    const undo = this.replace({ record: {}, items: {}, touched: [], showAll: false });
    this.endUndo = this.app.tell(this.t.cleared, undo);
  }

  /**
   * What is left to do: errors or warnings with the fields they stand at.
   *
   * @param {"error" | "warning"} severity
   * @param {Diagnostic[]} findings
   * @returns {{label: string, finding: Diagnostic, key: string | null}[]}
   */
  leftToDo(severity, findings = this.findings) {
    // What was read in another way is shown as read; there is nothing to do about it.
    const due = findings.filter((finding) => finding.severity === severity && finding.code !== "normalised");
    const left = due.map((finding) => {
      const key = this.place(finding);
      return { label: (key ? finding : this.named(finding)).message, finding, key };
    });
    // In the order of the fields on the page; what is of none of them comes last.
    const order = [...this.fields.keys()];
    const at = (/** @type {string | null} */ key) => (key && order.includes(key) ? order.indexOf(key) : order.length);
    return left.sort((a, b) => at(a.key) - at(b.key));
  }
}

/**
 * The digits of a postal code, however they are written.
 *
 * @param {string} text
 */
function digits(text) {
  return text.normalize("NFKC").replace(/\D/g, "");
}

/**
 * @param {number} level
 * @param {string} id
 * @param {string} text
 */
function heading(level, id, text) {
  const tag = level <= 2 ? "h2" : level === 3 ? "h3" : "h4";
  return h(tag, { id }, text);
}

/** The bar with what is left and what can be made. */
class Actions {
  /** @param {Make} make */
  constructor(make) {
    this.make = make;
    this.node = h("div", { class: "actions" });
    this.counter = h("p", { class: "counter", role: "status" });
    this.message = h("div", { class: "message", role: "status" });
    this.dialog = h("dialog", { class: "unfinished", "aria-labelledby": "unfinished-title" });
    document.body.append(this.dialog);
  }

  build() {
    const { t } = this.make;
    const button = (/** @type {string} */ name, /** @type {() => void} */ onclick, /** @type {object} */ more = {}) =>
      h("button", { type: "button", onclick, ...more }, name);
    const isOne = this.make.forms.length < 2;
    this.next = button(t.next, () => this.goOn(), { class: "next" });
    this.warned = button("", () => this.goOn("warning"), { class: "next warned" });
    this.pdf = button(isOne ? t.pdf : t.pdfTogether, () => this.file("pdf"), { class: "main" });
    const turn = button(t.showPaper, () => {
      const onPaper = this.make.node.classList.toggle("on-paper");
      turn.textContent = onPaper ? t.showFields : t.showPaper;
    }, { class: "turn" });
    this.node.replaceChildren(
      this.message,
      h("div", { class: "state" }, this.counter, this.warned, this.next),
      h(
        "div",
        { class: "buttons" },
        turn,
        button(t.save, () => this.save(), { title: t.saveTitle }),
        button(t.print, () => this.print()),
        button(t.xlsx, () => this.file("xlsx")),
        isOne ? "" : button(t.pdfApart, () => this.each(), { "aria-haspopup": "dialog" }),
        this.pdf,
      ),
    );
    this.count(this.make.filled.report.errors, this.make.leftToDo("warning").length);
  }

  /**
   * @param {number} errors
   * @param {number} warnings
   */
  count(errors, warnings) {
    const { t, known } = this.make;
    const none = this.make.forms.length === 0;
    const unknown = !none && known !== "yes";
    const done = !none && !unknown && errors === 0;
    for (const [name, is] of Object.entries({ none, unknown, done })) this.node.classList.toggle(name, is);
    const said = none ? t.noForms : unknown ? t.known[known] : done ? t.leftNone : t.left(errors);
    put(this.counter, h("b", {}, said));
    /** @type {[HTMLButtonElement | undefined, string, boolean][]} */
    const ways = [
      [this.warned, t.warned(warnings), warnings > 0 && !none && !unknown],
      [this.next, done ? t.nextWarning : t.next, errors > 0 || warnings > 0],
    ];
    for (const [way, name, is] of ways) {
      if (!way) continue;
      if (way.textContent !== name) way.textContent = name;
      way.hidden = !is;
    }
  }

  /**
   * Goes to the next field with something to be done, after the one that had the focus last; to the next with a
   * warning when nothing else is left.
   *
   * @param {"error" | "warning"} severity
   */
  goOn(severity = this.make.filled.report.errors > 0 ? "error" : "warning") {
    const { make } = this;
    // What is said of no field comes last, as in the list of what is left.
    /** @type {(string | null)[]} */
    const order = [...make.fields.keys(), null];
    const stops = make.leftToDo(severity).map(({ key }) => (key === null ? null : order.find((field) => field?.startsWith(key)) ?? null));
    const here = order.indexOf(make.papers.current);
    const next = [...order.slice(here + 1), ...order].find((key) => stops.includes(key));
    if (next === undefined) return;
    if (next === null) return make.goToGeneral();
    remember({ touched: [...session.touched, next] });
    make.goTo(next);
    make.say();
  }

  /**
   * Shows what is left, with a way to each; `draft` does the thing all the same.
   *
   * @param {(() => void) | null} draft
   */
  ask(draft) {
    const { t } = this.make;
    remember({ showAll: true });
    this.make.say();
    const left = this.make.leftToDo("error");
    const items = left.map(({ label, key }) => {
      const go = () => {
        this.dialog.close();
        if (key) this.make.goTo(key);
        else this.make.goToGeneral();
      };
      return h("li", {}, h("button", { type: "button", class: "link", onclick: go }, label));
    });
    const close = h("button", { type: "button", onclick: () => this.dialog.close() }, t.close);
    const printDraft = draft
      ? h("button", { type: "button", onclick: () => { this.dialog.close(); draft(); } }, t.draft)
      : null;
    this.dialog.replaceChildren(
      h("h2", { id: "unfinished-title" }, t.unfinished(left.length)),
      h("p", { class: "help" }, t.unfinishedHelp),
      h("ul", {}, items),
      h("div", { class: "buttons" }, printDraft, close),
    );
    this.dialog.showModal();
  }

  /** @param {boolean} asDraft Also with errors. */
  async print(asDraft = false) {
    const { make } = this;
    if (make.forms.length === 0) return void make.app.tell(make.t.noForms);
    if (!(await make.ready())) return;
    if (make.filled.report.errors > 0 && !asDraft) return this.ask(() => this.print(true));
    window.print();
  }

  /** @param {"pdf" | "xlsx"} format */
  async file(format) {
    const { make } = this;
    if (make.forms.length === 0) return void make.app.tell(make.t.noForms);
    if (!(await make.ready())) return;
    if (make.filled.report.errors > 0) return this.ask(format === "pdf" ? () => this.print(true) : null);
    await this.give(format);
  }

  /** Saves the record: as the server writes it, and where there is none, as it is kept here. */
  async save() {
    const { make } = this;
    const { record } = session;
    const json = JSON.stringify(record);
    /** @type {{blob: Blob, name: string}} */
    let file;
    try {
      file = await api.files(record, make.ids, "yaml");
      make.app.answered();
    } catch (error) {
      if (!(error instanceof api.Unsent)) throw error;
      file = { blob: new Blob([json], { type: "application/json" }), name: "record.json" };
      if (error.isLost) make.app.failed(error, () => make.refresh());
    }
    const name = make.nameOf(file.name, [make.t.record]);
    download(file.blob, name);
    remember({ saved: json });
    make.app.tell(make.t.saved(name));
  }

  /** @param {"pdf" | "xlsx"} format */
  async give(format) {
    const { make } = this;
    try {
      make.app.tell(make.t.made(await this.made(format, make.forms)));
    } catch (error) {
      make.app.failed(error, () => this.give(format));
    }
  }

  /**
   * Makes a file, and gives it to the person.
   *
   * @param {"pdf" | "xlsx"} format
   * @param {Form[]} forms
   * @returns {Promise<string>} Its name.
   */
  async made(format, forms) {
    const { make } = this;
    const { blob, name: given } = await api.files(session.record, forms.map((form) => form.id), format);
    make.app.answered();
    const name = make.nameOf(given, forms.map((form) => (session.lang === "ja" ? form.alias[0] : form.id) ?? form.id));
    download(blob, name);
    return name;
  }

  /** Offers a PDF of each form: one may be filed weeks before another, and finished while another is not. */
  async each() {
    const { make, dialog } = this;
    const { t } = make;
    const rows = make.forms.map((form) => {
      const state = h("span", { class: "help", role: "status" }, t.known.asking);
      const [short = form.title[session.lang]] = form.alias;
      const act = h("button", { type: "button", hidden: true }, t.pdfOf(short));
      const item = h("li", {}, h("span", {}, h("b", {}, short), ` ${form.title[session.lang]}`, state), act);
      return { form, state, act, item };
    });
    dialog.replaceChildren(
      h("h2", { id: "unfinished-title" }, t.pdfApart),
      h("p", { class: "help" }, t.pdfApartHelp),
      h("ul", { class: "each" }, rows.map(({ item }) => item)),
      h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => dialog.close() }, t.close)),
    );
    dialog.showModal();
    const failed = (/** @type {unknown} */ error) => {
      dialog.close();
      make.app.failed(error, () => this.each());
    };
    try {
      for (const { form, state, act } of rows) {
        const { report } = await api.fill(session.record, [form.id]);
        const [first] = make.leftToDo("error", report.diagnostics);
        state.textContent = first ? t.left(report.errors) : t.leftNone;
        act.hidden = false;
        if (first) {
          act.textContent = t.fillIn(form.alias[0] ?? form.title[session.lang]);
          act.addEventListener("click", () => {
            dialog.close();
            remember({ showAll: true });
            make.say();
            if (first.key) make.goTo(first.key);
            else make.goToGeneral();
          });
        } else {
          act.addEventListener("click", async () => {
            try {
              state.textContent = t.made(await this.made("pdf", [form]));
            } catch (error) {
              failed(error);
            }
          });
        }
      }
    } catch (error) {
      failed(error);
    }
  }
}

