//! A PDF file in the making: streams are written as they come, other objects are packed together, and a
//! table at the end says where each one is (ISO 32000-1, 7.5.7 and 7.5.8).

use std::cell::RefCell;
use std::io::Write;
use std::mem;

use flate2::{Compress, Compression, FlushCompress, Status};
use pdf_writer::{Chunk, Filter, Finish, Limits, Name, Obj, Ref, Settings, Str, Stream, Writer};

use crate::paint::refuse::Faults;

/// Nothing is indented.
pub(super) const SETTINGS: Settings = Settings { pretty: false };

/// The most objects a PDF may have (ISO 19005-2, 6.1.13).
const MOST_OBJECTS: usize = 8_388_607;

/// The longest string a PDF may have, in bytes (ISO 19005-2, 6.1.13).
const LONGEST_STRING: usize = 32_767;

/// How many objects are packed together: a reader that wants one unpacks them all.
const TOGETHER: usize = 200;

/// The end of an object that is not packed.
const END: &[u8] = b"\nendobj\n";

/// The end of a stream.
const STREAM_END: &[u8] = b"\nendstream\nendobj\n";

/// How well a stream is compressed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Effort {
    /// For what is made once for many files or pages.
    Well,
    /// For what every record has anew: a third of the time, and half as large again for a drawing, an eighth for glyphs.
    Quick,
}

impl Effort {
    fn level(self) -> Compression {
        Compression::new(match self {
            Effort::Well => 6,
            Effort::Quick => 1,
        })
    }
}

/// Where an object is.
#[derive(Clone, Copy)]
enum Place {
    Nowhere,
    At(u64),
    Packed { stream: Ref, index: u16 },
}

/// A file that grows. What goes wrong while writing is kept, and told at the end.
pub(super) struct File<W> {
    out: W,
    length: u64,
    /// Of object 1, 2, …
    places: Vec<Place>,
    pending: Chunk,
    /// Where each pending object begins.
    starts: Vec<(Ref, usize)>,
    /// How well objects that are no streams are compressed.
    pub effort: Effort,
    limits: Limits,
    failure: Option<String>,
}

impl Clone for File<Vec<u8>> {
    fn clone(&self) -> Self {
        // With room for what a record adds, what is there is copied once.
        let mut out = Vec::with_capacity(self.out.len() / 2 * 3);
        out.extend_from_slice(&self.out);
        File {
            out,
            length: self.length,
            places: self.places.clone(),
            pending: self.pending.clone(),
            starts: self.starts.clone(),
            effort: self.effort,
            limits: self.limits.clone(),
            failure: self.failure.clone(),
        }
    }
}

impl<W: Write> File<W> {
    pub fn new(out: W) -> Self {
        let mut file = File {
            out,
            length: 0,
            places: Vec::new(),
            pending: Chunk::with_settings(SETTINGS),
            starts: Vec::new(),
            effort: Effort::Well,
            limits: Limits::new(),
            failure: None,
        };
        // The second line tells programs that move files that this is not text; ours alone, it tells
        // `store` whether another program has saved the file anew.
        file.put("%PDF-1.7\n%オン\n".as_bytes());
        file
    }

    /// A number for an object that is to come.
    pub fn id(&mut self) -> Ref {
        self.places.push(Place::Nowhere);
        // The memory ends long before the numbers do.
        Ref::new(i32::try_from(self.places.len()).unwrap_or(i32::MAX))
    }

    /// So many numbers in a row; the first of them.
    pub fn ids(&mut self, count: usize) -> Ref {
        let first = self.id();
        self.places.resize(self.places.len() + count.saturating_sub(1), Place::Nowhere);
        first
    }

    /// Begins an object that is not a stream.
    pub fn object<'a, T: Writer<'a>>(&'a mut self, id: Ref) -> T {
        if self.starts.len() == TOGETHER {
            self.pack();
        }
        self.starts.push((id, self.pending.len()));
        self.pending.indirect(id).start()
    }

