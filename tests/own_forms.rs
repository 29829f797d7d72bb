//! A form the program has never seen: definitions in a folder, and no Rust.

use std::fs;

use crate::common::{self, onshi, text_of};

const FORMS: &str = "tests/forms";
const RECORD: &str = "facility: {name: 髙﨑医院, kind: 歯科}\nvisit: {date: 2024-05-01, purpose: 見学, people: 3, guide: カスミ ハナコ, lunch: 要}\n";

fn record(text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visit.yaml");
    fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn it_is_listed_filled_left_blank_and_shown_as_example() {
    let out = onshi().args(["--forms", FORMS, "forms"]).output().unwrap();
    let listed = String::from_utf8(out.stdout).unwrap();
    assert!(listed.contains("visit-request") && listed.contains("introduction-plan"));

    let (_folder, path) = record(RECORD);
    let fill = |args: &[&str]| {
        let mut command = onshi();
        command.args(["--forms", FORMS]).args(args);
        command.output().unwrap()
    };
    let out = fill(&["fill", path.to_str().unwrap(), "-o", "-"]);
    let text = text_of(&out.stdout);
    for part in [
        "見学申込書",
        "髙﨑医院",
        "令和6年5月1日",
        "3名",
        "カスミハナコ",
        "☑要",
        "☐不要",
        "医科・○歯科",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let blank = text_of(&fill(&["blank", "見学", "-o", "-"]).stdout);
    assert!(blank.contains("令和年月日") && !blank.contains("髙﨑"), "{blank}");
    let example = text_of(&fill(&["example", "visit-request", "-o", "-"]).stdout);
    assert!(example.contains("霞が関診療所"), "{example}");
}

#[test]
fn it_is_checked_by_its_own_rules() {
    let text = RECORD.replace("people: 3", "people: 30").replace("lunch: 要", "lunch: 多め");
    let (_folder, path) = record(&text);
    let out = onshi().args(["--forms", FORMS, "check", path.to_str().unwrap()]).output().unwrap();
    assert_eq!(out.status.code(), Some(1));
    let errors = String::from_utf8(out.stderr).unwrap();
    for part in
        ["エラー[visit-request/too-many]", "30名", "見学は20名まで", "エラー[choice]", "要、不要"]
    {
        assert!(errors.contains(part), "{part} is not in {errors}");
    }
}

#[test]
fn its_fields_are_in_the_schema_and_the_skeleton() {
    let out = onshi().args(["--forms", FORMS, "schema", "visit-request"]).output().unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    let visit = &schema["properties"]["visit"]["properties"];
    assert_eq!(visit["people"]["title"], "人数");
    assert_eq!(visit["lunch"]["enum"][0], "要");
    let out = onshi().args(["--forms", FORMS, "new", "見学"]).output().unwrap();
    let skeleton = String::from_utf8(out.stdout).unwrap();
    assert!(
        skeleton.contains("\n  人数: \n") && !skeleton.contains("カードリーダー"),
        "{skeleton}"
    );
    assert!(onshi::record::read("new", skeleton.as_bytes()).is_ok());
}

#[test]
fn it_passes_lint_and_broken_ones_are_refused_at_their_line() {
    let file = format!("{FORMS}/visit-request.yaml");
    onshi().args(["--forms", FORMS, "lint", &file]).assert().code(0);
    let sound = fs::read_to_string(common::root().join(&file)).unwrap();
    for (from, to, parts) in [
        ("height: 12", "hieght: 12", &["hieght", "height"][..]),
        ("field: visit.guide", "field: visit.gide", &["visit.gide", "もしかして: visit.guide"]),
        ("columns: [40, 130]", "columns: [40, 180]", &["はみ出して"]),
        ("columns: [40, 130]", "columns: [40]", &["列"]),
        ("y: 60", "y: 25", &["重なって"]),
        ("visit.people <= 20", "visit.people <=", &["式"]),
        ("visit.people <= 20", "visit.peple <= 20", &["visit.peple"]),
        ("visit.people <= 20", "most(visit.people)", &["関数 most"]),
        ("show: reiwa", "show: circle", &["日付"]),
        ("is: 不要", "is: いらない", &["いらない"]),
        (
            "text: 案内者",
            "text: 案内者案内者案内者案内者案内者案内者案内者案内者案内者案内者案内者案内者",
            &["枠に入りません"],
        ),
        ("text: 案内者", "text: \"\\ue000\"", &["U+E000"]),
        ("height: 12", "height: .inf", &["正"]),
        ("size: 18", "size: -1", &["正の数"]),
        ("show: reiwa}", "show: reiwa, pad: .nan}", &["正の数"]),
        ("id: visit-request", "id: Visit Request", &["英小文字"]),
    ] {
        assert!(sound.contains(from), "{from}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken.yaml");
        fs::write(&path, sound.replacen(from, to, 1)).unwrap();
        let out = onshi().args(["--forms", FORMS, "lint"]).arg(&path).output().unwrap();
        let errors = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(1), "{from} → {to}: {errors}");
        assert!(errors.contains("エラー[definition]"), "{errors}");
        assert!(errors.contains("broken.yaml:") || from.starts_with("id"), "{errors}");
        for part in parts {
            assert!(errors.contains(part), "{from} → {to}: {part} is not in\n{errors}");
        }
    }
}

#[test]
fn a_rule_that_cannot_be_judged_is_an_error_and_named() {
    let sound = fs::read_to_string(common::root().join(FORMS).join("visit-request.yaml")).unwrap();
    let record = "visit: {date: 2024-05-01, purpose: 見学, people: 3, guide: カスミ, lunch: 要}\nfacility: {name: 霞が関診療所}\n";
    for (condition, is_judged) in [
        ("visit.people <= 20", true),
        ("visit.people <= '20'", false),
        ("visit.people / 0 > 1", false),
        ("visit.people.size() > 1", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        for name in ["shared.yaml", "visit-request.yaml"] {
            let from = common::root().join(FORMS).join(name);
            fs::copy(from, folder.path().join(name)).unwrap();
        }
        let form = sound.replace("visit.people <= 20", condition);
        fs::write(folder.path().join("visit-request.yaml"), form).unwrap();
        let path = folder.path().join("record.txt");
        fs::write(&path, record).unwrap();
        let mut onshi = onshi();
        onshi.arg("--forms").arg(folder.path()).args(["check", "--form", "visit-request"]);
        let said = String::from_utf8(onshi.arg(&path).output().unwrap().stderr).unwrap();
        assert_eq!(!said.contains(condition), is_judged, "{condition}: {said}");
    }
}

#[test]
fn a_copy_of_a_form_is_told_by_both_files() {
    let folder = tempfile::tempdir().unwrap();
    let sound = common::root().join("docs/forms/equipment-loan.yaml");
    for name in ["a.yaml", "b.yaml"] {
        fs::copy(&sound, folder.path().join(name)).unwrap();
    }
    for args in [&["forms"][..], &["lint", "b.yaml"]] {
        let mut onshi = onshi();
        onshi.arg("--forms").arg(folder.path()).current_dir(folder.path()).args(args);
        let errors = String::from_utf8(onshi.output().unwrap().stderr).unwrap();
        assert!(errors.contains("エラー 1 件"), "{errors}");
        assert!(errors.contains("b.yaml:2:5") && errors.contains("a.yaml）"), "{errors}");
    }
}

#[test]
fn a_folder_with_a_broken_form_is_refused_as_unusable() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.yaml"), "id: x\n").unwrap();
    let out = onshi().arg("--forms").arg(folder.path()).arg("forms").output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    let errors = String::from_utf8(out.stderr).unwrap();
    assert!(errors.contains("x.yaml"), "{errors}");
    // What can only be seen on the page is refused there too.
    let sound = fs::read_to_string(common::root().join(FORMS).join("visit-request.yaml")).unwrap();
    let own = fs::read(common::root().join(FORMS).join("shared.yaml")).unwrap();
    fs::write(folder.path().join("shared.yaml"), own).unwrap();
    fs::write(folder.path().join("x.yaml"), sound.replace("y: 60", "y: 25")).unwrap();
    let out = onshi().arg("--forms").arg(folder.path()).arg("forms").output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8(out.stderr).unwrap().contains("重なって"));
    let out = onshi().args(["--forms", "ない", "forms"]).output().unwrap();
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn the_built_in_definitions_pass_lint() {
    for form in onshi::form::Forms::built_in().forms() {
        let file = format!("forms/{}.yaml", form.id);
        onshi().args(["lint", &file]).assert().code(0);
    }
}

#[test]
fn a_field_that_stands_in_no_section_is_asked_for_by_its_key() {
    let forms = tempfile::tempdir().unwrap();
    let copy = |name: &str, change: &dyn Fn(String) -> String| {
        let text = fs::read_to_string(common::root().join(FORMS).join(name)).unwrap();
        fs::write(forms.path().join(name), change(text)).unwrap();
    };
    let occasion = "  - {key: occasion, label: {ja: 機会, en: Occasion}, kind: text, help: {ja: 機会, en: Why}, example: 開設}\n";
    copy("shared.yaml", &|text| text + occasion);
    copy("visit-request.yaml", &|text| text.replace("{field: visit.purpose}", "{field: occasion}"));
    let (_folder, path) = record(RECORD);
    let mut check = onshi();
    check.arg("--forms").arg(forms.path()).arg("check").arg(path);
    let errors = String::from_utf8(check.output().unwrap().stderr).unwrap();
    assert!(errors.contains("occasion: 開設 のように書いてください"), "{errors}");
}

#[test]
fn what_waits_for_a_computed_field_is_printed_whether_or_not_the_record_is_carried() {
    let forms = tempfile::tempdir().unwrap();
    let fields = "fields:\n\
         - {key: visit, label: {ja: 見学, en: Visit}, kind: section, help: {ja: 見学, en: A visit}}\n\
         - {key: visit.date, label: {ja: 見学日, en: Day}, kind: date, help: {ja: 日, en: Day}}\n\
         - {key: visit.purpose, label: {ja: 目的, en: Purpose}, kind: text, help: {ja: 目的, en: Why}}\n\
         - {key: visit.answer, label: {ja: 回答日, en: Answer}, kind: date, help: {ja: 日, en: Day}, derive: 'add_days(visit.date, -7)', computed: true}\n";
    let form = "id: small\ntitle: {ja: 申込, en: Request}\nsection: visit\n\
         source: {document: 要領, issued: 2024-01-01}\neffective_from: 2024-01-01\nbody:\n\
         - table: {y: 20, columns: [80, 80], rows: [{height: 10, cells: [{field: visit.date}, {field: visit.purpose, when: has(visit.answer)}]}]}\n\
         sample: {record: {visit: {date: 2024-05-01, purpose: 見学}}}\n";
    fs::write(forms.path().join("shared.yaml"), fields).unwrap();
    fs::write(forms.path().join("small.yaml"), form).unwrap();
    let (_folder, path) = record("visit: {date: 2024-05-01, purpose: 設備の見学}\n");
    for carried in [&["--carry-record"][..], &[]] {
        let mut fill = onshi();
        fill.arg("--forms").arg(forms.path()).arg("fill").arg(&path).args(["-o", "-"]);
        let out = fill.args(carried).output().unwrap();
        let errors = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(out.status.success(), "{errors}");
        assert!(text_of(&out.stdout).contains("設備の見学"), "{carried:?} {errors}");
    }
}

/// A folder with the files named, each with its text.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Exit status of `lint` and what it says, in English.
fn lint(forms: Option<&std::path::Path>, path: &std::path::Path) -> (Option<i32>, String) {
    let mut lint = onshi();
    lint.args(["--lang", "en", "lint"]).arg(path);
    if let Some(forms) = forms {
        lint.arg("--forms").arg(forms);
    }
    let out = lint.output().unwrap();
    (out.status.code(), String::from_utf8(out.stderr).unwrap())
}

const SMALL: &str = "id: small\ntitle: 申込\nsection: small\n\
    source: {document: 要領, issued: 2024-01-01}\neffective_from: 2024-01-01\nfields:\n\
    - {key: small, label: 申込, kind: section, help: 申込}\n\
    - {key: small.day, label: 日, kind: date, help: 日, example: 2024-05-01}\nbody:\n\
    - table: {y: 20, columns: [80, 80], rows: [{height: 10, cells: [{field: small.day}, {field: hall.name}]}]}\n\
    sample: {record: {small: {day: 2024-05-01}, hall: {name: 会館}}}\n";
const HALL: &str = "fields:\n\
    - {key: hall, label: 会場, kind: section, help: 会場}\n\
    - {key: hall.name, label: 名称, kind: text, help: 名称, example: 会館}\n";

#[test]
fn lint_sees_the_definitions_beside_a_form_and_takes_a_folder() {
    let sound = folder(&[("small.yaml", SMALL), ("shared.yaml", HALL)]);
    let file = sound.path().join("small.yaml");
    assert_eq!(lint(None, &file), (Some(0), "no errors\n".into()));
    assert_eq!(lint(None, sound.path()).0, Some(0));
    assert_eq!(lint(None, &sound.path().join("shared.yaml")).0, Some(0));
    // Alone, a field of it is nobody's.
    let alone = folder(&[("small.yaml", SMALL)]);
    let (status, said) = lint(None, &alone.path().join("small.yaml"));
    assert!(status == Some(1) && said.contains("has a field hall.name"), "{said}");
    assert_eq!(lint(Some(sound.path()), &alone.path().join("small.yaml")).0, Some(0));
}

#[test]
fn a_value_that_would_be_printed_nowhere_is_said() {
    let said = |cells: &str, fields: &str| {
        let text = SMALL
            .replace("{field: small.day}, {field: hall.name}", cells)
            .replace("body:\n", &format!("{fields}body:\n"))
            .replace(", hall: {name: 会館}", "");
        let sound = folder(&[("small.yaml", &text)]);
        lint(None, &sound.path().join("small.yaml"))
    };
    let days = "- {key: small.days, label: 曜日, kind: choice, many: true, choices: [{value: 月}, {value: 火}], help: 曜日}\n";
    let ticks = "{field: small.days, show: tick, is: 月}, {field: small.days, show: tick, is: 火}";
    assert_eq!(said(ticks, days).0, Some(0), "{}", said(ticks, days).1);
    let one = "{field: small.days, show: tick, is: 月}, {field: small.day}";
    assert!(said(one, days).1.contains("no box is ticked for `火` of small.days"));
    // A yes or no is ticked by its values.
    let asked = "- {key: small.asked, label: 希望, kind: boolean, help: 希望, example: \"true\"}\n";
    let yes = "{field: small.asked, show: tick, is: \"true\"}, {field: small.asked, show: tick, is: \"false\"}";
    assert_eq!(said(yes, asked).0, Some(0), "{}", said(yes, asked).1);
    // What only boxes on a paper have is named.
    for of_paper in ["times: 2", "from: 2"] {
        let cells = format!("{{field: small.day, {of_paper}}}, {{}}");
        let (status, text) = said(&cells, "");
        let named = "repeat, times, from, step, pdf_field, pdf_state and a circle";
        assert!(status == Some(1) && text.contains(named), "{of_paper}: {text}");
    }
    // The English words are English.
    let (_, text) = said("{field: small.days, show: day}, {field: small.day}", days);
    let ways = text.lines().find(|line| line.contains("show may be")).unwrap_or(&text);
    assert!(ways.contains("circle (text or is), tick (is)") && !ways.contains('（'), "{ways}");
    let list = "- {key: small.items, label: 品, kind: list, help: 品}\n- {key: small.items.name, label: 名, kind: text, help: 名}\n";
    let (status, text) = said("{field: small.items.name}, {field: small.day}", list);
    assert!(status == Some(1) && text.contains("write field: item.name"), "{text}");
}

#[test]
fn faults_of_the_fields_are_at_their_lines_and_a_broken_folder_is_a_fault_of_definitions() {
    let twice = format!("{HALL}- {{key: hall.name, label: 別名, kind: text, help: 名称}}\n");
    let broken = folder(&[("small.yaml", SMALL), ("shared.yaml", &twice)]);
    for path in ["small.yaml", "shared.yaml"] {
        let (status, said) = lint(None, &broken.path().join(path));
        assert_eq!(status, Some(1), "{said}");
        assert!(
            said.contains("hall.name is defined twice") && said.contains("shared.yaml:4"),
            "{said}"
        );
    }
}

#[test]
fn a_form_takes_the_place_of_another_only_when_it_says_so() {
    let own = folder(&[("shared.yaml", HALL)]);
    let list = |text: &str| {
        fs::write(own.path().join("small.yaml"), text).unwrap();
        let out = onshi().arg("--forms").arg(own.path()).arg("forms").output().unwrap();
        (out.status.code(), String::from_utf8([out.stdout, out.stderr].concat()).unwrap())
    };
    let taken = SMALL.replace("id: small\n", "id: schedule\n");
    for text in [taken.as_str(), &SMALL.replace("title:", "alias: [別紙３]\ntitle:")] {
        let (status, said) = list(text);
        assert!(status == Some(2) && said.contains("replaces: schedule"), "{said}");
    }
    let (status, said) = list(&taken.replace("title:", "replaces: schedule\ntitle:"));
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("申込") && !said.contains("別紙3"), "{said}");
}

