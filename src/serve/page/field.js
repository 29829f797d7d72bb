/** One field: its label, control, help, and below it what the program says of its value. */

import { h, put } from "./dom.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Diagnostic} Diagnostic */
/** @typedef {import("./types.js").Field} Field */
/** @typedef {import("./types.js").Lang} Lang */
/** @typedef {import("./types.js").Understood} Understood */

/**
 * @typedef {object} Context
 * @property {Lang} lang
 * @property {string[]} labels Ids of the headings above the field, outermost first: with its label they are its name.
 * @property {boolean} required
 * @property {import("./types.js").Text | null} sometimes When it is needed although it may be empty.
 * @property {import("./types.js").Text | null} office Who fills it in instead of the person.
 * @property {(key: string, text: string) => void} changed A value was typed or chosen.
 * @property {(key: string) => void} left The field was left.
 * @property {(key: string) => void} entered The field has the focus.
 */

/** A field on the page. */
export class FieldView {
  /**
   * @param {Field} field
   * @param {string} key With list indices.
   * @param {string} value
   * @param {Context} context
   */
  constructor(field, key, value, context) {
    this.field = field;
    this.key = key;
    this.context = context;
    const { lang, required } = context;
    const t = words(lang);
    const id = `field-${key}`;
    this.control = this.makeControl(id, value);
    this.notes = h("div", { class: "notes", id: `${id}-notes` });
    const label = h("span", { id: `${id}-label` }, field.label[lang]);
    // What others fill in needs no example.
    const example = field.example && !context.office ? h("span", { class: "example" }, `${t.example} ${spoken(field, lang)}`) : null;
    this.node = h(
      "div",
      { class: context.office ? "field office" : "field", "data-key": key },
      h("label", { for: id }, label, this.badge()),
      h("p", { class: "help", id: `${id}-help` }, h("span", {}, field.help[lang]), example),
      this.control,
      this.notes,
    );
    this.control.setAttribute("aria-labelledby", [...context.labels, `${id}-label`].join(" "));
    this.control.setAttribute("aria-describedby", `${id}-help ${id}-notes`);
    if (required) this.control.setAttribute("aria-required", "true");
    this.listen();
  }

  /**
   * @param {string} id
   * @param {string} value
   * @returns {HTMLInputElement | HTMLSelectElement}
   */
  makeControl(id, value) {
    const { kind, choices, offer } = this.field;
    const { lang } = this.context;
    const t = words(lang);
    const name = this.key;
    if (kind === "choice" || kind === "boolean") {
      const known =
        kind === "boolean"
          ? [["true", t.yes], ["false", t.no]]
          : [
              ...(choices ?? []).map((c) => [c.value, meant(c, lang)]),
              ...(offer ?? []).map((value) => [value, value]),
            ];
      // A value of an opened record that no choice has is kept until another is chosen.
      if (value !== "" && !known.some(([known]) => known === value)) known.push([value, value]);
      const options = known.map(([value, shown]) => h("option", { value }, shown));
      const select = h("select", { id, name }, h("option", { value: "" }, t.choose), options);
      select.value = value;
      return select;
    }
    const input = h("input", { id, name, type: "text", inputmode: this.field.input?.inputmode, autocomplete: "off", spellcheck: "false", lang: "ja" });
    // How short a value is shows in how wide its control is.
    if (this.field.input?.width) input.style.maxWidth = `calc(${this.field.input.width}em + 2.25rem)`;
    input.value = value;
    return input;
  }

  /** Whether the field must be filled in. */
  badge() {
    const { lang, required, sometimes, office } = this.context;
    const t = words(lang);
    if (office) return h("span", { class: "optional" }, t.office(office[lang]));
    if (this.field.derived) return h("span", { class: "optional" }, t.automatic);
    if (required) return h("span", { class: "required" }, t.required);
    return h("span", { class: "optional" }, sometimes ? sometimes[lang] : t.optional);
  }

