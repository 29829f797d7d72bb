/** 「様式を取り込む」: an office's own PDF with the boxes in which values are printed, to be put right. */

import * as api from "./api.js";
import { download, h } from "./dom.js";
import { dropZone } from "./drop.js";
import { session } from "./session.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").DraftBox} DraftBox */
/** @typedef {import("./types.js").DraftField} DraftField */
/** @typedef {import("./types.js").DraftProposal} DraftProposal */

/**
 * @typedef {object} Work A paper and what was made of it.
 * @property {File} file
 * @property {Draft} draft
 * @property {number} page The page that is shown.
 * @property {Map<number, string>} pictures Of pages that have been seen, as data addresses.
 * @property {string} saved What was sent of the proposal when it was made or last saved, as JSON.
 */

/** How near a line draws an edge to it, in mm. */
const NEAR = 1.2;
/** How far an arrow moves a box, in mm. */
const STEP = 0.5;
/** The least width and height of a box, in mm. */
const LEAST = 2.5;

export class DraftView {
  /** @param {import("./main.js").App} app */
  constructor(app) {
    this.app = app;
    this.node = h("div", { class: "view draft" });
    /** @type {Work | null} */
    this.work = null;
    /** The paper that was given last. @type {File | null} */
    this.given = null;
    /** @type {DraftBox | null} */
    this.chosen = null;
    this.sheet = h("div", { class: "draft-sheet" });
    this.panel = h("div", { class: "draft-panel" });
    this.found = h("div", { class: "draft-found", role: "status" });
  }

  get draft() {
    return this.work?.draft ?? null;
  }

  get page() {
    return this.work?.page ?? 1;
  }

  get isUnsaved() {
    return this.work !== null && JSON.stringify(printed(this.work.draft.proposal)) !== this.work.saved;
  }

  get t() {
    return words(session.lang);
  }

  /** @param {File} file */
  async take(file) {
    this.given = file;
    try {
      const draft = await api.draft(file);
      this.app.answered();
      // Another was given meanwhile, and is taken in its place.
      if (this.given !== file) return;
      const saved = JSON.stringify(printed(draft.proposal));
      this.replace({ file, draft, page: 1, pictures: new Map(), saved }, this.t.draftTold(file.name, draft.proposal.boxes.length));
    } catch (error) {
      this.app.failed(error, () => this.take(file), this.t.openedNothing(file.name));
    }
  }

  /**
   * Shows a paper in place of another, which can be brought back with all that was made of it.
   *
   * @param {Work} work
   * @param {string} said
   */
  replace(work, said) {
    const before = this.work;
    this.work = work;
    this.chosen = null;
    this.show();
    this.app.tell(said, before && (() => this.replace(before, this.t.draftAgain(before.file.name))));
  }

  show() {
    const { t, work } = this;
    const head = [h("h1", {}, t.views.draft), h("p", { class: "lead" }, t.draftLead)];
    const drop = dropZone(t.draftDrop, t.chooseFile, ".pdf,application/pdf", (file) => void this.take(file));
    if (!work) {
      this.node.replaceChildren(...head, drop);
      return;
    }
    const { draft } = work;
    const count = draft.pages.length;
    const turn = h("select", { "aria-label": t.draftPage });
    for (let page = 1; page <= count; page++) turn.append(h("option", { value: page }, `${page} / ${count}`));
    turn.value = String(this.page);
    turn.addEventListener("change", () => {
      work.page = Number(turn.value);
      this.chosen = null;
      this.lay();
    });
    const title = h("input", { type: "text", value: draft.proposal.title });
    title.addEventListener("input", () => {
      draft.proposal.title = title.value;
    });
    const button = (/** @type {string} */ text, /** @type {() => unknown} */ act, kind = "") =>
      h("button", { type: "button", class: kind, onclick: () => void act() }, text);
    this.node.replaceChildren(
      ...head,
      h(
        "div",
        { class: "draft-tools" },
        h("label", {}, t.draftTitle, title),
        h("label", {}, t.draftPage, turn),
        button(t.draftAdd, () => this.add()),
        button(t.draftTry, () => this.attempt()),
        button(t.draftSave, () => this.save(), "main"),
      ),
      this.found,
      h("p", { class: "help" }, t.draftHelp),
      h("div", { class: "draft-desk" }, this.sheet, this.panel),
      drop,
    );
    this.lay();
  }