    /// An object that is one value or a list.
    pub fn value(&mut self, id: Ref) -> Obj<'_> {
        self.object::<Anything>(id).0
    }

    /// Writes a stream of bytes that are compressed already.
    pub fn packed_stream(&mut self, id: Ref, bytes: &[u8], describe: impl FnOnce(&mut Stream)) {
        self.stream(id, bytes, |stream| {
            stream.filter(Filter::FlateDecode);
            describe(stream);
        });
    }

    /// Writes a stream as it is.
    pub fn stream(&mut self, id: Ref, bytes: &[u8], describe: impl FnOnce(&mut Stream)) {
        let mut chunk = Chunk::with_settings_and_capacity(SETTINGS, bytes.len() + 200);
        let mut stream = chunk.stream(id, bytes);
        describe(&mut stream);
        stream.finish();
        self.place(id, Place::At(self.length));
        self.limits.merge(chunk.limits());
        let (stream, end) = chunk.as_bytes().split_at(chunk.len() - STREAM_END.len());
        debug_assert_eq!(end, STREAM_END);
        self.put(stream);
        if bytes.last() == Some(&b'\r') {
            // Else some readers take the data's last byte for a part of the line's end.
            self.put(b"\r");
        }
        self.put(end);
    }

    /// Notes how long the strings of a content stream are.
    pub fn merge_limits(&mut self, limits: &Limits) {
        self.limits.merge(limits);
    }

    /// Writes the objects that are pending.
    pub fn pack(&mut self) {
        if self.starts.is_empty() {
            return;
        }
        let pending = mem::replace(&mut self.pending, Chunk::with_settings(SETTINGS));
        let starts = mem::take(&mut self.starts);
        self.limits.merge(pending.limits());
        let bytes = pending.as_bytes();
        let container = self.id();
        let ends = starts.iter().skip(1).map(|(_, start)| *start).chain([bytes.len()]);
        let (mut table, mut bodies) = (String::new(), Vec::with_capacity(bytes.len()));
        for (index, ((id, start), end)) in (0..).zip(starts.iter().zip(ends)) {
            let head = format!("{} 0 obj\n", id.get()).len();
            table += &format!("{} {} ", id.get(), bodies.len());
            bodies.extend(&bytes[start + head..end - END.len()]);
            bodies.push(b'\n');
            self.place(*id, Place::Packed { stream: container, index });
        }
        let (count, first) = (starts.len(), table.len());
        let mut all = table.into_bytes();
        all.append(&mut bodies);
        self.packed_stream(container, &deflate(&all, self.effort), |stream| {
            stream.pair(Name(b"Type"), Name(b"ObjStm"));
            stream.pair(Name(b"N"), count as i32).pair(Name(b"First"), first as i32);
        });
    }

    /// Ends the file: `root` is its catalog, `info` what it says of itself, `digest` what tells it from
    /// other files.
    pub fn finish(mut self, root: Ref, info: Ref, digest: &[u8; 16]) -> Finished<W> {
        self.pack();
        let id = self.id();
        let start = self.length;
        self.place(id, Place::At(start));
        let table = self.table();
        let count = self.places.len() as i32 + 1;
        let width = width(start) as i32;
        self.packed_stream(id, &deflate(&table, self.effort), |stream| {
            stream.pair(Name(b"Type"), Name(b"XRef")).pair(Name(b"Size"), count);
            stream.insert(Name(b"W")).array().items([1, width, 2]);
            stream.pair(Name(b"Root"), root).pair(Name(b"Info"), info);
            stream.insert(Name(b"ID")).array().items([Str(digest), Str(digest)]);
        });
        self.put(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        let mut refused = Faults::default();
        if self.limits.str_len() > LONGEST_STRING {
            refused.push("a text is longer than 32,767 bytes".into());
        }
        if self.places.len() > MOST_OBJECTS {
            refused.push("the document is too long".into());
        }
        Finished { out: self.out, refused, failure: self.failure }
    }

    /// A row for each object: its kind, where it is, and its number among those packed with it.
    fn table(&self) -> Vec<u8> {
        let width = width(self.length);
        let mut table = Vec::with_capacity((self.places.len() + 1) * (width + 3));
        let mut row = |kind: u8, place: u64, index: u16| {
            table.push(kind);
            table.extend(&place.to_be_bytes()[8 - width..]);
            table.extend(index.to_be_bytes());
        };
        row(0, 0, u16::MAX);
        for place in &self.places {
            match *place {
                Place::Nowhere => row(0, 0, u16::MAX),
                Place::At(start) => row(1, start, 0),
                Place::Packed { stream, index } => {
                    row(2, u64::from(stream.get().unsigned_abs()), index)
                }
            }
        }
        table
    }

    fn place(&mut self, id: Ref, place: Place) {
        // Every number comes from `id`.
        self.places[id.get() as usize - 1] = place;
    }

    fn put(&mut self, bytes: &[u8]) {
        if self.failure.is_none() {
            self.failure = self.out.write_all(bytes).err().map(|error| error.to_string());
        }
        self.length += bytes.len() as u64;
    }
}

