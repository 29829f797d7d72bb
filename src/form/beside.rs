//! The files beside a definition: pictures and papers.

use std::fs;
use std::io::Read as _;
use std::path::{Component, Path};

use crate::report::{Text, system};

/// Where the files are that a definition names.
#[derive(Clone, Copy, Debug)]
pub enum Beside<'a> {
    /// In a folder, that of the definition.
    Folder(&'a Path),
    /// Here: their names and bytes.
    Given(&'a [(&'a str, &'a [u8])]),
}

/// What a file is called in messages, `the picture`.
pub(super) struct Called {
    pub ja: &'static str,
    pub en: &'static str,
    /// The most bytes it may have.
    pub largest: u64,
}

impl Beside<'_> {
    /// The bytes of a file.
    pub(super) fn read(self, name: &str, called: &Called) -> Result<Vec<u8>, Text> {
        let Called { ja, en, largest } = called;
        let too_large = || {
            let mb = largest / 1_000_000;
            Text::new(
                format!("{ja}「{name}」が大きすぎます（{mb} MB まで）"),
                format!("the {en} `{name}` is larger than {mb} MB"),
            )
        };
        let unread_as = |why: &Text| {
            Text::new(
                format!("{ja}「{name}」を読めません: {}", why.ja),
                format!("cannot read the {en} `{name}`: {}", why.en),
            )
        };
        let folder = match self {
            Beside::Given(files) => {
                let file = files.iter().find(|(known, _)| *known == name);
                let bytes = file.map(|(_, bytes)| bytes.to_vec());
                let missing = || unread_as(&Text::new("渡されていません", "it was not given"));
                let bytes = bytes.ok_or_else(missing)?;
                return match bytes.len() as u64 > *largest {
                    true => Err(too_large()),
                    false => Ok(bytes),
                };
            }
            Beside::Folder(folder) => folder,
        };
        let path = Path::new(name);
        // A definition that somebody hands over does not reach into other folders.
        if !path.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(Text::new(
                format!("{ja}「{name}」は、定義ファイルと同じフォルダーの中に置いてください"),
                format!("put the {en} `{name}` into the folder of the definition"),
            ));
        }
        let path = folder.join(path);
        let unread = |error: std::io::Error| unread_as(&system(&error));
        // A pipe or a device might never end.
        if !fs::metadata(&path).map_err(unread)?.is_file() {
            return Err(unread_as(&Text::new(
                "普通のファイルではありません",
                "it is not a regular file",
            )));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(&path).map_err(unread)?;
        file.take(largest + 1).read_to_end(&mut bytes).map_err(unread)?;
        match bytes.len() as u64 > *largest {
            true => Err(too_large()),
            false => Ok(bytes),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_never_ends_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("ring.png")).unwrap();
        fs::write(folder.path().join("seal.png"), b"1234").unwrap();
        let read = |name: &str, largest: u64| {
            Beside::Folder(folder.path()).read(name, &Called { ja: "画像", en: "picture", largest })
        };
        let why = read("ring.png", 8).unwrap_err();
        assert!(why.en.contains("not a regular file"), "{}", why.en);
        assert_eq!(read("seal.png", 4).unwrap(), b"1234");
        assert!(read("seal.png", 3).unwrap_err().en.contains("larger than"));
    }
}