  get size() {
    return this.draft?.pages[this.page - 1] ?? { width: 210, height: 297, x: [], y: [] };
  }

  /** Lays the boxes of the page over its picture. */
  lay() {
    const { work, size } = this;
    if (!work) return;
    const { draft, page } = work;
    this.found.replaceChildren();
    const picture = h("img", { alt: this.t.draftPicture(page), draggable: "false" });
    const known = work.pictures.get(page);
    if (known) picture.src = known;
    else void this.paint(work, page, picture);
    this.sheet.style.aspectRatio = `${size.width} / ${size.height}`;
    const spots = draft.proposal.boxes.filter((box) => box.page === page).map((box) => this.spot(box));
    this.sheet.replaceChildren(picture, ...spots);
    this.tell();
  }

  /**
   * @param {Work} work
   * @param {number} page
   * @param {HTMLImageElement} picture
   */
  async paint(work, page, picture) {
    try {
      const address = await api.draftPage(work.file, page);
      work.pictures.set(page, address);
      picture.src = address;
    } catch (error) {
      this.app.failed(error, () => this.paint(work, page, picture));
    }
  }

  /**
   * A box on the page.
   *
   * @param {DraftBox} box
   */
  spot(box) {
    const spot = h("button", { type: "button", class: "spot", "data-field": box.field });
    const place = () => {
      const { width, height } = this.size;
      const [x, y, w, high] = box.at;
      const rows = box.repeat?.times ?? 1;
      Object.assign(spot.style, {
        left: `${(x / width) * 100}%`,
        top: `${(y / height) * 100}%`,
        width: `${(w / width) * 100}%`,
        height: `${((high + (rows - 1) * (box.repeat?.step ?? 0)) / height) * 100}%`,
      });
      spot.setAttribute("aria-label", `${this.name(box)} ${box.at.map((mm) => mm.toFixed(1)).join(", ")} mm`);
      spot.setAttribute("aria-pressed", String(this.chosen === box));
    };
    place();
    spot.append(h("span", { class: "handle", "aria-hidden": "true" }));
    spot.addEventListener("focus", () => this.choose(box));
    spot.addEventListener("keydown", (event) => this.key(event, box, place));
    spot.addEventListener("pointerdown", (event) => this.drag(event, box, spot, place));
    return spot;
  }

  /** @param {DraftBox} box */
  name(box) {
    const field = this.fieldOf(box);
    const label = field?.label ?? this.known().find(([key]) => key === box.field)?.[1] ?? box.label ?? box.field;
    return [label, box.is, box.part && this.t.draftParts[box.part]].filter(Boolean).join(" ");
  }

  /** The form's own field of a box. @param {DraftBox} box */
  fieldOf(box) {
    return this.draft?.proposal.fields.find((field) => field.key === keyOf(box));
  }

  /** The fields that other forms have: key, and label behind those of its sections. @returns {[string, string][]} */
  known() {
    const { fields } = this.app.catalogue;
    const labels = new Map(fields.map((field) => [field.key, field.label[session.lang]]));
    const lists = fields.filter((field) => field.kind === "list").map((field) => `${field.key}.`);
    const path = (/** @type {string} */ key) => {
      const names = key.split(".").map((_, i, all) => labels.get(all.slice(0, i + 1).join(".")) ?? "");
      return names.filter(Boolean).join(" > ");
    };
    return fields
      .filter((field) => field.input && !field.computed && !lists.some((list) => field.key.startsWith(list)))
      .map((field) => [field.key, path(field.key)]);
  }

