//! Line ends of every system as line feeds.

use std::io::{self, Read};

/// Turns `\r\n` and a lone `\r` into `\n` while reading. In none of the encodings read is either byte
/// a part of another character.
pub(super) struct LineFeeds<R> {
    source: R,
    after_return: bool,
}

impl<R: Read> LineFeeds<R> {
    pub fn new(source: R) -> Self {
        LineFeeds { source, after_return: false }
    }
}

impl<R: Read> Read for LineFeeds<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.source.read(buffer)?;
            let mut kept = 0;
            for at in 0..read {
                let byte = buffer[at];
                let is_second = byte == b'\n' && self.after_return;
                self.after_return = byte == b'\r';
                if !is_second {
                    buffer[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
            }
            // A buffer of which nothing is kept is not the end.
            if kept > 0 || read == 0 {
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_end_is_a_line_feed_wherever_the_buffer_ends() {
        for size in 1..5 {
            let source = &b"a\r\nb\rc\n\r\n\r"[..];
            let mut reader = LineFeeds::new(source);
            let (mut all, mut buffer) = (Vec::<u8>::new(), vec![0; size]);
            loop {
                match reader.read(&mut buffer).unwrap() {
                    0 => break,
                    read => all.extend(&buffer[..read]),
                }
            }
            assert_eq!(all, b"a\nb\nc\n\n\n", "{size}");
        }
    }
}
