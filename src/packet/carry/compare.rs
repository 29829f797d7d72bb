//! Whether two PDFs show the same pages, whatever the numbers and the packing of their objects.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

/// What says where a page is in its document, not what it shows.
const PLACE: [&[u8]; 2] = [b"Parent", b"StructParents"];
/// How a stream is packed.
const PACKING: [&[u8]; 3] = [b"Length", b"Filter", b"DecodeParms"];
/// The most bytes a stream of our pages unpacks to.
const LARGEST: usize = 64 << 20;

pub(super) fn same_pages(a: &[u8], b: &[u8]) -> bool {
    let (Ok(a), Ok(b)) = (Document::load_mem(a), Document::load_mem(b)) else { return false };
    let pages = |document: &Document| document.page_iter().collect::<Vec<_>>();
    let (pages_a, pages_b) = (pages(&a), pages(&b));
    let mut comparison = Comparison { a: &a, b: &b, seen: HashSet::new() };
    // A form field drawn over the page would change what it shows.
    let fields = |document: &Document| document.catalog().is_ok_and(|c| c.has(b"AcroForm"));
    let same = |(x, y): (&ObjectId, &ObjectId)| match (a.get_dictionary(*x), b.get_dictionary(*y)) {
        (Ok(x), Ok(y)) => comparison.dictionaries(x, y, &PLACE),
        _ => false,
    };
    fields(&a) == fields(&b)
        && pages_a.len() == pages_b.len()
        && pages_a.iter().zip(&pages_b).all(same)
}

struct Comparison<'a> {
    a: &'a Document,
    b: &'a Document,
    /// Pairs that are being compared, or have been.
    seen: HashSet<(ObjectId, ObjectId)>,
}

impl Comparison<'_> {
    fn objects(&mut self, x: &Object, y: &Object) -> bool {
        let (Ok((id_x, x)), Ok((id_y, y))) = (self.a.dereference(x), self.b.dereference(y)) else {
            return false;
        };
        if let (Some(x), Some(y)) = (id_x, id_y)
            && !self.seen.insert((x, y))
        {
            return true;
        }
        match (x, y) {
            (Object::Dictionary(x), Object::Dictionary(y)) => self.dictionaries(x, y, &[]),
            (Object::Stream(x), Object::Stream(y)) => {
                self.dictionaries(&x.dict, &y.dict, &PACKING) && content(x) == content(y)
            }
            (Object::Array(x), Object::Array(y)) => {
                x.len() == y.len() && x.iter().zip(y).all(|(x, y)| self.objects(x, y))
            }
            (Object::String(x, _), Object::String(y, _)) => x == y,
            _ => match (x.as_float(), y.as_float()) {
                // 1 and 1.0 are the same number.
                (Ok(x), Ok(y)) => (x - y).abs() < 1e-3,
                _ => x == y,
            },
        }
    }

    fn dictionaries(&mut self, x: &Dictionary, y: &Dictionary, but: &[&[u8]]) -> bool {
        let kept = |dictionary: &Dictionary| {
            let keys = dictionary.iter().map(|(key, _)| key.clone());
            let mut keys: Vec<Vec<u8>> = keys.filter(|k| !but.contains(&k.as_slice())).collect();
            keys.sort();
            keys
        };
        let keys = kept(x);
        keys == kept(y)
            && keys.iter().all(|key| match (x.get(key), y.get(key)) {
                (Ok(x), Ok(y)) => self.objects(x, y),
                _ => false,
            })
    }
}

fn content(stream: &Stream) -> Option<Vec<u8>> {
    let content = stream.get_plain_content_with_limit(LARGEST).ok()?;
    // Some programs end a stream with a line break of their own.
    Some(content.trim_ascii_end().to_vec())
}
