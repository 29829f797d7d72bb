//! The form fields of a PDF (ISO 32000-1, 12.7): where each is, and what was filled in.

use std::borrow::Cow;
use std::collections::HashSet;

use encoding_rs::SHIFT_JIS;
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
    /// What stands in it now; for a tick or radio button the state that is chosen, if it is this one; for
    /// several of a list the words that are shown, with `・` between them.
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
    },
    /// A tick box or radio button with the name of its state.
    Button {
        /// The name of the state in which it is chosen.
        state: String,
    },
    /// One or several of a list: the words that are shown.
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
    let kind = match get(b"FT")?.as_name().ok()? {
        b"Tx" => WidgetKind::Text {
            most: get(b"MaxLen").and_then(|most| usize::try_from(most.as_i64().ok()?).ok()),
            comb: has(25),
        },
        // A push button takes nothing.
        b"Btn" if has(17) => return None,
        b"Btn" => WidgetKind::Button { state: state_name(state(note, document)?) },
        b"Ch" => {
            let shown = options(get(b"Opt"), document).into_iter().map(|(_, shown)| shown);
            WidgetKind::Choice(shown.collect())
        }
        b"Sig" => WidgetKind::Signature,
        _ => return None,
    };
    let value = match &kind {
        WidgetKind::Signature => None,
        WidgetKind::Button { state } => {
            let now = note.get(b"AS").and_then(Object::as_name).ok();
            let now = now.or_else(|| get(b"V").and_then(|value| value.as_name().ok()));
            now.map(state_name).filter(|now| now == state)
        }
        WidgetKind::Text { .. } => get(b"V").and_then(text_of),
        WidgetKind::Choice(_) => {
            let options = options(get(b"Opt"), document);
            get(b"V").and_then(|value| chosen(value, &options, document))
        }
    };
    let label = get(b"TU").and_then(text_of).filter(|label| !label.trim().is_empty());
    Some(Widget { name: name(note, document)?, label, kind, page, rect, value })
}

/// What a list offers: what is exported of each, and what is shown.
fn options(list: Option<&Object>, document: &Document) -> Vec<(String, String)> {
    let list = list.and_then(|list| list.as_array().ok());
    let text = |object: &Object| text_of(document.dereference(object).ok()?.1);
    let option = |option: &Object| match document.dereference(option).ok()?.1.as_array() {
        Ok(pair) => Some((text(pair.first()?)?, text(pair.get(1)?)?)),
        Err(_) => text(option).map(|word| (word.clone(), word)),
    };
    list.into_iter().flatten().filter_map(option).collect()
}

/// What is chosen of a list, by the words that are shown. What is not in it was typed.
fn chosen(value: &Object, options: &[(String, String)], document: &Document) -> Option<String> {
    let shown = |value: &Object| {
        let value = text_of(document.dereference(value).ok()?.1)?;
        let option = options.iter().find(|(exported, _)| *exported == value);
        Some(option.map_or(value, |(_, shown)| shown.clone()))
    };
    match value.as_array() {
        Ok(all) => Some(all.iter().filter_map(shown).collect::<Vec<_>>().join("・")),
        Err(_) => shown(value),
    }
}

/// A text string, or the text of a stream. Some viewers end lines with a carriage return.
fn text_of(object: &Object) -> Option<String> {
    let text = match object {
        Object::String(..) => decode_text_string(object).ok()?,
        Object::Name(name) => state_name(name),
        Object::Stream(stream) => {
            let bytes = stream.get_plain_content_with_limit(1_000_000).ok()?;
            decode_text_string(&Object::string_literal(bytes)).ok()?
        }
        _ => return None,
    };
    Some(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The name of the state in which a button is chosen.
fn state<'a>(note: &'a Dictionary, document: &'a Document) -> Option<&'a [u8]> {
    let looks = note.get_deref(b"AP", document).and_then(Object::as_dict).ok()?;
    let looks = looks.get_deref(b"N", document).and_then(Object::as_dict).ok()?;
    looks.iter().map(|(name, _)| name.as_slice()).find(|name| *name != b"Off")
}

/// A name as text: in UTF-8, as it should be, or in Shift_JIS, as some programs write it. Of any other the
/// bytes are characters, so that two names are never one.
fn state_name(name: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(name) {
        return text.to_owned();
    }
    let decoded = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(name);
    decoded.map_or_else(|| name.iter().map(|byte| char::from(*byte)).collect(), Cow::into_owned)
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
