//! The rooms of `src/` know only the rooms below them, and no room what its sign forbids.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::common;

/// Every room, each above those that it may know. `lib.rs` and the doors above it know them all.
const ROOMS: [&str; 29] = [
    "report", "font", "key", "calendar", "paper", "sheet", "yaml", "table", "office", "expr",
    "form", "draft", "record", "values", "check", "layout", "filling", "post", "facility", "paint",
    "workbook", "packet", "write", "roster", "open", "store", "batch", "serve", "cli",
];

/// Rooms below that a room must not know all the same.
const FORBIDDEN: [(&str, &[&str]); 10] = [
    ("paper", &["key", "calendar"]),
    ("record", &["form", "office", "expr", "calendar"]),
    ("table", &["form", "record", "office", "expr", "key"]),
    ("check", &["layout", "paint", "workbook", "table"]),
    ("layout", &["check", "table", "record", "office"]),
    ("paint", &["form", "record", "values", "check", "layout", "table", "key", "expr", "office"]),
    ("post", &["table", "filling", "check", "office"]),
    ("sheet", &["report", "calendar", "key"]),
    ("roster", &["check", "layout", "filling", "sheet", "paint", "workbook", "packet"]),
    ("store", &["form", "record", "values", "check", "sheet", "paint", "workbook"]),
];

/// The names behind `crate::`, or in `main.rs` and `cli/` behind `onshi::`, without tests and comments.
fn names(source: &str) -> BTreeSet<String> {
    names_after("crate::", source)
}