  /** @param {DraftBox} box */
  choose(box) {
    if (this.chosen === box) return;
    this.chosen = box;
    for (const spot of this.sheet.querySelectorAll(".spot")) spot.setAttribute("aria-pressed", "false");
    if (document.activeElement?.classList.contains("spot")) document.activeElement.setAttribute("aria-pressed", "true");
    this.tell();
  }

  /**
   * Moves a box with the arrows, sizes it with Shift and the arrows, deletes it with Delete.
   *
   * @param {KeyboardEvent} event
   * @param {DraftBox} box
   * @param {() => void} place
   */
  key(event, box, place) {
    const step = event.altKey ? 0.1 : STEP;
    const ways = /** @type {{[key: string]: [number, number]}} */ ({
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    });
    const way = ways[event.key];
    if (way) {
      event.preventDefault();
      const [x, y, w, height] = box.at;
      this.put(box, event.shiftKey ? [x, y, w + way[0], height + way[1]] : [x + way[0], y + way[1], w, height]);
      place();
      this.tell();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.remove(box);
    }
  }

  /**
   * Puts a box on the page, inside its edges.
   *
   * @param {DraftBox} box
   * @param {[number, number, number, number]} at
   */
  put(box, [x, y, w, height]) {
    const { size } = this;
    const tenth = (/** @type {number} */ mm) => Math.round(mm * 10) / 10;
    const wide = Math.min(Math.max(w, LEAST), size.width - 1);
    const high = Math.min(Math.max(height, LEAST), size.height - 1);
    const left = Math.min(Math.max(x, 0), size.width - wide);
    const top = Math.min(Math.max(y, 0), size.height - high);
    box.at = [tenth(left), tenth(top), tenth(wide), tenth(high)];
  }

  /**
   * Moves or sizes a box with the pointer; its edges are drawn to the paper's lines.
   *
   * @param {PointerEvent} event
   * @param {DraftBox} box
   * @param {HTMLElement} spot
   * @param {() => void} place
   */
  drag(event, box, spot, place) {
    if (event.button !== 0) return;
    spot.focus();
    spot.setPointerCapture(event.pointerId);
    const isSize = event.target instanceof Element && event.target.classList.contains("handle");
    const { size } = this;
    const scale = size.width / this.sheet.getBoundingClientRect().width;
    const [x, y, w, height] = box.at;
    const from = [event.clientX, event.clientY];
    const snap = (/** @type {number} */ mm, /** @type {number[]} */ lines, /** @type {number} */ inside) => {
      const near = lines.map((line) => line + inside).filter((line) => Math.abs(line - mm) < NEAR);
      return near.length > 0 ? near.reduce((a, b) => (Math.abs(a - mm) < Math.abs(b - mm) ? a : b)) : mm;
    };
    const move = (/** @type {PointerEvent} */ moved) => {
      const dx = (moved.clientX - from[0]) * scale;
      const dy = (moved.clientY - from[1]) * scale;
      if (isSize) {
        const right = snap(x + w + dx, size.x, -0.3);
        const bottom = snap(y + height + dy, size.y, -0.3);
        this.put(box, [x, y, right - x, bottom - y]);
      } else {
        this.put(box, [snap(x + dx, size.x, 0.3), snap(y + dy, size.y, 0.3), w, height]);
      }
      place();
    };
    const end = () => {
      spot.removeEventListener("pointermove", move);
      this.tell();
    };
    spot.addEventListener("pointermove", move);
    spot.addEventListener("pointerup", end, { once: true });
    spot.addEventListener("pointercancel", end, { once: true });
  }

