/** 「名簿から一括」: the forms of every facility of a list. */

import { h } from "./dom.js";
import { dropZone } from "./drop.js";
import { session } from "./session.js";
import { words } from "./words.js";

export class Roster {
  /** @param {import("./main.js").App} app */
  constructor(app) {
    this.app = app;
    this.node = h("div", { class: "view roster" });
  }

  show() {
    const t = words(session.lang);
    this.node.replaceChildren(
      h("h1", {}, t.views.roster),
      h("p", { class: "lead" }, t.rosterLead),
      dropZone(t.rosterDrop, t.chooseFile, ".xlsx,.csv,.tsv", (file) => this.app.open(file)),
    );
  }

  /** @param {File} file */
  async take(file) {
    void file;
  }
}
