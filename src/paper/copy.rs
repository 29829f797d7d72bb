//! A page as one drawing (a form XObject) with all it refers to, for another PDF.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::geometry::{Geometry, inherited, number, rect_of};
use super::input::Damage;

/// The most objects a page may refer to.
const MOST_OBJECTS: usize = 50_000;
/// The most bytes that the parts of a page's content may unpack to, and all it refers to may have.
const MOST_BYTES: usize = 100_000_000;
/// The name of the page's own drawing, where notes are drawn over it.
const PAGE: &str = "onshi-page";

/// A page's drawing, by numbers of its own file.
#[derive(Clone, Debug)]
pub(crate) struct Parts {
    /// The drawing.
    pub drawing: Stream,
    /// What it refers to.
    pub objects: BTreeMap<ObjectId, Object>,
    /// Which of them are layers, and whether each is shown.
    pub layers: Vec<(ObjectId, bool)>,
}

impl Parts {
    /// Those of a page.
    pub fn of(document: &Document, id: ObjectId, geometry: &Geometry) -> Result<Self, Damage> {
        let page = document.get_dictionary(id).map_err(Damage::of)?;
        let mut drawing = content(page, document)?;
        let [left, bottom, right, top] = geometry.seen;
        let seen = Object::from(vec![left.into(), bottom.into(), right.into(), top.into()]);
        drawing.dict.set("Type", Object::Name(b"XObject".to_vec()));
        drawing.dict.set("Subtype", Object::Name(b"Form".to_vec()));
        drawing.dict.set("BBox", seen.clone());
        if let Some(resources) = inherited(page, b"Resources", document) {
            drawing.dict.set("Resources", resources.clone());
        }
        if let Ok(group) = page.get(b"Group") {
            drawing.dict.set("Group", group.clone());
        }
        let notes = notes(page, document);
        let mut ahead = Vec::new();
        prune(&mut drawing.dict, &mut ahead);
        ahead.extend(notes.iter().map(|note| note.appearance));
        let mut objects = collect(document, ahead, drawing.content.len())?;
        let layers = layers(document, &objects);
        if !notes.is_empty() {
            // The page's own drawing keeps its bytes; what was put over it is drawn after it. Its number is one
            // that nothing on the page refers to.
            let mut unused = (1..).map(|number| (number, 0)).filter(|id| !objects.contains_key(id));
            let own = unused.next().ok_or(Damage::ObjectNumbers)?;
            let mut inside = dictionary! { PAGE => Object::Reference(own) };
            let mut text = format!("/{PAGE} Do\n");
            for (number, note) in notes.into_iter().enumerate() {
                let [a, b, c, d, e, f] = note.matrix;
                let name = format!("onshi-note{number}");
                text += &format!("q {a} {b} {c} {d} {e} {f} cm /{name} Do Q\n");
                inside.set(name, Object::Reference(note.appearance));
            }
            objects.insert(own, Object::Stream(drawing));
            let resources = dictionary! { "XObject" => inside };
            let dict = dictionary! {
                "Type" => Object::Name(b"XObject".to_vec()),
                "Subtype" => Object::Name(b"Form".to_vec()),
                "BBox" => seen,
                "Resources" => resources,
            };
            drawing = Stream::new(dict, text.into_bytes());
        }
        let matrix: Vec<Object> = geometry.matrix.iter().map(|part| (*part).into()).collect();
        drawing.dict.set("Matrix", matrix);
        Ok(Parts { drawing, objects, layers })
    }
}

