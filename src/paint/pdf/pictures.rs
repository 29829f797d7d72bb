//! Pictures as they are embedded: each once in a file.

use std::io::Write;
use std::sync::Arc;

use pdf_writer::{Name, Ref};
use sha2::{Digest as _, Sha256};

use super::file::{Effort, File, deflate};
use super::metadata::PROFILE;
use crate::sheet::Picture;

/// The pictures of a file, by their names in content streams.
#[derive(Clone, Default)]
pub(super) struct Pictures(Vec<(String, Ref)>);

/// A picture's name in content streams: the same for the same file.
pub(super) fn name(picture: &Picture) -> String {
    let digest = Sha256::digest(&picture.file);
    let hex: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("i{hex}")
}

impl Pictures {
    /// Writes the pictures that are not in the file yet.
    pub fn add<W: Write>(&mut self, file: &mut File<W>, pictures: &[Arc<Picture>]) {
        for picture in pictures {
            let name = name(picture);
            if self.0.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let id = file.id();
            file.packed_stream(id, &deflate(&picture.rgb, Effort::Well), |stream| {
                stream.pair(Name(b"Type"), Name(b"XObject")).pair(Name(b"Subtype"), Name(b"Image"));
                // At most 16 million pixels.
                stream.pair(Name(b"Width"), picture.width as i32);
                stream.pair(Name(b"Height"), picture.height as i32);
                stream.pair(Name(b"BitsPerComponent"), 8);
                let mut space = stream.insert(Name(b"ColorSpace")).array();
                space.item(Name(b"ICCBased")).item(PROFILE);
            });
            self.0.push((name, id));
        }
    }

    /// The pictures with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Ref)> {
        self.0.iter().map(|(name, id)| (name.as_str(), *id))
    }
}
