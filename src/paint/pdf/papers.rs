//! Pages of somebody else's that are printed on: each once in a file, as a drawing that every page shows.

use std::collections::BTreeMap;
use std::io::Write;

use lopdf::{Object, ObjectId};
use pdf_writer::writers::Catalog;
use pdf_writer::{Name, Null, Obj, Ref, Str, TextStr};
use sha2::{Digest as _, Sha256};

use super::file::File;
use super::metadata::Standard;
use crate::paint::PaintError;
use crate::paper::{PaperPage, Parts};

/// The papers of a file.
#[derive(Clone, Default)]
pub(super) struct Papers {
    pages: Vec<(PaperPage, Ref)>,
    /// Layers, and whether each is shown.
    layers: Vec<(Ref, bool)>,
    failure: Option<String>,
}

/// A paper's name in content streams: the same for the same page.
pub(super) fn name(page: &PaperPage) -> String {
    format!("q{}-{}", &page.paper().hash()[..16], page.index() + 1)
}

impl Papers {
    /// The drawing of a page, which is written if it is not in the file yet.
    pub fn add<W: Write>(&mut self, file: &mut File<W>, page: &PaperPage) -> Ref {
        if let Some((_, id)) = self.pages.iter().find(|(known, _)| known == page) {
            return *id;
        }
        let id = file.id();
        match page.parts() {
            Ok(parts) => self.layers.extend(write(file, id, &parts)),
            Err(damage) => self.failure = Some(damage.message().en),
        }
        self.pages.push((page.clone(), id));
        id
    }

    /// Counts them in what tells the file from others.
    pub fn digest(&self, digest: &mut Sha256) {
        for (page, _) in &self.pages {
            digest.update(page.paper().hash());
            digest.update(page.index().to_be_bytes());
        }
    }

    /// Fails where a page could not be written.
    pub fn refuse(&mut self) -> Result<(), PaintError> {
        let failure = self.failure.take().map(|why| format!("the paper is damaged ({why})"));
        failure.map_or(Ok(()), |why| Err(PaintError::Refused(vec![why])))
    }

    /// What a file that is of this standard without them is with them: no more than its papers are. Their
    /// structure is not taken over, so that nobody can have them read aloud.
    pub fn standard(&self, own: Standard) -> Option<Standard> {
        if self.pages.is_empty() {
            return Some(own);
        }
        let archives: Option<Vec<_>> =
            self.pages.iter().map(|(page, _)| page.paper().archive()).collect();
        let is_unicode = archives?.iter().all(|archive| archive.is_unicode);
        Some(Standard { conformance: if is_unicode { "U" } else { "B" }, ..own })
    }

    /// Says which of their layers are shown.
    pub fn catalog(&self, catalog: &mut Catalog) {
        if self.layers.is_empty() {
            return;
        }
        let mut properties = catalog.insert(Name(b"OCProperties")).dict();
        properties.insert(Name(b"OCGs")).array().items(self.layers.iter().map(|(id, _)| *id));
        let mut settings = properties.insert(Name(b"D")).dict();
        settings.pair(Name(b"Name"), TextStr("用紙"));
        let hidden = self.layers.iter().filter(|(_, is_shown)| !is_shown).map(|(id, _)| *id);
        settings.insert(Name(b"OFF")).array().items(hidden);
    }
}

/// Writes a page's drawing and all it refers to; its layers come back.
fn write<W: Write>(file: &mut File<W>, id: Ref, parts: &Parts) -> Vec<(Ref, bool)> {
    let ids: BTreeMap<ObjectId, Ref> = parts.objects.keys().map(|old| (*old, file.id())).collect();
    for (old, object) in &parts.objects {
        let id = ids[old];
        match object {
            Object::Stream(stream) => put_stream(file, id, stream, &ids),
            object => put(file.value(id), object, &ids),
        }
    }
    put_stream(file, id, &parts.drawing, &ids);
    parts.layers.iter().map(|(old, is_shown)| (ids[old], *is_shown)).collect()
}

/// Writes a stream with its bytes as they are.
fn put_stream<W: Write>(
    file: &mut File<W>,
    id: Ref,
    stream: &lopdf::Stream,
    ids: &BTreeMap<ObjectId, Ref>,
) {
    file.stream(id, &stream.content, |out| {
        for (key, value) in stream.dict.iter().filter(|(key, _)| key.as_slice() != b"Length") {
            put(out.insert(Name(key)), value, ids);
        }
    });
}

fn put(out: Obj<'_>, object: &Object, ids: &BTreeMap<ObjectId, Ref>) {
    match object {
        Object::Null | Object::Stream(_) => out.primitive(Null),
        Object::Boolean(value) => out.primitive(*value),
        Object::Integer(value) => match i32::try_from(*value) {
            Ok(value) => out.primitive(value),
            // Larger than a PDF's whole numbers may be: as a real number.
            Err(_) => out.primitive(*value as f32),
        },
        Object::Real(value) => out.primitive(*value),
        Object::Name(name) => out.primitive(Name(name)),
        Object::String(bytes, _) => out.primitive(Str(bytes)),
        Object::Reference(id) => match ids.get(id) {
            Some(id) => out.primitive(*id),
            None => out.primitive(Null),
        },
        Object::Array(items) => {
            let mut array = out.array();
            items.iter().for_each(|item| put(array.push(), item, ids));
        }
        Object::Dictionary(entries) => {
            let mut dictionary = out.dict();
            for (key, value) in entries {
                put(dictionary.insert(Name(key)), value, ids);
            }
        }
    }
}