#[test]
fn headings_of_lists_that_nothing_tells_apart_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shared.yaml");
    let text = "\
fields:
  - {key: guest, label: 見学者, kind: section, help: 見学者}
  - {key: guest.name, label: 氏名, kind: text, help: 氏名, also: [名前, 代表]}
  - {key: guest.company, label: 会社, kind: text, help: 会社, also: [代 表, 会社]}
  - {key: guest.post, label: 役職, kind: text, help: 役職, also: [開設者氏名]}
  - {key: guest.size, label: 規模, kind: choice, help: 規模, choices: [{value: 大}, {value: 小}], also: [区分]}
  - {key: guest.sort, label: 種類, kind: choice, help: 種類, choices: [{value: 甲}, {value: 乙}], also: [区分]}
";
    fs::write(&path, text).unwrap();
    let out = onshi().arg("lint").arg(&path).output().unwrap();
    let said = String::from_utf8([out.stdout, out.stderr].concat()).unwrap();
    assert_eq!(out.status.code(), Some(1), "{said}");
    for part in [
        "見出し「代表」は項目 guest.name と guest.company の両方にあり",
        "項目 guest.company の見出し「会社」が二度あります",
        "見出し「開設者氏名」は項目 guest.post と founder.name の両方にあり",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    // Values tell choices apart.
    assert!(!said.contains("区分"), "{said}");
}