/// What a page draws. One stream is taken as it is, several are joined.
fn content(page: &Dictionary, document: &Document) -> Result<Stream, Damage> {
    let resolve = |object: &Object| match document.dereference(object) {
        Ok((_, object)) => object.clone(),
        Err(_) => Object::Null,
    };
    let streams: Vec<Stream> = match page.get(b"Contents").map(resolve) {
        Ok(Object::Stream(stream)) => vec![stream],
        Ok(Object::Array(all)) => {
            all.iter().filter_map(|one| resolve(one).as_stream().cloned().ok()).collect()
        }
        _ => Vec::new(),
    };
    let mut streams = streams;
    if streams.len() == 1 {
        let Stream { dict, content, .. } = streams.remove(0);
        let mut kept = Dictionary::new();
        for key in [&b"Filter"[..], b"DecodeParms"] {
            if let Ok(value) = dict.get(key) {
                kept.set(key, value.clone());
            }
        }
        return Ok(Stream::new(kept, content).with_compression(false));
    }
    let mut joined = Vec::new();
    for stream in streams {
        let left = MOST_BYTES.saturating_sub(joined.len());
        joined.extend(stream.get_plain_content_with_limit(left).map_err(Damage::of)?);
        // A part may end inside a line, and never inside a word (ISO 32000-1, 7.8.2).
        joined.push(b'\n');
    }
    Ok(Stream::new(Dictionary::new(), joined))
}

/// Something put over a page that is printed with it: a stamp, a note. Fields to fill in are not: what stands
/// in them would cover what is printed.
struct Note {
    appearance: ObjectId,
    matrix: [f32; 6],
}

/// The notes of a page that are printed.
fn notes(page: &Dictionary, document: &Document) -> Vec<Note> {
    const HIDDEN: i64 = 1 << 1;
    const PRINTED: i64 = 1 << 2;
    const READ_ONLY: i64 = 1;
    let all = page.get_deref(b"Annots", document).and_then(Object::as_array);
    let note = |note: &Object| {
        let note = document.dereference(note).ok()?.1.as_dict().ok()?;
        let subtype = note.get(b"Subtype").and_then(Object::as_name).ok()?;
        let flags = note.get_deref(b"F", document).and_then(Object::as_i64).unwrap_or(0);
        let is_fixed = || {
            let flags = inherited(note, b"Ff", document)?;
            Some(document.dereference(flags).ok()?.1.as_i64().ok()? & READ_ONLY != 0)
        };
        let is_drawn = match subtype {
            b"Popup" | b"Link" => false,
            b"Widget" => is_fixed().unwrap_or(false),
            _ => true,
        };
        if !is_drawn || flags & HIDDEN != 0 || flags & PRINTED == 0 {
            return None;
        }
        let appearances = note.get_deref(b"AP", document).and_then(Object::as_dict).ok()?;
        let mut appearance = appearances.get(b"N").ok()?;
        if let Ok(states) = document.dereference(appearance).ok()?.1.as_dict() {
            appearance = states.get(note.get(b"AS").and_then(Object::as_name).ok()?).ok()?;
        }
        let (id, stream) = document.dereference(appearance).ok()?;
        let matrix = placed(stream.as_stream().ok()?, rect_of(note, document)?, document)?;
        Some(Note { appearance: id?, matrix })
    };
    all.into_iter().flatten().filter_map(note).collect()
}

/// How an appearance comes to stand in its rectangle (ISO 32000-1, 12.5.5).
fn placed(appearance: &Stream, rect: [f32; 4], document: &Document) -> Option<[f32; 6]> {
    let numbers = |key: &[u8]| -> Option<Vec<f32>> {
        let all = appearance.dict.get_deref(key, document).and_then(Object::as_array).ok()?;
        Some(all.iter().filter_map(|one| number(one, document)).collect())
    };
    let bounds = numbers(b"BBox").and_then(|all| <[f32; 4]>::try_from(all).ok())?;
    let matrix = numbers(b"Matrix").and_then(|all| <[f32; 6]>::try_from(all).ok());
    let [a, b, c, d, e, f] = matrix.unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    let corners = [(0, 1), (2, 1), (2, 3), (0, 3)].map(|(x, y)| {
        let (x, y) = (bounds[x], bounds[y]);
        (a * x + c * y + e, b * x + d * y + f)
    });
    let least = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::MAX, f32::min);
    let most = |of: fn(&(f32, f32)) -> f32| corners.iter().map(of).fold(f32::MIN, f32::max);
    let (x1, y1, x2, y2) = (least(|p| p.0), least(|p| p.1), most(|p| p.0), most(|p| p.1));
    if x2 - x1 <= 0.0 || y2 - y1 <= 0.0 {
        return None;
    }
    let (sx, sy) = ((rect[2] - rect[0]) / (x2 - x1), (rect[3] - rect[1]) / (y2 - y1));
    Some([sx, 0.0, 0.0, sy, rect[0] - sx * x1, rect[1] - sy * y1])
}

