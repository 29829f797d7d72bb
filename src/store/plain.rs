//! Files that are what their name says, and no way to somewhere else.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::fault::step;
use super::guard::Identity;

/// Opens a file, creating it, as `options` say; neither a link, which could lead to a file of the user's,
/// nor a pipe, which could wait for ever, nor a device.
pub(crate) fn open_plain(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            step()?;
            // Not through a link that was made since.
            match options.create_new(true).open(path) {
                // Another run was faster.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                    options.create_new(false);
                    fs::symlink_metadata(path)?
                }
                created => return created,
            }
        }
        Err(error) => return Err(error),
    };
    if found.is_file() {
        let file = options.open(path)?;
        // Unless another came to its place in between.
        if Identity::of(path, &file.metadata()?) == Identity::of(path, &found) {
            return Ok(file);
        }
    }
    Err(ErrorKind::InvalidInput.into())
}
