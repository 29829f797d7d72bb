//! What people really hand in: each file of `tests/data/cases` shows one member of a class of inputs
//! that went wrong once.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::common;

/// What a batch said, and what it made.
struct Ran {
    folder: TempDir,
    code: i32,
    said: String,
}

fn case(name: &str) -> PathBuf {
    common::root().join("tests/data/cases").join(name)
}

/// `batch` of a case, with more arguments.
fn batch_of(path: &Path, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let mut command = common::onshi();
    command.arg("batch").arg(path).args(["--lang", "ja"]).args(more);
    if !more.contains(&"--today") {
        command.args(["--today", "2027-01-08"]);
    }
    if !more.contains(&"-o") {
        command.arg("-o").arg(folder.path().join("out"));
    }
    let output = command.output().unwrap();
    let said =
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap();
    Ran { folder, code: output.status.code().unwrap(), said }
}

/// `batch` of a case for 別紙2.
fn batch(name: &str) -> Ran {
    batch_of(&case(name), &["--form", "別紙2"])
}

impl Ran {
    #[track_caller]
    fn ends(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{}", self.said);
        self
    }

    #[track_caller]
    fn says(self, words: &str) -> Ran {
        assert!(self.said.contains(words), "{words} is not in {}", self.said);
        self
    }

    /// The text of each PDF by its row.
    fn pages(&self) -> BTreeMap<String, String> {
        let Ok(files) = std::fs::read_dir(self.folder.path().join("out")) else {
            return BTreeMap::new();
        };
        let files = files.map(|file| file.unwrap().path());
        let pdfs = files.filter(|path| path.extension().is_some_and(|e| e == "pdf"));
        let page = |path: PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let row = name.split('_').next().unwrap().trim_start_matches('0').to_owned();
            (row, common::text_of(&std::fs::read(path).unwrap()))
        };
        pdfs.map(page).collect()
    }

    #[track_caller]
    fn prints(self, row: &str, text: &str) -> Ran {
        let pages = self.pages();
        let page = pages.get(row).unwrap_or_else(|| panic!("no page of row {row}: {}", self.said));
        assert!(page.contains(&common::squeezed(text)), "{text} is not on the page: {page}");
        self
    }
}

#[test]
fn what_marks_a_text_for_excel_is_not_printed() {
    let ran = batch("A7_excel_text_marks.csv").ends(0).says("1 個のセルの先頭の「'」");
    let ran = ran.prints("2", "もみじ野クリニック").prints("3", "試験 太郎");
    assert!(ran.pages().values().all(|page| !page.contains(['=', '\''])));
}

#[test]
fn last_cells_left_out_are_empty() {
    batch("B1_short_row.csv").ends(0).prints("2", "もみじ野クリニック").prints("3", "あおば医院");
}

#[test]
fn a_bad_byte_spoils_its_cell_alone() {
    let ran = batch("B5_one_bad_byte.csv").ends(1).says("文字コードは UTF-8（BOM つき） です");
    let ran = ran.says("UTF-8 の文字ではありません").prints("2", "もみじ野クリニック");
    assert_eq!(ran.pages().len(), 1);
}

#[test]
fn the_delimiter_is_found_below_a_title_and_semicolons_are_read() {
    batch("B7.txt").ends(0).prints("3", "もみじ野クリニック");
    batch("C1.csv").ends(0).prints("2", "もみじ野クリニック");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sep.csv");
    let text = std::fs::read_to_string(case("C1.csv")).unwrap();
    std::fs::write(&path, format!("sep=;\r\n{text}")).unwrap();
    batch_of(&path, &["--form", "別紙2"]).ends(0).prints("2", "もみじ野クリニック");
}

#[test]
fn hidden_files_of_a_folder_are_no_records() {
    let folder = tempfile::tempdir().unwrap();
    let record = common::sample("clinic.yaml");
    std::fs::write(folder.path().join("もみじ野.yaml"), record).unwrap();
    std::fs::write(folder.path().join("._もみじ野.yaml"), b"\x00\x05\x16\x07").unwrap();
    let ran = batch_of(folder.path(), &["--form", "別紙2", "--today", "2024-01-10"]).ends(0);
    assert_eq!(ran.pages().len(), 1, "{}", ran.said);
}

#[test]
fn what_is_no_list_is_named_in_one_line() {
    for (name, words) in [
        ("C2.csv", "文字コードが UTF-16 です"),
        ("C3.csv", "文字コードが EUC-JP です"),
        ("C4.ods", "OpenDocument"),
        ("C4c.xls", "Web ページ（HTML）の表です"),
        ("C4d.pdf", "PDF です"),
    ] {
        let ran = batch(name).ends(1).says(words);
        assert_eq!(
            ran.said.matches("error[").count() + ran.said.matches("エラー[").count(),
            1,
            "{}",
            ran.said
        );
        assert!(!ran.said.contains("_rels"), "{}", ran.said);
    }
}