  /** Adds a box in the middle of the page, with a field of its own. */
  add() {
    const { draft, size, page } = this;
    if (!draft) return;
    /** @type {DraftBox} */
    const box = { page, at: [size.width / 2 - 30, size.height / 2 - 4, 60, 8], field: "", label: "" };
    this.own(box);
    this.put(box, box.at);
    draft.proposal.boxes.push(box);
    this.chosen = null;
    this.lay();
    const spots = this.sheet.querySelectorAll(".spot");
    /** @type {HTMLElement} */ (spots[spots.length - 1]).focus();
  }

  /** @param {DraftBox} box */
  remove(box) {
    const { work } = this;
    if (!work) return;
    const { boxes } = work.draft.proposal;
    const at = boxes.indexOf(box);
    boxes.splice(at, 1);
    this.chosen = null;
    this.lay();
    this.app.tell(this.t.draftRemoved, () => {
      boxes.splice(at, 0, box);
      this.lay();
    });
  }

  /**
   * A value of the sample.
   *
   * @param {string} key
   * @param {unknown} value
   */
  setSample(key, value) {
    /** @type {any} */
    let inside = this.draft?.proposal.sample;
    const names = key.split(".");
    for (const name of names.slice(0, -1)) inside = inside[name] ??= {};
    inside[names[names.length - 1]] = value;
  }

  /** Shows what is chosen, to be changed. */
  tell() {
    const { chosen: box, draft, t } = this;
    if (!box || !draft) {
      this.panel.replaceChildren(h("p", { class: "help" }, t.draftChoose));
      return;
    }
    const own = this.fieldOf(box);
    const select = h("select", {});
    const inList = box.repeat || box.field.includes("[");
    if (own) select.append(h("option", { value: keyOf(box) }, `${own.label}（${t.draftOwn}）`));
    if (!inList) {
      for (const [key, label] of this.known()) select.append(h("option", { value: key }, label));
      if (!own) select.append(h("option", { value: "+" }, t.draftOwnNew));
    }
    select.value = keyOf(box);
    select.addEventListener("change", () => {
      if (select.value === "+") this.own(box);
      else box.field = select.value;
      this.lay();
    });
    const parts = [h("label", {}, t.draftField, select)];
    if (own) {
      const label = h("input", { type: "text", value: own.label });
      label.addEventListener("input", () => {
        own.label = label.value;
      });
      const kind = h("select", {}, Object.keys(t.draftKinds).map((name) => h("option", { value: name }, t.draftKinds[name])));
      kind.value = own.kind;
      kind.addEventListener("change", () => {
        own.kind = kind.value;
        // What was an example of the kind before is none of this one.
        own.example = "";
        unset(draft.proposal.sample, own.key);
        if (own.kind === "digits") own.length ??= 7;
        if (own.kind === "choice" && own.choices?.length === 0) own.choices = ["有", "無"];
        this.tell();
      });
      parts.push(h("label", {}, t.draftLabel, label), h("label", {}, t.draftKind, kind));
      if (own.kind === "choice") {
        const choices = h("input", { type: "text", value: own.choices?.join("、") ?? "" });
        choices.addEventListener("input", () => {
          own.choices = choices.value.split(/[、,]/).map((word) => word.trim()).filter(Boolean);
        });
        parts.push(h("label", {}, t.draftChoices, choices));
      }
      if (!inList) {
        const sample = h("input", { type: "text", value: own.example ?? "" });
        sample.addEventListener("input", () => {
          own.example = sample.value;
          this.setSample(own.key, sample.value);
        });
        parts.push(h("label", {}, t.draftSample, sample));
      }
    }
    const numbers = t.draftSides.map((side, i) => {
      const input = h("input", { type: "number", step: "0.1", min: "0", value: Math.round(box.at[i] * 10) / 10 });
      input.addEventListener("change", () => {
        const at = /** @type {[number, number, number, number]} */ ([...box.at]);
        at[i] = Number(input.value);
        this.put(box, at);
        this.lay();
      });
      return h("label", { class: "short" }, `${side} (mm)`, input);
    });
    this.panel.replaceChildren(
      h("h2", {}, this.name(box)),
      ...parts,
      h("div", { class: "draft-numbers" }, numbers),
      h("button", { type: "button", onclick: () => this.remove(box) }, t.draftDelete),
    );
  }

