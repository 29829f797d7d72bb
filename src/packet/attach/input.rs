//! Opening a PDF that pages are to be appended to, and saying clearly when they can't be.

use std::collections::HashSet;

use lopdf::{Document, Object};

use super::{AttachError, Damage};

/// Opens a PDF; the second value says whether it is signed.
pub(super) fn open(bytes: &[u8], break_signature: bool) -> Result<(Document, bool), AttachError> {
    let damaged = |why| Err(AttachError::Damaged(why));
    let head = &bytes[..bytes.len().min(1024)];
    if !bytes.starts_with(b"%PDF-") {
        return if contains(head, b"%PDF-") {
            damaged(Damage::Header)
        } else {
            Err(AttachError::NotPdf)
        };
    }
    let document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(_) if contains(bytes, b"/Encrypt") => return Err(AttachError::Encrypted),
        Err(error) => return Err(error.into()),
    };
    if document.is_encrypted() || document.was_encrypted() {
        return Err(AttachError::Encrypted);
    }
    // Where the table of objects had to be guessed, there is nothing an update could refer to.
    if document.xref_start == 0 {
        return damaged(Damage::CrossReferences);
    }
    if begins_at_one(bytes, document.xref_start) {
        return damaged(Damage::CrossReferences);
    }
    if is_no_paper(&document) {
        return Err(AttachError::NoPaper);
    }
    if is_tangled(&document) {
        return damaged(Damage::PageCircle);
    }
    let pages = document.get_pages();
    if pages.is_empty() {
        return damaged(Damage::NoPages);
    }
    let count = document
        .catalog()
        .and_then(|c| c.get(b"Pages"))
        .and_then(|p| document.dereference(p))
        .and_then(|(_, p)| p.as_dict()?.get(b"Count")?.as_i64());
    let is_there = |page| document.get_dictionary(page).is_ok();
    if count.is_ok_and(|count| usize::try_from(count) != Ok(pages.len()))
        || !pages.into_values().all(is_there)
    {
        return damaged(Damage::MissingPages);
    }
    let signed = is_signed(&document);
    if signed && !break_signature {
        return Err(AttachError::Signed);
    }
    Ok((document, signed))
}

/// Whether the table of objects begins with the first where object 0 must be, as some scanners write it:
/// each number stands for its neighbour then.
fn begins_at_one(bytes: &[u8], start: usize) -> bool {
    let table = bytes.get(start..).and_then(|rest| rest.strip_prefix(b"xref"));
    let Some(table) = table.map(<[u8]>::trim_ascii_start) else { return false };
    let entry = table.splitn(3, |byte| *byte == b'\n' || *byte == b'\r').nth(1);
    table.starts_with(b"1 ") && entry.is_some_and(|entry| entry.starts_with(b"0000000000 65535 f"))
}

/// Whether a viewer shows something else than the pages: the files of a portfolio, or a form of XFA that
/// it builds anew.
fn is_no_paper(document: &Document) -> bool {
    let Ok(catalog) = document.catalog() else { return false };
    let builds = catalog.get_deref(b"NeedsRendering", document).and_then(Object::as_bool);
    catalog.has(b"Collection") || builds.unwrap_or(false)
}

/// Whether a node of the page tree is in it twice, as where it runs in a circle.
fn is_tangled(document: &Document) -> bool {
    let root = document.catalog().and_then(|c| c.get(b"Pages")).and_then(Object::as_reference);
    let mut ahead: Vec<_> = root.into_iter().collect();
    let mut seen = HashSet::new();
    while let Some(id) = ahead.pop() {
        let node = document.get_dictionary(id);
        let Ok(kids) = node.and_then(|n| n.get_deref(b"Kids", document)?.as_array()) else {
            continue;
        };
        if !seen.insert(id) {
            return true;
        }
        ahead.extend(kids.iter().filter_map(|kid| kid.as_reference().ok()));
    }
    false
}

/// Whether a signature covers bytes of the file. A field that waits for one does not.
fn is_signed(document: &Document) -> bool {
    document.objects.values().any(|object| holds_signature(object, 0))
}

fn holds_signature(object: &Object, depth: usize) -> bool {
    // Deeper than any signature stands.
    if depth > 8 {
        return false;
    }
    match object {
        Object::Dictionary(dictionary) => {
            dictionary.has(b"ByteRange") && dictionary.has(b"Contents")
                || dictionary.iter().any(|(_, value)| holds_signature(value, depth + 1))
        }
        Object::Array(items) => items.iter().any(|item| holds_signature(item, depth + 1)),
        _ => false,
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