fn names_after(root: &str, source: &str) -> BTreeSet<String> {
    let program = source.split("\n#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = program.lines().filter(|line| !line.trim_start().starts_with("//"));
    let program: String = lines.flat_map(|line| [line, "\n"]).collect();
    let mut names = BTreeSet::new();
    for (i, found) in program.match_indices(root) {
        let rest = &program[i + found.len()..];
        let inside = match rest.strip_prefix('{') {
            Some(group) => group.split('}').next().unwrap_or_default(),
            None => rest,
        };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let first = |part: &str| part.trim().split(|c| !is_name(c)).next().map(str::to_owned);
        match rest.starts_with('{') {
            true => names.extend(inside.split(',').filter_map(first)),
            false => names.extend(first(inside)),
        }
    }
    names
}

/// The room a file of `src/` is in.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(common::root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// Each room with those it knows.
fn rooms() -> BTreeMap<String, BTreeSet<String>> {
    let mut rooms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for path in common::paths(&common::root().join("src")) {
        let room = room(&path);
        let is_test = path.components().any(|part| part.as_os_str() == "tests")
            || path.file_stem().is_some_and(|stem| stem == "tests");
        if is_test || matches!(room.as_str(), "lib" | "main") {
            continue;
        }
        let known = names(&std::fs::read_to_string(&path).unwrap()).into_iter().map(|name| {
            // What lib.rs gives out again is known by its capital.
            if name.starts_with(|c: char| c.is_ascii_uppercase()) || name == "fill" {
                "filling".to_owned()
            } else {
                name
            }
        });
        rooms.entry(room.clone()).or_default().extend(known.filter(|name| *name != room));
    }
    rooms
}

#[test]
fn every_room_knows_only_rooms_below_it() {
    let at = |name: &str| ROOMS.iter().position(|room| *room == name);
    for (room, known) in rooms() {
        let own = at(&room).unwrap_or_else(|| panic!("src/{room} is no room of this test"));
        for name in known.iter().filter(|name| room != "cli" || at(name).is_some()) {
            let other = at(name).unwrap_or_else(|| panic!("src/{room} names crate::{name}"));
            assert!(other < own, "src/{room} knows src/{name}, which is not below it");
        }
    }
}

#[test]
fn no_room_knows_what_its_sign_forbids() {
    let rooms = rooms();
    for (room, forbidden) in FORBIDDEN {
        for name in forbidden {
            assert!(!rooms[room].contains(*name), "src/{room} knows src/{name}");
        }
    }
}

/// The files of one folder, without its `mod.rs` and tests, each with those beside it that it names after
/// `super::`: a file itself, or something that only one of them defines.
fn files_of(folder: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let stem = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let paths = common::paths(folder).into_iter().filter(|path| path.parent() == Some(folder));
    let sources: BTreeMap<String, String> = paths
        .map(|path| (stem(&path), std::fs::read_to_string(&path).unwrap()))
        .filter(|(stem, _)| stem != "mod" && stem != "tests")
        .collect();
    let mut defined: BTreeMap<&str, &str> = BTreeMap::new();
    for (stem, source) in &sources {
        for line in source.lines().filter(|line| line.starts_with("pub")) {
            let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let kinds = ["struct", "enum", "fn", "trait", "type", "const", "static"];
            if words.any(|word| kinds.contains(&word)) {
                defined.extend(words.next().map(|name| (name, stem.as_str())));
            }
        }
    }
    let known = |source: &str| {
        let named = names_after("super::", source).into_iter();
        let files = named.filter_map(|name| match sources.contains_key(&name) {
            true => Some(name),
            false => defined.get(name.as_str()).map(|file| (*file).to_owned()),
        });
        files.collect::<BTreeSet<String>>()
    };
    let mut files: BTreeMap<String, BTreeSet<String>> =
        sources.iter().map(|(stem, source)| (stem.clone(), known(source))).collect();
    for (stem, known) in &mut files {
        known.remove(stem);
    }
    files
}

#[test]
fn no_files_of_a_folder_know_each_other_in_a_circle() {
    let source = common::root().join("src");
    let folders: BTreeSet<PathBuf> =
        common::paths(&source).iter().map(|path| path.parent().unwrap().to_owned()).collect();
    assert!(files_of(&source.join("batch"))["run"].contains("account"));
    assert!(files_of(&source.join("office"))["bureau"].contains("deadline"));
    for folder in folders.iter().filter(|folder| **folder != source) {
        let mut files = files_of(folder);
        while !files.is_empty() {
            let free =
                files.iter().find(|(_, known)| known.iter().all(|name| !files.contains_key(name)));
            let free = free.map(|(name, _)| name.clone());
            let free = free.unwrap_or_else(|| panic!("{}: {files:#?}", folder.display()));
            files.remove(&free);
        }
    }
}

#[test]
fn what_a_field_means_is_not_known_where_the_sign_forbids_it() {
    let forms = onshi::form::Forms::built_in();
    let keys = forms.dictionary().fields().iter().map(|field| field.key.as_str());
    let words: Vec<String> = keys
        .filter(|key| key.contains('.'))
        .chain(forms.forms().map(|form| form.section.value.as_str()))
        .map(|word| format!("\"{word}\""))
        .collect();
    let rooms = [
        "batch", "write", "open", "filling", "layout", "paint", "sheet", "workbook", "roster",
        "values", "record", "table", "form", "expr", "yaml", "key", "calendar", "font", "store",
        "report",
    ];
    for room in rooms {
        let folder = common::root().join("src").join(room);
        let alone = folder.with_extension("rs");
        let paths = if alone.is_file() { vec![alone] } else { common::paths(&folder) };
        for path in paths {
            let source = std::fs::read_to_string(&path).unwrap();
            let program = source.split("\n#[cfg(test)]").next().unwrap_or_default();
            let lines = program.lines().filter(|line| !line.trim_start().starts_with("//"));
            let program: String = lines.flat_map(|line| [line, "\n"]).collect();
            let word = words.iter().find(|word| program.contains(word.as_str()));
            assert!(
                word.is_none() || path.ends_with("tests.rs"),
                "{} knows {word:?}",
                path.display()
            );
        }
    }
}

/// What the sign of a room says: the first paragraph of its doc comment.
fn sign(room: &str) -> String {
    let source = common::root().join("src");
    let folder = source.join(room).join("mod.rs");
    let path = if folder.is_file() { folder } else { source.join(format!("{room}.rs")) };
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim);
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    let plain = paragraph.join(" ").replace("crate::", "").replace("[`", "").replace("`]", "");
    plain.replace('`', "").replace('|', "\\|")
}

/// The picture of the rooms: an arrow to each room that is known and not already behind another.
fn picture(rooms: &BTreeMap<String, BTreeSet<String>>) -> String {
    let behind = |room: &str| {
        let mut behind = BTreeSet::new();
        let mut next: Vec<&str> = rooms[room].iter().map(String::as_str).collect();
        while let Some(name) = next.pop() {
            if let Some(known) = rooms.get(name).filter(|_| behind.insert(name.to_owned())) {
                next.extend(known.iter().map(String::as_str));
            }
        }
        behind
    };
    let mut picture = "```mermaid\nflowchart TD\n".to_owned();
    for room in ROOMS.iter().rev() {
        let known = &rooms[*room];
        let far: BTreeSet<String> =
            known.iter().filter(|k| rooms.contains_key(*k)).flat_map(|k| behind(k)).collect();
        for name in known.iter().filter(|k| rooms.contains_key(*k) && !far.contains(*k)) {
            picture += &format!("  {room} --> {name}\n");
        }
    }
    picture + "```\n"
}

#[test]
fn the_picture_of_the_rooms_is_in_architecture() {
    let rooms = rooms();
    let mut page = format!(
        "\n{}\n| room | in, out, and what it must not know |\n|---|---|\n",
        picture(&rooms)
    );
    for room in ROOMS.iter().rev() {
        page += &format!("| `{room}` | {} |\n", sign(room));
    }
    common::assert_generated("ARCHITECTURE.md", "rooms", &(page + "\n"));
}
