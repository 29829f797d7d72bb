use onshi::report::{Lang, show};
use tempfile::TempDir;

use std::fs::{OpenOptions, Permissions};

use super::*;

fn folder() -> TempDir {
    tempfile::tempdir().expect("there is a folder for temporary files")
}

fn files(names: &[&str]) -> Vec<File> {
    names.iter().map(|name| File::new(*name, *name)).collect()
}

/// Writes over what is there.
fn write(output: &Output, files: Vec<File>) -> Result<Vec<PathBuf>, Failure> {
    output.write(files, &Guard::default(), true)
}

/// Everything below a folder, by name.
fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn where_forms_go() {
    let dir = folder();
    let path = |name: &str| dir.path().join(name);
    let forms = |path: &Path| Output::forms(Some(path));
    assert_eq!(Output::forms(None), Output::folder(Path::new(".")));
    assert_eq!(forms(Path::new("-")), Output::Stdout);
    assert_eq!(forms(dir.path()), Output::folder(dir.path()));
    assert_eq!(forms(&path("a.pdf")), Output::File(path("a.pdf")));
    assert_eq!(forms(&path("new")), Output::folder(&path("new")));
    assert_eq!(forms(&path("a.pdf/")), Output::folder(&path("a.pdf/")));
    fs::write(path("old"), "").unwrap();
    assert_eq!(forms(&path("old")), Output::File(path("old")));
}

#[test]
fn the_format() {
    let format = |path: &str, asked| Output::forms(Some(Path::new(path))).format(asked).ok();
    assert_eq!(format("a.PNG", None), Some(Format::Png));
    assert_eq!(format("a.pdf", Some(Format::Pdf)), Some(Format::Pdf));
    assert_eq!(format("a.pdf", Some(Format::Png)), None);
    assert_eq!(format("a.doc", None), None);
    assert_eq!(format("a.doc", Some(Format::Png)), None);
    assert_eq!(format("record.yaml", Some(Format::Pdf)), None);
    assert_eq!(format("folder/", None), Some(Format::Pdf));
    assert_eq!(format("-", Some(Format::Png)), Some(Format::Png));
}

#[test]
fn names_of_forms() {
    let name = |record: &str, kind| {
        File::name_of(&stem(Path::new(record)), "receipt-number", kind, Format::Pdf)
    };
    assert_eq!(name("a/記録.yaml", None), "記録_receipt-number.pdf");
    assert_eq!(name("a.b.yaml", Some("医科")), "a.b_receipt-number_医科.pdf");
    assert_eq!(name("-", None), "stdin_receipt-number.pdf");
}

#[test]
fn a_folder_is_created_and_filled() {
    let dir = folder();
    let new = dir.path().join("a/b");
    let written = write(&Output::folder(&new), files(&["1.pdf", "2.pdf"])).unwrap();
    assert_eq!(written, [new.join("1.pdf"), new.join("2.pdf")]);
    assert_eq!(listed(&new), ["1.pdf", "2.pdf"]);
    assert_eq!(fs::read(new.join("2.pdf")).unwrap(), b"2.pdf");
}

#[test]
fn all_or_none_of_them() {
    let dir = folder();
    fs::create_dir(dir.path().join("2.pdf")).unwrap();
    fs::write(dir.path().join("3.pdf"), "old").unwrap();
    let output = Output::folder(dir.path());
    let failure = write(&output, files(&["1.pdf", "3.pdf", "2.pdf"])).unwrap_err();
    assert!(failure.message.en.contains("2.pdf: "), "{failure:?}");
    assert_eq!(listed(dir.path()), ["2.pdf", "3.pdf"]);
    assert_eq!(fs::read(dir.path().join("3.pdf")).unwrap(), b"old");
}

#[test]
fn more_results_than_files_may_be_open() {
    let dir = folder();
    let many: Vec<String> = (0..3000).map(|i| format!("{i}.pdf")).collect();
    let many = many.iter().map(|name| File::new(name.as_str(), "x")).collect();
    let written = write(&Output::folder(dir.path()), many).unwrap();
    assert_eq!(written.len(), 3000);
    assert_eq!(listed(dir.path()).len(), 3000);
}

#[test]
fn no_folder_is_left_behind() {
    let dir = folder();
    let new = dir.path().join("a/b");
    write(&Output::folder(&new), files(&["x/1.pdf"])).unwrap_err();
    assert!(listed(dir.path()).is_empty());
    write(&Output::folder(&new), files(&["1.pdf", "1.pdf"])).unwrap_err();
    assert!(listed(dir.path()).is_empty());
}