/// What these objects refer to and they themselves, without the pages and structure of their file. `bytes` is
/// what the drawing has already.
fn collect(
    document: &Document,
    mut ahead: Vec<ObjectId>,
    mut bytes: usize,
) -> Result<BTreeMap<ObjectId, Object>, Damage> {
    let mut objects = BTreeMap::new();
    while let Some(id) = ahead.pop() {
        if objects.contains_key(&id) {
            continue;
        }
        let mut object = document.get_object(id).cloned().unwrap_or(Object::Null);
        if is_of_file(&object) {
            object = Object::Null;
        }
        visit(&mut object, &mut ahead);
        if let Object::Stream(stream) = &object {
            bytes = bytes.saturating_add(stream.content.len());
        }
        objects.insert(id, object);
        if objects.len() > MOST_OBJECTS || bytes > MOST_BYTES {
            return Err(Damage::TooLarge);
        }
    }
    Ok(objects)
}

/// Whether an object is of the file and not of a page's drawing: it leads to all the rest.
fn is_of_file(object: &Object) -> bool {
    let kind = object.as_dict().and_then(|dict| dict.get(b"Type")).and_then(Object::as_name);
    let kinds: [&[u8]; 6] =
        [b"Page", b"Pages", b"Catalog", b"StructTreeRoot", b"StructElem", b"Annot"];
    kind.is_ok_and(|kind| kinds.contains(&kind))
}

/// Takes away what ties a dictionary to the structure of its file, and notes what it refers to.
fn prune(dictionary: &mut Dictionary, ahead: &mut Vec<ObjectId>) {
    for key in [&b"StructParent"[..], b"StructParents", b"Parent", b"PieceInfo", b"Metadata"] {
        dictionary.remove(key);
    }
    dictionary.iter_mut().for_each(|(_, value)| visit(value, ahead));
}

fn visit(object: &mut Object, ahead: &mut Vec<ObjectId>) {
    match object {
        Object::Reference(id) => ahead.push(*id),
        Object::Array(items) => items.iter_mut().for_each(|item| visit(item, ahead)),
        Object::Dictionary(dictionary) => prune(dictionary, ahead),
        Object::Stream(stream) => prune(&mut stream.dict, ahead),
        _ => {}
    }
}

/// The layers among these objects, and whether the file shows each at first.
fn layers(document: &Document, objects: &BTreeMap<ObjectId, Object>) -> Vec<(ObjectId, bool)> {
    let settings = document.catalog().and_then(|c| c.get_deref(b"OCProperties", document));
    let settings = settings.and_then(Object::as_dict).and_then(|d| d.get_deref(b"D", document));
    let settings = settings.and_then(Object::as_dict).ok();
    let list = |key: &[u8]| -> Vec<ObjectId> {
        let all = settings.and_then(|d| d.get_deref(key, document).and_then(Object::as_array).ok());
        all.into_iter().flatten().filter_map(|one| one.as_reference().ok()).collect()
    };
    let base = settings.and_then(|d| d.get(b"BaseState").and_then(Object::as_name).ok());
    let (on, off, is_off) = (list(b"ON"), list(b"OFF"), base == Some(b"OFF"));
    let layer = |(id, object): (&ObjectId, &Object)| {
        let kind = object.as_dict().and_then(|dict| dict.get(b"Type")).and_then(Object::as_name);
        let is_shown = !off.contains(id) && (!is_off || on.contains(id));
        kind.is_ok_and(|kind| kind == b"OCG").then_some((*id, is_shown))
    };
    objects.iter().filter_map(layer).collect()
}