impl File<Vec<u8>> {
    /// What is written so far.
    pub fn bytes(&self) -> &[u8] {
        &self.out
    }
}

/// A whole file.
pub(super) struct Finished<W> {
    pub out: W,
    /// What the standards refuse of it.
    pub refused: Faults,
    /// Why it could not be written.
    pub failure: Option<String>,
}

/// Any object.
struct Anything<'a>(Obj<'a>);

impl<'a> Writer<'a> for Anything<'a> {
    fn start(obj: Obj<'a>) -> Self {
        Anything(obj)
    }
}

/// How many bytes a place in a file of this length takes.
fn width(length: u64) -> usize {
    // An object's number takes three bytes at most.
    (8 - length.leading_zeros() as usize / 8).max(3)
}

/// Compresses bytes for [`Filter::FlateDecode`].
pub(super) fn deflate(bytes: &[u8], effort: Effort) -> Vec<u8> {
    thread_local! {
        /// To get a new compressor takes longer than to compress a small stream; to clear one, half of it.
        static COMPRESSOR: RefCell<Compress> = RefCell::new(Compress::new(Effort::Well.level(), true));
    }
    COMPRESSOR.with_borrow_mut(|compressor| {
        compressor.reset();
        // Cannot fail: nothing waits to be written.
        compressor.set_level(effort.level()).expect("a new stream");
        let mut packed = Vec::with_capacity(bytes.len() / 2 + 64);
        loop {
            let rest = &bytes[compressor.total_in() as usize..];
            let status = compressor.compress_vec(rest, &mut packed, FlushCompress::Finish);
            // Cannot fail: the stream is new, and nothing comes after its end.
            if status.expect("memory takes all bytes") == Status::StreamEnd {
                return packed;
            }
            packed.reserve(packed.len());
        }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use flate2::read::ZlibDecoder;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn data_that_ends_in_a_carriage_return_keeps_it() {
        let mut file = File::new(Vec::new());
        let id = file.id();
        file.stream(id, b"data\r", |_| {});
        assert!(file.bytes().ends_with(b"/Length 5>>\nstream\ndata\r\r\nendstream\nendobj\n"));
        assert_eq!(file.length, file.bytes().len() as u64);
    }

    proptest! {
        #[test]
        fn what_was_compressed_before_changes_nothing(
            streams in prop::collection::vec(prop::collection::vec(0u8..8, 0..5_000), 1..8),
            effort in prop::sample::select(vec![Effort::Well, Effort::Quick]),
        ) {
            let packed: Vec<Vec<u8>> =
                streams.iter().map(|bytes| deflate(bytes, effort)).collect();
            for (bytes, packed) in streams.into_iter().zip(packed).rev() {
                let mut unpacked = Vec::new();
                ZlibDecoder::new(&packed[..]).read_to_end(&mut unpacked).expect("a whole stream");
                prop_assert_eq!(&unpacked, &bytes);
                let alone = std::thread::spawn(move || deflate(&bytes, effort)).join().expect("it ends");
                prop_assert_eq!(alone, packed);
            }
        }
    }
}