#[test]
fn many_results_need_a_folder() {
    let dir = folder();
    let one = Output::File(dir.path().join("a.pdf"));
    write(&one, files(&["1.pdf", "2.pdf"])).unwrap_err();
    write(&Output::Stdout, files(&["1.pdf", "2.pdf"])).unwrap_err();
    assert!(listed(dir.path()).is_empty());
    assert_eq!(write(&one, files(&["1.pdf"])).unwrap(), [dir.path().join("a.pdf")]);
}

/// A failure with the folder's name taken out.
fn said(output: &Output, dir: &TempDir, lang: Lang) -> String {
    let Failure { message, hint } = write(output, files(&["1.pdf"])).unwrap_err();
    show::failure(&message, hint.as_ref(), lang, false)
        .replace(&*dir.path().to_string_lossy(), "DIR")
}

#[cfg(target_os = "linux")] // The words are the system's.
#[test]
fn failures_say_what_to_do() {
    let dir = folder();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("file"), "").unwrap();
    insta::assert_snapshot!(said(&Output::File(dir.path().to_owned()), &dir, Lang::Ja), @r"
    エラー: DIR に書き込めません: フォルダーです
     |
     = ヒント: -o にファイル名まで書いてください
    ");
    insta::assert_snapshot!(said(&Output::File(path("no/a.pdf")), &dir, Lang::Ja), @r"
    エラー: DIR/no/a.pdf に書き込めません: フォルダーがありません
     |
     = ヒント: 先にフォルダーを作るか、-o でほかの場所を指定してください
    ");
    insta::assert_snapshot!(said(&Output::File(path("no/a.pdf")), &dir, Lang::En), @r"
    error: can't write DIR/no/a.pdf: No such file or directory (os error 2)
     |
     = help: create the folder first, or name another place with -o
    ");
    insta::assert_snapshot!(said(&Output::File(path("file/a.pdf")), &dir, Lang::Ja), @r"
    エラー: DIR/file/a.pdf に書き込めません: フォルダーではありません
     |
     = ヒント: 途中の名前がフォルダーではなくファイルです。-o でほかの場所を指定してください
    ");
    insta::assert_snapshot!(said(&Output::Folder(path("file/a")), &dir, Lang::En), @r"
    error: can't write DIR/file/a: Not a directory (os error 20)
     |
     = help: part of the path is a file, not a folder; name another place with -o
    ");
    let long = said(&Output::File(path(&"x".repeat(300))), &dir, Lang::En);
    insta::assert_snapshot!(long.replace("xx", ""), @r"
    error: can't write DIR/: File name too long (os error 36)
     |
     = help: give -o a shorter name
    ");
    assert_eq!(listed(dir.path()), ["file"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let dir = folder();
    insta::assert_snapshot!(said(&Output::File("/dev/full".into()), &dir, Lang::Ja), @r"
    エラー: /dev/full に書き込めません: ディスクに空きがありません
     |
     = ヒント: 空きを作るか、-o でほかのディスクを指定してください
    ");
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn permissions_are_those_of_any_file() {
        let dir = folder();
        let (plain, ours) = (dir.path().join("plain"), dir.path().join("ours.pdf"));
        fs::write(&plain, "").unwrap();
        write(&Output::File(ours.clone()), files(&["1.pdf"])).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().mode();
        assert_eq!(mode(&ours), mode(&plain));

        fs::set_permissions(&ours, Permissions::from_mode(0o600)).unwrap();
        write(&Output::File(ours.clone()), files(&["2.pdf"])).unwrap();
        assert_eq!(mode(&ours) & 0o777, 0o600);
        assert_eq!(fs::read(&ours).unwrap(), b"2.pdf");
    }

    #[test]
    fn a_write_protected_file_stays() {
        let dir = folder();
        let path = dir.path().join("a.pdf");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
        if OpenOptions::new().write(true).open(&path).is_ok() {
            return; // Nothing is write-protected for root.
        }
        write(&Output::File(path.clone()), files(&["1.pdf"])).unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(listed(dir.path()), ["a.pdf"]);
    }

    #[test]
    fn a_link_is_replaced_and_not_written_through() {
        let dir = folder();
        let (real, link) = (dir.path().join("real.pdf"), dir.path().join("link.pdf"));
        fs::write(&real, "old").unwrap();
        for target in ["real.pdf", "nowhere.pdf"] {
            symlink(target, &link).unwrap();
            let output = Output::File(link.clone());
            output.write(files(&["new"]), &Guard::default(), false).unwrap_err();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            write(&output, files(&["new"])).unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_file());
            assert_eq!(fs::read(&real).unwrap(), b"old");
            fs::remove_file(&link).unwrap();
        }
        assert_eq!(listed(dir.path()), ["real.pdf"]);
    }

    #[test]
    fn a_device_stays_a_device() {
        let null = Path::new("/dev/null");
        write(&Output::forms(Some(null)), files(&["1.pdf"])).unwrap();
        assert!(fs::metadata(null).unwrap().file_type().is_char_device());
    }
}
