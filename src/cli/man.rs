//! `onshi man`

use clap::Command;
use clap_mangen::Man;
use onshi::File;
use onshi::report::Lang;

use super::help;

/// The sections of a page as clap_mangen names them, in Japanese and in English. The others are
/// the headings of the help.
const SECTIONS: &[(&str, &str, &str)] = &[
    ("NAME", "名前", "NAME"),
    ("SYNOPSIS", "書式", "SYNOPSIS"),
    ("DESCRIPTION", "説明", "DESCRIPTION"),
    ("VERSION", "バージョン", "VERSION"),
    (NOTES, "備考", "NOTES"),
];

/// The day this version was released, as CHANGELOG.md has it: pages have a date.
const RELEASED: &str = "2026-11-30";

/// What is below the help.
const NOTES: &str = "EXTRA";

/// The manual pages of the program and of each command, the program's first.
pub fn pages(lang: Lang) -> Vec<File> {
    let mut root = help::command(lang).disable_help_subcommand(true);
    root.build();
    let mut commands = vec![root.clone()];
    commands.extend(root.get_subcommands().cloned());
    commands
        .into_iter()
        .map(|command| {
            let command = named_in_one_line(command);
            let man = Man::new(command).source(concat!("onshi ", env!("CARGO_PKG_VERSION")));
            let man = man.date(RELEASED);
            let mut page = Vec::new();
            // Writing to memory can't fail.
            man.render(&mut page).expect("memory takes it all");
            File { name: man.get_filename(), bytes: headed(&page, lang).into_bytes() }
        })
        .collect()
}

/// `apropos` wants what is under NAME in one line; the rest is for DESCRIPTION.
fn named_in_one_line(command: Command) -> Command {
    let whole = command.get_about().map(ToString::to_string);
    match whole.as_deref().and_then(|whole| whole.split_once('\n')) {
        Some((first, rest)) => {
            let whole = format!("{first}\n{rest}");
            command.about(first.to_owned()).long_about(whole)
        }
        None => command,
    }
}

/// The page under headings of its language, with the notes line by line as they are.
fn headed(page: &[u8], lang: Lang) -> String {
    // An empty line breaks the line by itself.
    let mut page = String::from_utf8_lossy(page).replace("\n.br\n\n.br\n", "\n.sp\n");
    let heading = |section: &str| format!("\n.SH {section}\n");
    if let Some((before, notes)) = page.split_once(&heading(NOTES)) {
        let end = notes.find("\n.SH ").unwrap_or(notes.trim_end().len());
        let (notes, after) = notes.split_at(end);
        let start = heading(NOTES);
        page = format!("{before}{start}.nf\n{notes}\n.fi{after}");
    }
    for (section, ja, en) in SECTIONS {
        let name = match lang {
            Lang::Ja => ja,
            Lang::En => en,
        };
        page = page.replace(&heading(section), &heading(name));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_is_that_of_the_changelog() {
        let released = format!("\n## [{}] - {RELEASED}\n", env!("CARGO_PKG_VERSION"));
        assert!(include_str!("../../CHANGELOG.md").contains(&released), "{released}");
    }

    #[test]
    fn one_page_a_command() {
        for lang in [Lang::Ja, Lang::En] {
            let pages = pages(lang);
            let commands = help::command(lang).get_subcommands().count();
            assert_eq!(pages.len(), commands + 1);
            assert_eq!(pages[0].name, "onshi.1");
            for page in pages {
                let text = String::from_utf8(page.bytes).unwrap();
                let name = page.name.trim_end_matches(".1").replace('-', "\\-");
                assert!(text.contains(&format!("\n{name} \\- ")), "{text}");
                assert!(!text.contains("EXTRA"), "{text}");
                assert_eq!(text.matches("\n.nf\n").count(), text.matches("\n.fi\n").count());
                assert!(text.ends_with('\n'), "{text}");
                assert!(!text.contains("\n\n"), "{text}");
            }
        }
    }
}