/// A form with these rows of a table, two columns wide, and a record for it.
fn with_rows(rows: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let form = format!(
        "id: thin
title: 細枠
section: loan
source: {{document: 貸出要領, issued: 2024-04-01}}
effective_from: 2024-04-01
sizes: {{smallest: 0.1}}
fields:
  - {{key: loan, label: 貸出, kind: section, help: 貸出の申込み}}
  - {{key: loan.name, label: 氏名, kind: text, help: 申込者の氏名, example: 見本 花子}}
  - {{key: loan.place, label: 場所, kind: text, help: 場所, example: 受付}}
body:
  - title: {{text: 細枠, y: 20, size: 18, align: center}}
  - table:
      above: 10
      columns: [40, 130]
      height: 10
      rows:
        - [{{text: 氏名}}, {{field: loan.name}}]
{rows}
sample:
  record: {{loan: {{name: 見本 花子, place: 受付}}}}
"
    );
    fs::create_dir(folder.path().join("forms")).unwrap();
    fs::write(folder.path().join("forms/thin.yaml"), form).unwrap();
    fs::write(folder.path().join("r.yaml"), "loan: {name: 髙﨑 久, place: 窓口}\n").unwrap();
    folder
}

/// Cells of a workbook are at least as far apart as a line can be drawn; smaller boxes lie in others' cells.
#[test]
fn a_box_too_small_for_a_cell_takes_no_value_away() {
    let run = |folder: &tempfile::TempDir, args: &[&str]| {
        let mut command = onshi();
        command.current_dir(folder.path()).args(["--forms", "forms", "--lang", "ja"]).args(args);
        command.output().unwrap()
    };
    let fill = ["fill", "r.yaml", "--today", "2024-05-01", "--format", "xlsx", "-o", "r.xlsx"];
    for rows in [
        "        - [{text: 場所}, {field: loan.place}]\n        - {height: 0.2, cells: [{}, {}]}",
        "        - {height: 0.2, cells: [{}, {}]}\n        - [{text: 場所}, {field: loan.place}]",
        "        - [{field: loan.place}, {text: 細枠, down: 2}]\n        - {height: 0.2, cells: [{}]}",
    ] {
        let folder = with_rows(rows);
        let filled = run(&folder, &fill);
        assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
        let record = run(&folder, &["import", "r.xlsx", "-o", "-"]);
        let record = String::from_utf8(record.stdout).unwrap();
        assert!(record.contains("髙﨑 久") && record.contains("窓口"), "{rows}\n{record}");
    }
    let folder = with_rows(
        "        - [{text: 場所}, {field: loan.place}]\n        - {height: 0.2, cells: [{text: 小, size: 0.2, pad: 0}, {}]}",
    );
    let refused = run(&folder, &fill);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains("枠が小さすぎてセルにならない"), "{told}");
    assert!(!folder.path().join("r.xlsx").exists());
}

