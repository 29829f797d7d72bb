/**
 * Shapes that the server's API and the page share. Types only: nothing here runs.
 *
 * @typedef {"ja" | "en"} Lang
 *
 * @typedef {{ja: string, en: string}} Text
 *
 * @typedef {string | number | boolean | null | JsonList | JsonMap} Json
 *
 * @typedef {Json[]} JsonList
 *
 * @typedef {{[key: string]: Json}} JsonMap
 *
 * @typedef {{[key: string]: Json}} Rec A record: values by their keys, as YAML or JSON would have them.
 *
 * @typedef {object} Choice
 * @property {string} value What the form prints.
 * @property {string} en The same in English.
 * @property {string} [means] What it stands for, where the form prints a letter.
 *
 * @typedef {object} Field One field of the dictionary, a section or a list of fields.
 * @property {string} key Dotted, without list indices.
 * @property {Text} label
 * @property {string} kind `section`, `list`, `text`, `date`, …
 * @property {Text} help
 * @property {string} [example]
 * @property {Choice[]} [choices]
 * @property {string[]} [offer] Several choices offered as one.
 * @property {boolean} [computed] Always derived: nobody writes it.
 * @property {boolean} [derived] Derived where nothing is written.
 * @property {Text} [filled_by] Who fills it in, where that is not the applicant.
 * @property {{type: string, inputmode?: string | null, width?: number, values?: string[]}} [input] The control that suits it; `width` in full-width characters.
 *
 * @typedef {object} Form
 * @property {string} id
 * @property {string[]} alias Such as 別紙2.
 * @property {Text} title
 * @property {Text} [history] What became of it; only for a form that is no longer filed.
 * @property {string} section The key under which a record asks for it.
 * @property {string[]} required Keys that must be written.
 * @property {string[]} optional Keys that may be.
 * @property {{[key: string]: Text}} [sometimes] Of keys that may be left out: when they are needed.
 * @property {boolean} [attached] Whether it is what an application has attached.
 * @property {Rec} sample The values of its 記載例.
 *
 * @typedef {object} Catalogue What `GET /api/v1/forms` answers.
 * @property {Form[]} forms
 * @property {Field[]} fields In the order of the dictionary, sections and lists before what they hold.
 *
 * @typedef {object} Diagnostic
 * @property {"error" | "warning"} severity
 * @property {string} code
 * @property {string} [form]
 * @property {string} [field]
 * @property {string} message
 * @property {string} [hint]
 * @property {string} [suggestion] A value that can be put in as it stands.
 * @property {string} [cite]
 * @property {string} [file]
 * @property {number} [line]
 * @property {string} [sheet]
 * @property {number} [row]
 * @property {string | number} [column]
 * @property {string} [heading]
 * @property {string} [facility]
 * @property {string} [cell] Its address in the sheet, such as C5.
 *
 * @typedef {object} Report
 * @property {Diagnostic[]} diagnostics
 * @property {number} errors
 * @property {number} warnings
 *
 * @typedef {object} Page
 * @property {string} form
 * @property {string | null} kind
 * @property {number} page Which page of the form it is, from 1.
 * @property {number} pages How many pages the form has.
 * @property {string} svg
 *
 * @typedef {object} Understood A value as the program read it.
 * @property {string} text As it prints or is kept.
 * @property {string} [says] The same said otherwise: a date in the other calendar with its weekday.
 * @property {boolean} [derived] Whether nobody wrote it.
 *
 * @typedef {object} Filled What `POST /api/v1/fill` answers.
 * @property {Report} report
 * @property {Page[]} pages
 * @property {{[key: string]: Understood}} [values]
 *
 * @typedef {object} Opened What `POST /api/v1/open` answers.
 * @property {"record" | "workbook" | "carried" | "filled" | "roster" | "pdf"} what
 * @property {Rec | null} record None when the file cannot be read as what it is.
 * @property {Report} report
 *
 * @typedef {object} Target A field of a record.
 * @property {string} key
 * @property {string} heading What people call it, with its section.
 *
 * @typedef {object} ListColumn A column of a list, and what it is proposed to be.
 * @property {string} letters
 * @property {string} heading
 * @property {string[]} values At most three.
 * @property {"field" | "joined" | "apart" | "ignored" | "open"} role
 * @property {Target | null} field
 * @property {{piece: string, field: Target | null}[]} pieces
 * @property {string} reason
 * @property {Target[]} nearest
 *
 * @typedef {object} Proposal What `POST /api/v1/map` answers.
 * @property {string} sheet
 * @property {number[]} rows
 * @property {ListColumn[]} columns
 * @property {Target[]} fields
 * @property {{forms: string[], key: string, heading: string, help: string, example: string}[]} missing
 * @property {{key: string, heading: string, value: string}[]} constants
 * @property {Report | null} report
 * @property {string} yaml
 */
/**
 * @typedef {object} DraftField A field of the form's own.
 * @property {string} key
 * @property {string} label
 * @property {string} kind
 * @property {string[]} [choices]
 * @property {number} [length]
 * @property {string} [example]
 */

/**
 * @typedef {object} DraftBox Where a value is printed.
 * @property {number} page From 1.
 * @property {[number, number, number, number]} at Left, top, width and height in mm.
 * @property {string} field
 * @property {string} label What the paper calls it.
 * @property {string} [show]
 * @property {string} [is]
 * @property {string} [part]
 * @property {{list: string, times: number, step: number}} [repeat]
 * @property {string} [pdf_field]
 * @property {string} [pdf_state]
 */

/**
 * @typedef {object} DraftProposal A definition that is proposed.
 * @property {string} id
 * @property {string} title
 * @property {string} section
 * @property {string} file
 * @property {string} sha256
 * @property {DraftField[]} fields
 * @property {DraftBox[]} boxes
 * @property {{[key: string]: unknown}} sample
 */

/**
 * @typedef {object} Draft
 * @property {DraftProposal} proposal
 * @property {{width: number, height: number, x: number[], y: number[]}[]} pages In mm, with the places of their lines.
 */

export {};
