/** The filled pages as they will print, each value box tied to its field. */

import { h } from "./dom.js";
import { words } from "./words.js";

/** @typedef {import("./types.js").Diagnostic} Diagnostic */
/** @typedef {import("./types.js").Form} Form */
/** @typedef {import("./types.js").Lang} Lang */
/** @typedef {import("./types.js").Page} Page */

/** @typedef {{node: HTMLElement, name: HTMLElement, holder: HTMLElement, draft: HTMLElement, stale: HTMLElement, svg: string}} Shown */

/** The pane of pages. */
export class Papers {
  /** @param {(key: string) => void} chosen A value box was clicked. */
  constructor(chosen) {
    this.node = h("section", { class: "papers", tabindex: "0" });
    /** @type {Map<string, Shown>} */
    this.shown = new Map();
    /** @type {Set<string>} */
    this.faulty = new Set();
    /** @type {string | null} */
    this.current = null;
    this.node.addEventListener("click", (event) => {
      const box = event.target instanceof Element ? event.target.closest("[data-field]") : null;
      const key = box?.getAttribute("data-field");
      if (key) chosen(key);
    });
  }

  /**
   * Shows pages; one that has not changed stays as it is.
   *
   * @param {Page[]} pages
   * @param {Form[]} forms
   * @param {Lang} lang
   */
  show(pages, forms, lang) {
    const t = words(lang);
    this.node.setAttribute("aria-label", t.paper);
    /** @type {Map<string, Shown>} */
    const next = new Map();
    for (const page of pages) {
      const form = forms.find((form) => form.id === page.form);
      const number = page.pages > 1 ? `${page.page}/${page.pages}` : "";
      const name = [form?.alias[0] ?? page.form, page.kind, number].filter(Boolean).join(" ");
      let id = `${page.form} ${page.kind ?? ""} ${page.page}`;
      while (next.has(id)) id += "+";
      const shown = this.shown.get(id) ?? this.add();
      shown.node.setAttribute("aria-label", t.paperLabel(name));
      shown.name.textContent = name;
      shown.stale.textContent = t.staleMark;
      if (shown.svg !== page.svg) {
        shown.svg = page.svg;
        const svg = parse(page.svg);
        shown.holder.replaceChildren(svg);
        const wide = parseFloat(svg.getAttribute("width") ?? "") > parseFloat(svg.getAttribute("height") ?? "");
        shown.node.classList.toggle("landscape", wide);
      }
      next.set(id, shown);
    }
    const nodes = [...next.values()].map((shown) => shown.node);
    if (nodes.length !== this.node.children.length || nodes.some((node, i) => node !== this.node.children[i])) {
      this.node.replaceChildren(...nodes);
    }
    this.shown = next;
    this.mark();
  }

  /** @returns {Shown} */
  add() {
    const holder = h("div", { class: "sheet" });
    const draft = h("p", { class: "draft" });
    // Printed in its place while the program is still asked.
    const stale = h("p", { class: "stale" });
    const name = h("p", { class: "name", "aria-hidden": "true" });
    return { node: h("article", { class: "paper" }, name, draft, stale, holder), name, holder, draft, stale, svg: "" };
  }

  /**
   * Marks the boxes whose fields have errors, and says on every page why it is a draft, if it is one.
   *
   * @param {Set<string>} faulty Keys.
   * @param {string} said
   */
  judge(faulty, said) {
    this.faulty = faulty;
    for (const { draft } of this.shown.values()) {
      if (draft.textContent !== said) draft.textContent = said;
    }
    this.mark();
  }

  /**
   * Marks the boxes of the field that has the focus, and brings the first into view.
   *
   * @param {string | null} key
   */
  point(key) {
    this.current = key;
    this.mark();
    const box = key === null ? null : this.node.querySelector(`[data-field="${CSS.escape(key)}"]`);
    // The pane alone is scrolled: the form stays where the person has it.
    if (box) {
      const [inside, pane] = [box.getBoundingClientRect(), this.node.getBoundingClientRect()];
      if (inside.top < pane.top + 24 || inside.bottom > pane.bottom - 24) {
        this.node.scrollBy({ top: inside.top - pane.top - pane.height / 3 });
      }
    }
  }

  mark() {
    for (const box of this.node.querySelectorAll("[data-field]")) {
      const key = box.getAttribute("data-field") ?? "";
      box.classList.toggle("faulty", this.faulty.has(key));
      box.classList.toggle("current", this.current === key);
    }
  }
}

/**
 * An SVG as elements. Read as XML, it is what it says and nothing else: no HTML, no script.
 *
 * @param {string} svg
 */
function parse(svg) {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  return /** @type {Element} */ (document.importNode(parsed, true));
}