/// Pictures of other files are other pictures, though they are as large.
#[test]
fn a_batch_makes_files_anew_when_a_picture_of_the_form_changes() {
    let folder =
        with_rows("        - - {picture: {file: seal.png, alt: 印, width: 8}}\n          - {}");
    let at = |name: &str| folder.path().join(name);
    let ring = fs::read(common::root().join("tests/forms/ring.png")).unwrap();
    fs::write(at("forms/seal.png"), &ring).unwrap();
    fs::write(at("list.csv"), "氏名,場所\n髙﨑 久,窓口\n").unwrap();
    let made = || {
        let mut command = onshi();
        command.current_dir(folder.path()).args(["--forms", "forms", "batch", "list.csv"]);
        let out = command.args(["--form", "thin", "-o", "out"]).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        let files = fs::read_dir(at("out")).unwrap().map(|entry| entry.unwrap().path());
        let pdf = files.into_iter().find(|path| path.extension().is_some_and(|e| e == "pdf"));
        fs::read(pdf.unwrap()).unwrap()
    };
    let first = made();
    assert_eq!(made(), first);
    let (header, mut pixels) = {
        let mut reader = png::Decoder::new(std::io::Cursor::new(&ring)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        (reader.info().clone(), pixels)
    };
    pixels.reverse();
    let mut other = Vec::new();
    let mut encoder = png::Encoder::new(&mut other, header.width, header.height);
    encoder.set_color(header.color_type);
    encoder.set_depth(header.bit_depth);
    encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    fs::write(at("forms/seal.png"), other).unwrap();
    assert_ne!(made(), first);
}

/// What no XML can hold is refused at its place, also where it is printed nowhere: in a code and in a file's title.
#[test]
fn control_characters_are_refused_where_they_are_not_printed() {
    let told = |folder: &tempfile::TempDir, record: &str, more: &[&str]| {
        fs::write(folder.path().join("r.yaml"), record).unwrap();
        let mut command = onshi();
        command.current_dir(folder.path()).args(more).args(["fill", "r.yaml", "-o", "out"]);
        let out = command.args(["--lang", "en", "--today", "2024-05-01"]).output().unwrap();
        assert!(!folder.path().join("out").exists());
        (out.status.code(), String::from_utf8(out.stderr).unwrap())
    };
    let folder =
        with_rows("        - - {code: {kind: qr, text: \"{loan.place}\"}, pad: 0}\n          - {}");
    let record = "loan:\n  name: 髙﨑 久\n  place: \"窓\\u000B口\"\n";
    for format in ["pdf", "xlsx"] {
        let (code, said) = told(&folder, record, &["--forms", "forms"]);
        assert!(said.contains("r.yaml:3:") && said.contains("U+000B"), "{format}: {said}");
        assert_eq!(code, Some(1));
    }
    let demo = common::sample("reader-demo.yaml");
    let record = format!("facility: {{name: \"みなと\\u000B医院\"}}\n{demo}");
    let (code, said) = told(&folder, &record, &[]);
    assert!(said.contains("r.yaml:1:") && said.contains("U+000B"), "{said}");
    assert_eq!(code, Some(1));
}

/// A semicolon between quotation marks parts no number format.
#[test]
fn what_stands_before_a_value_is_in_a_workbook_as_it_is() {
    let folder = with_rows("        - [{text: 場所}, {field: loan.place, before: \"A;B \"}]");
    let mut command = onshi();
    command.current_dir(folder.path()).args(["--forms", "forms", "fill", "r.yaml"]);
    command.args(["--format", "xlsx", "-o", "r.xlsx"]).assert().success();
    let file = fs::File::open(folder.path().join("r.xlsx")).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let styles = std::io::read_to_string(archive.by_name("xl/styles.xml").unwrap()).unwrap();
    assert!(styles.contains("\"_ &quot;A;B &quot;@\""), "{styles}");
}