  listen() {
    const { control, key, context } = this;
    const changed = () => context.changed(key, control.value);
    if (control instanceof HTMLSelectElement) {
      control.addEventListener("change", changed);
    } else {
      // While an input method composes, the text is not the person's yet.
      control.addEventListener("input", (event) => {
        if (!(event instanceof InputEvent && event.isComposing)) changed();
      });
      control.addEventListener("compositionend", changed);
    }
    control.addEventListener("focus", () => context.entered(key));
    control.addEventListener("blur", () => context.left(key));
  }

  /**
   * Shows a value that was not typed here.
   *
   * @param {string} value
   */
  set(value) {
    if (this.control.value === value) return;
    if (this.control instanceof HTMLSelectElement && ![...this.control.options].some((o) => o.value === value)) {
      this.control.append(h("option", { value }, value));
    }
    this.control.value = value;
  }

  /**
   * Shows what the program says of the value.
   *
   * @param {Diagnostic[]} findings
   * @param {Understood | undefined} understood
   * @param {Node[]} offers Buttons that put something in.
   */
  say(findings, understood, offers = []) {
    const { lang } = this.context;
    const faulty = findings.some((finding) => finding.severity === "error");
    this.node.classList.toggle("faulty", faulty);
    if (faulty) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
    const isSaid = findings.some((finding) => finding.code === "normalised");
    put(
      this.notes,
      isSaid ? null : this.echo(understood),
      offers,
      findings.map((finding) => note(this.control.value === "" ? bare(finding) : finding, lang, (value) => this.take(value))),
    );
  }

  /**
   * How the program read the value, where that differs from what was typed.
   *
   * @param {Understood | undefined} understood
   */
  echo(understood) {
    const t = words(this.context.lang);
    if (!understood) return null;
    const { text, says, derived } = understood;
    if (derived && this.control.value === "") return h("p", { class: "echo" }, t.derived(says ?? text));
    if (says) return h("p", { class: "echo" }, says);
    const shown = this.control instanceof HTMLInputElement && this.control.value !== text;
    return shown && text !== "" ? h("p", { class: "echo" }, t.read(text)) : null;
  }

  /**
   * Puts a value in, as if it had been typed.
   *
   * @param {string} value
   */
  take(value) {
    this.set(value);
    this.context.changed(this.key, value);
    this.control.focus();
  }
}

/**
 * A choice with what it stands for.
 *
 * @param {import("./types.js").Choice} choice
 * @param {Lang} lang
 */
function meant({ value, en, means }, lang) {
  if (lang === "en") return en && en !== value ? `${value} (${en})` : value;
  return means ? `${value}（${means}）` : value;
}

/**
 * The example of a field as people write it: a day by the Japanese calendar in Japanese.
 *
 * @param {Field} field
 * @param {Lang} lang
 */
function spoken({ kind, example = "" }, lang) {
  const day = new Date(`${example}T00:00:00`);
  if (kind !== "date" || lang !== "ja" || Number.isNaN(day.valueOf())) return example;
  return new Intl.DateTimeFormat("ja-JP-u-ca-japanese", { era: "long", year: "numeric", month: "long", day: "numeric" }).format(day);
}

/**
 * That a field is empty, and no more: what to write is said above it.
 *
 * @param {Diagnostic} finding
 * @returns {Diagnostic}
 */
function bare(finding) {
  return finding.code === "required" ? { ...finding, hint: undefined, cite: undefined } : finding;
}

/**
 * A finding of the Report in words, with a button for what it suggests.
 *
 * @param {Diagnostic} finding
 * @param {Lang} lang
 * @param {((value: string) => void) | null} take
 */
export function note(finding, lang, take) {
  const t = words(lang);
  const { severity, message, hint, suggestion, cite, code } = finding;
  // What the program reads another way is no fault: it is shown as done.
  if (code === "normalised") return h("p", { class: "echo" }, message);
  const button =
    suggestion && take
      ? h("button", { type: "button", class: "suggest", onclick: () => take(suggestion) }, t.use(suggestion))
      : null;
  return h(
    "div",
    { class: `note ${severity}` },
    h("p", { class: "said" }, h("span", { class: "mark" }, `${severity === "error" ? t.error : t.warning} `), message),
    hint ? h("p", { class: "hint" }, hint) : null,
    button,
    cite ? h("p", { class: "cite" }, `${t.cite} ${cite}`) : null,
  );
}
