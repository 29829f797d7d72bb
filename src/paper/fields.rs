//! The form fields of a PDF (ISO 32000-1, 12.7): where each is, and what was filled in.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId, decode_text_string};

use super::geometry::{Geometry, inherited, rect_of};

/// How deep fields may be in each other.
const DEEPEST: usize = 32;

/// A place of a form field on a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Widget {
    /// The field's full name, `parent.child`.
    pub name: String,
    /// What it is called in a viewer.
    pub label: Option<String>,
    /// What is filled in.
    pub kind: WidgetKind,
    /// The page, from 0.
    pub page: usize,
    /// Left, top, width and height on the page, in mm.
    pub rect: [f32; 4],
    /// What stands in it now; for a tick or radio button the state that is chosen, if it is this one.
    pub value: Option<String>,
}

/// What a form field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WidgetKind {
    /// Text, of so many characters at most, and whether each has a box of its own.
    Text {
        /// How many characters.
        most: Option<usize>,
        /// Whether each has a box of its own.
        comb: bool,
        /// Whether it has several lines.
        lines: bool,
    },
    /// A tick box or radio button with the name of its state.
    Button {
        /// The name of the state in which it is chosen.
        state: String,
        /// Whether only one of those of its name may be chosen.
        is_one_of: bool,
    },
    /// One of a list.
    Choice(Vec<String>),
    /// A place for a signature.
    Signature,
}

/// The places of all fields, page by page.
pub(super) fn widgets(document: &Document, pages: &[(ObjectId, Geometry)]) -> Vec<Widget> {
    let mut found = Vec::new();
    for (page, (id, geometry)) in pages.iter().enumerate() {
        let notes =
            document.get_dictionary(*id).and_then(|page| page.get_deref(b"Annots", document));
        let notes = notes.and_then(Object::as_array);
        for note in notes.into_iter().flatten() {
            let note = document.dereference(note).ok().and_then(|(_, note)| note.as_dict().ok());
            let is_widget = |note: &&Dictionary| {
                note.get(b"Subtype").and_then(Object::as_name).is_ok_and(|name| name == b"Widget")
            };
            let widget =
                note.filter(is_widget).and_then(|note| widget(note, document, page, geometry));
            found.extend(widget);
        }
    }
    found
}

fn widget(
    note: &Dictionary,
    document: &Document,
    page: usize,
    geometry: &Geometry,
) -> Option<Widget> {
    let rect = geometry.box_on_page(rect_of(note, document)?);
    let get = |key: &[u8]| {
        let found = inherited(note, key, document)?;
        document.dereference(found).ok().map(|(_, object)| object)
    };
    let flags = get(b"Ff").and_then(|flags| flags.as_i64().ok()).unwrap_or(0);
    let has = |bit: u32| flags & (1 << (bit - 1)) != 0;
    let text = |object: &Object| text_of(object);
    let kind = match get(b"FT")?.as_name().ok()? {
        b"Tx" => WidgetKind::Text {
            most: get(b"MaxLen").and_then(|most| usize::try_from(most.as_i64().ok()?).ok()),
            comb: has(25),
            lines: has(13),
        },
        // A push button takes nothing.
        b"Btn" if has(17) => return None,
        b"Btn" => WidgetKind::Button { state: state(note, document)?, is_one_of: has(16) },
        b"Ch" => {
            let options = get(b"Opt").and_then(|options| options.as_array().ok());
            let word = |option: &Object| {
                let option = document.dereference(option).ok()?.1;
                match option.as_array() {
                    // What is exported, and what is shown.
                    Ok(pair) => pair.get(1).and_then(text),
                    Err(_) => text(option),
                }
            };
            WidgetKind::Choice(options.into_iter().flatten().filter_map(word).collect())
        }
        b"Sig" => WidgetKind::Signature,
        _ => return None,
    };
    let value = match &kind {
        WidgetKind::Signature => None,
        WidgetKind::Button { state, .. } => {
            let now = note.get(b"AS").and_then(Object::as_name).ok();
            let now = now.or_else(|| get(b"V").and_then(|value| value.as_name().ok()));
            now.filter(|now| *now == state.as_bytes()).map(|_| state.clone())
        }
        WidgetKind::Text { .. } | WidgetKind::Choice(_) => get(b"V").and_then(text),
    };
    let label = get(b"TU").and_then(text).filter(|label| !label.trim().is_empty());
    Some(Widget { name: name(note, document)?, label, kind, page, rect, value })
}

/// A text string, or the text of a stream.
fn text_of(object: &Object) -> Option<String> {
    match object {
        Object::String(..) => decode_text_string(object).ok(),
        Object::Name(name) => Some(String::from_utf8_lossy(name).into_owned()),
        Object::Stream(stream) => {
            let bytes = stream.get_plain_content_with_limit(1_000_000).ok()?;
            decode_text_string(&Object::string_literal(bytes)).ok()
        }
        _ => None,
    }
}

/// The name of the state in which a button is chosen.
fn state(note: &Dictionary, document: &Document) -> Option<String> {
    let looks = note.get_deref(b"AP", document).and_then(Object::as_dict).ok()?;
    let looks = looks.get_deref(b"N", document).and_then(Object::as_dict).ok()?;
    let names = looks.iter().map(|(name, _)| String::from_utf8_lossy(name).into_owned());
    names.into_iter().find(|name| name != "Off")
}

/// The full name of a field: its own behind those of the fields it is in.
fn name(note: &Dictionary, document: &Document) -> Option<String> {
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    let mut node = Some(note);
    for _ in 0..DEEPEST {
        let Some(field) = node else { break };
        names.extend(field.get_deref(b"T", document).ok().and_then(text_of));
        let parent = field.get(b"Parent").and_then(Object::as_reference).ok();
        node = parent.filter(|id| seen.insert(*id)).and_then(|id| document.get_dictionary(id).ok());
    }
    names.reverse();
    Some(names.join(".")).filter(|name| !name.is_empty())
}
