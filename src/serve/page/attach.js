/** 「申請書に付ける」: the filled forms behind the applicant's own PDF. */

import * as api from "./api.js";
import { formChips } from "./chips.js";
import { download, h } from "./dom.js";
import { dropZone } from "./drop.js";
import { session } from "./session.js";
import { words } from "./words.js";

export class Attach {
  /** @param {import("./main.js").App} app */
  constructor(app) {
    this.app = app;
    this.node = h("div", { class: "view attach" });
    /** @type {File | null} */
    this.file = null;
    /** @type {Map<string, boolean>} Forms that the person has chosen or left out. */
    this.chosen = new Map();
  }

  /** @param {File} file The application. */
  take(file) {
    this.file = file;
    this.show();
  }

  /** @param {import("./types.js").Form} form */
  isChosen({ id, attached }) {
    return this.chosen.get(id) ?? attached ?? false;
  }

  show() {
    const t = words(session.lang);
    const { app } = this;
    const { forms } = app.make;
    const { errors } = app.make.filled.report;
    // Whether the forms are finished is known when the program has answered.
    if (app.make.known === "asking") void app.make.ready().then(() => this.show());
    const chips = formChips(forms, "attach", (form) => this.isChosen(form), ({ id }, chosen) => {
      this.chosen.set(id, chosen);
      this.show();
      document.getElementById(`attach-${id}`)?.focus();
    });
    const isFinished = forms.length > 0 && errors === 0;
    const ready = isFinished && forms.some((form) => this.isChosen(form));
    const chosen = this.file
      ? [h("p", { class: "chosen" }, t.attachFile(this.file.name))]
      : [];
    const make = h("button", { type: "button", class: "main", onclick: () => this.make() }, t.attachMake);
    this.node.replaceChildren(
      h("h1", {}, t.views.attach),
      h("p", { class: "lead" }, t.attachLead),
      ...chosen,
      dropZone(t.attachDrop, t.chooseFile, ".pdf,application/pdf", (file) => app.open(file)),
      h("h2", {}, t.attachForms),
      forms.length > 0 ? h("div", { role: "group", "aria-label": t.attachForms }, chips) : "",
      isFinished && !ready ? h("p", { class: "need" }, t.attachNone) : "",
      isFinished ? "" : h("p", { class: "need" }, `${t.attachNeed}${forms.length > 0 ? `（${t.left(errors)}）` : ""} `, h("a", { href: "#make" }, t.views.make)),
      this.file && ready ? make : "",
    );
  }

  async make() {
    if (!this.file) return;
    try {
      const forms = this.app.make.forms.filter((form) => this.isChosen(form)).map((form) => form.id);
      const { blob, name: given } = await api.attach(session.record, forms, this.file);
      const name = this.app.make.nameOf(given, [words(session.lang).packet]);
      this.app.answered();
      download(blob, name);
      this.app.tell(words(session.lang).made(name));
    } catch (error) {
      this.app.failed(error, () => this.make());
    }
  }
}