  /** Gives a box a field of the form's own. @param {DraftBox} box */
  own(box) {
    const proposal = this.draft?.proposal;
    if (!proposal) return;
    let number = proposal.fields.length + 1;
    while (proposal.fields.some((field) => field.key === `${proposal.section}.f${number}`)) number++;
    const key = `${proposal.section}.f${number}`;
    proposal.fields.push({ key, label: box.label || this.t.draftNew(number), kind: "text", choices: [], example: "見本" });
    this.setSample(key, "見本");
    box.field = key;
  }

  /**
   * What the server says of the definition as it is, and the proposal that was sent.
   *
   * @param {Work} work
   */
  async define(work) {
    const proposal = printed(work.draft.proposal);
    const defined = await api.draftDefinition(work.file, proposal, work.page);
    this.app.answered();
    const said = defined.report.diagnostics.map((finding) => h("li", { class: finding.severity }, finding.message));
    if (this.work === work) this.found.replaceChildren(said.length > 0 ? h("ul", {}, said) : h("p", {}, this.t.draftSound));
    return { ...defined, proposal };
  }

  /** Shows the page with sample values. */
  async attempt() {
    const { work, page } = this;
    if (!work) return;
    try {
      const { svg } = await this.define(work);
      // Another paper or page may be shown by now.
      if (!svg || this.work !== work || this.page !== page) return;
      const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
      const shown = /** @type {Element} */ (document.importNode(parsed, true));
      const back = h("button", { type: "button", onclick: () => this.lay() }, this.t.draftBack);
      this.sheet.replaceChildren(shown);
      this.panel.replaceChildren(h("p", { class: "help" }, this.t.draftTried), back);
      back.focus();
    } catch (error) {
      this.app.failed(error, () => this.attempt());
    }
  }

  /** Gives the definition to be saved beside the PDF. */
  async save(work = this.work) {
    if (!work) return;
    try {
      const { proposal, report, yaml } = await this.define(work);
      if (report.errors > 0) return;
      const name = `${proposal.id}.yaml`;
      download(new Blob([yaml], { type: "application/yaml" }), name);
      work.saved = JSON.stringify(proposal);
      this.app.tell(this.t.draftSaved(name, proposal.file));
    } catch (error) {
      this.app.failed(error, () => this.save(work));
    }
  }
}

/**
 * The field of a box as a form has it, without the item of a list.
 *
 * @param {DraftBox} box
 */
function keyOf(box) {
  return box.repeat ? box.field.replace(/^item/, box.repeat.list) : box.field.replace(/\[\d+\]/, "");
}

/**
 * A copy of a proposal as it is by now, without own fields that no box prints and their values in the sample. While
 * boxes are put right these stay, so that a box that is brought back has them again and no other field takes their key.
 *
 * @param {DraftProposal} proposal
 * @returns {DraftProposal}
 */
function printed(proposal) {
  const copy = structuredClone(proposal);
  const used = copy.boxes.map(keyOf);
  const isUsed = (/** @type {DraftField} */ field) => used.some((key) => key === field.key || key.startsWith(`${field.key}.`));
  for (const field of copy.fields) if (!isUsed(field)) unset(copy.sample, field.key);
  copy.fields = copy.fields.filter(isUsed);
  return copy;
}

/**
 * Takes a value out of a sample; of a field in a list, out of all of its items.
 *
 * @param {{[key: string]: unknown}} sample
 * @param {string} key
 */
function unset(sample, key) {
  const names = key.split(".");
  const last = names.pop() ?? "";
  /** @type {any[]} */
  let inside = [sample];
  for (const name of names) inside = inside.flatMap((one) => one[name] ?? []);
  for (const one of inside) delete one[last];
}
