//! A proposal as a map in YAML, for somebody to read and correct.

use std::fmt::Write as _;

use super::proposal::{Proposal, Proposed, Role, Target};
use super::words::{Part, join_between, join_columns, unused};
use crate::record::{Key, Node, NodeValue, write};
use crate::report::{Lang, Place, Text};

/// The longest value that a comment shows, in characters.
const SHOWN: usize = 30;

impl Proposal {
    /// The proposal as a map in YAML, with reasons and values as comments. `list` is what the user calls
    /// the list.
    pub fn yaml(&self, list: &str, lang: Lang) -> String {
        let mut writer = Writer { lang, out: String::new() };
        writer.head(list, self);
        writer.columns(self);
        writer.joins(self);
        writer.ignored(self);
        writer.constants(self);
        writer.rest(self);
        writer.out
    }
}

struct Writer {
    lang: Lang,
    out: String,
}

impl Writer {
    fn head(&mut self, list: &str, proposal: &Proposal) {
        self.comment(
            "",
            &Text::new(
                format!("{list} の対応表: 名簿のどの列が、様式のどの項目かを書きます。"),
                format!("Map of {list}: which column of the list is which field of the forms."),
            ),
        );
        self.comment(
            "",
            &Text::new(
                "直したら、画面の「対応表を開く」で開くか、onshi batch 名簿 --map 対応表 で使います。# で始まる行は説明です。",
                "Correct it, and open it on the page or give it with: onshi batch LIST --map MAP. Lines with # are comments.",
            ),
        );
        if !proposal.sheet.is_empty() {
            self.line(0, Part::Sheet.key().get(self.lang), scalar(&proposal.sheet));
        }
        let rows: Vec<Node> = proposal.rows.iter().map(|row| scalar(&row.to_string())).collect();
        let rows = match rows.len() {
            1 => rows.into_iter().next().unwrap_or_else(|| list_of(Vec::new())),
            _ => list_of(rows),
        };
        self.line(0, Part::Heading.key().get(self.lang), rows);
    }

    /// The name of a part, with what it is for above it.
    fn part(&mut self, part: Part) {
        self.out.push('\n');
        self.comment("", &part.says());
        let key = part.key();
        // Writing to a text cannot fail.
        let _ = writeln!(self.out, "{}:", key.get(self.lang));
    }

    fn comment(&mut self, indent: &str, text: &Text) {
        let text: String =
            text.get(self.lang).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(self.out, "{indent}# {text}");
    }

    /// An entry of a map.
    fn line(&mut self, indent: usize, key: &str, value: Node) {
        let space = " ".repeat(indent);
        for line in entry(key, value).lines() {
            let _ = writeln!(self.out, "{space}{line}");
        }
    }

    /// An entry as a comment, to be made one by whoever takes the sign away.
    fn commented(&mut self, indent: usize, key: &str, value: Node) {
        let space = " ".repeat(indent);
        for line in entry(key, value).lines() {
            let _ = writeln!(self.out, "{space}# {line}");
        }
    }

    fn columns(&mut self, proposal: &Proposal) {
        self.part(Part::Columns);
        for column in &proposal.columns {
            match &column.role {
                Role::Field(target) => {
                    self.about(column);
                    self.line(2, column.name.get(self.lang), scalar(&target.heading));
                }
                Role::Apart(pieces) => {
                    self.about(column);
                    let pieces = pieces.iter().map(|(piece, target)| {
                        let heading = target.as_ref().map(|target| target.heading.clone());
                        let unused = || unused().get(self.lang).to_owned();
                        (piece.get(self.lang), scalar(&heading.unwrap_or_else(unused)))
                    });
                    let value = map_of(pieces.collect());
                    self.line(2, column.name.get(self.lang), value);
                }
                Role::Joined(_) | Role::Ignored | Role::Open => {}
            }
        }
        if proposal.open().next().is_none() {
            return;
        }
        self.comment(
            "  ",
            &Text::new(
                "次の列の項目は決められません。項目を直して先頭の # を消すか、「使わない列」に移してください。",
                "The fields of these columns are not clear: correct the field and take away the #, or move the column to what is ignored.",
            ),
        );
        for column in proposal.open() {
            self.about(column);
            let nearest = column.nearest.first().map(|target| target.heading.as_str());
            let guess = nearest.unwrap_or(unused().get(self.lang)).to_owned();
            self.commented(2, column.name.get(self.lang), scalar(&guess));
            if column.nearest.len() > 1 {
                let names: Vec<&str> =
                    column.nearest.iter().skip(1).map(|target| target.heading.as_str()).collect();
                self.comment(
                    "  ",
                    &Text::new(
                        format!("　（または {}）", names.join("、")),
                        format!("  (or {})", names.join(", ")),
                    ),
                );
            }
        }
    }

    /// Why a column is what it is, and what is in it.
    fn about(&mut self, column: &Proposed) {
        let values = values(column, self.lang);
        let reason = &column.reason;
        let text = match values.is_empty() {
            true => reason.clone(),
            false => Text::new(
                format!("{}。値: {values}", reason.ja),
                format!("{}: {values}", reason.en),
            ),
        };
        self.comment("  ", &text);
    }

    fn joins(&mut self, proposal: &Proposal) {
        let mut targets: Vec<&Target> = Vec::new();
        for column in &proposal.columns {
            if let Role::Joined(target) = &column.role
                && !targets.contains(&target)
            {
                targets.push(target);
            }
        }
        if targets.is_empty() {
            return;
        }
        self.part(Part::Join);
        for target in targets {
            let known = proposal.joins.iter().find(|joining| joining.key == target.key);
            let in_order = known.map_or(&[][..], |joining| &joining.columns);
            let is_it =
                |index: &usize| proposal.columns[*index].role == Role::Joined(target.clone());
            // Those that were chosen since come behind.
            let new = (0..proposal.columns.len()).filter(|index| !in_order.contains(index));
            let order: Vec<usize> = in_order.iter().copied().chain(new).filter(is_it).collect();
            let columns: Vec<&Proposed> = order.iter().map(|at| &proposal.columns[*at]).collect();
            for column in &columns {
                let (name, shown) = (column.name.get(self.lang), values(column, self.lang));
                let text = format!("{name}: {shown}");
                self.comment("  ", &Text::new(text.clone(), text));
            }
            let names = columns.iter().map(|column| scalar(column.name.get(self.lang)));
            let names = list_of(names.collect());
            let between = match known {
                Some(joining) if joining.columns == order => joining.between.clone(),
                _ => Vec::new(),
            };
            let value = match between.iter().all(|text| *text == between[0]) {
                _ if between.is_empty() => names,
                true => map_of(vec![
                    (join_columns().get(self.lang), names),
                    (join_between().get(self.lang), scalar(&between[0])),
                ]),
                false => map_of(vec![
                    (join_columns().get(self.lang), names),
                    (
                        join_between().get(self.lang),
                        list_of(between.iter().map(|text| scalar(text)).collect()),
                    ),
                ]),
            };
            self.line(2, &target.heading, value);
        }
    }

    fn ignored(&mut self, proposal: &Proposal) {
        let is_it = |column: &&Proposed| column.role == Role::Ignored;
        // What is empty and has no heading needs no word.
        let columns: Vec<&Proposed> = proposal
            .columns
            .iter()
            .filter(is_it)
            .filter(|column| !column.heading.is_empty())
            .collect();
        if columns.is_empty() {
            return;
        }
        self.part(Part::Ignore);
        for column in columns {
            self.about(column);
            let item = list_of(vec![scalar(column.name.get(self.lang))]);
            for line in entry("x", item).lines().skip(1) {
                let _ = writeln!(self.out, "  {}", line.trim_start());
            }
        }
    }

    fn constants(&mut self, proposal: &Proposal) {
        let constants = &proposal.kept.constants;
        if constants.is_empty() && proposal.missing.is_empty() && proposal.optional.is_empty() {
            return;
        }
        self.part(Part::Constants);
        for (key, text) in constants {
            self.line(2, &proposal.heading(key), scalar(text));
        }
        self.missing(proposal);
        self.optional(proposal);
    }

    fn missing(&mut self, proposal: &Proposal) {
        if proposal.missing.is_empty() {
            return;
        }
        self.comment(
            "  ",
            &Text::new(
                "次の項目は様式に要りますが、名簿に列がありません。全施設に共通なら、値を書いて先頭の # を消してください。",
                "The forms need these, and no column gives them: where all facilities share the value, write it and take away the #.",
            ),
        );
        for lack in &proposal.missing {
            let forms = lack.forms.join("・");
            self.comment(
                "  ",
                &Text::new(
                    format!("{forms}: {}", lack.help.ja),
                    format!("{forms}: {}", lack.help.en),
                ),
            );
            self.commented(2, &lack.field.heading, scalar(&lack.example));
        }
    }

    /// What may be given too: whoever has a column for it learns its name here.
    fn optional(&mut self, proposal: &Proposal) {
        if proposal.optional.is_empty() {
            return;
        }
        self.comment(
            "  ",
            &Text::new(
                "次の項目は任意で、名簿に列がありません。列があれば「列」に、全施設に共通なら値をここに書きます。",
                "The forms can do without these, and no column gives them: where a column has one, name it above; where all facilities share the value, write it here.",
            ),
        );
        for lack in &proposal.optional {
            self.commented(2, &lack.field.heading, scalar(&lack.example));
        }
    }

    /// What a map that was given says besides.
    fn rest(&mut self, proposal: &Proposal) {
        let kept = &proposal.kept;
        if !kept.copies.is_empty() {
            self.part(Part::Same);
            for copy in &kept.copies {
                let from = proposal.heading(copy.from.written());
                self.line(2, &proposal.heading(copy.to.written()), scalar(&from));
            }
        }
        if !kept.translate.is_empty() || !proposal.untranslated.is_empty() {
            self.part(Part::Translate);
            for translated in &kept.translate {
                let pairs = translated.pairs.iter().map(|(from, to)| (from.as_str(), scalar(to)));
                let value = map_of(pairs.collect());
                self.line(2, &proposal.heading(translated.of.written()), value);
            }
        }
        for (target, allowed, values) in &proposal.untranslated {
            let allowed = allowed.join(if self.lang == Lang::Ja { "、" } else { ", " });
            self.comment(
                "  ",
                &Text::new(
                    format!("様式の値は {allowed} です。名簿の値をどう読むか書いて、先頭の # を消してください。"),
                    format!("The form takes {allowed}: say what the values of the list mean, and take away the #."),
                ),
            );
            let pairs = values.iter().map(|value| (value.as_str(), scalar("")));
            self.commented(2, &target.heading, map_of(pairs.collect()));
        }
        if !kept.left_out.is_empty() {
            self.part(Part::LeaveOut);
            for (named, texts) in &kept.left_out {
                let texts = texts.iter().map(|text| scalar(text)).collect();
                self.line(2, &named.text, list_of(texts));
            }
        }
        if !kept.key.is_empty() {
            self.out.push('\n');
            self.comment("", &Part::Key.says());
            let names = kept.key.iter().map(|named| scalar(&named.text)).collect();
            self.line(0, Part::Key.key().get(self.lang), list_of(names));
        }
    }
}

/// The values of a column in one line.
fn values(column: &Proposed, lang: Lang) -> String {
    let short = |value: &String| match value.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.clone(),
    };
    let shown: Vec<String> = column.values.iter().map(short).collect();
    shown.join(if lang == Lang::Ja { "、" } else { ", " })
}

fn place() -> Place {
    Place::Text { line: 1, column: 1, start: 0, end: 0 }
}

fn scalar(text: &str) -> Node {
    Node { place: place(), value: NodeValue::Scalar(text.to_owned()) }
}

fn list_of(items: Vec<Node>) -> Node {
    Node { place: place(), value: NodeValue::List(items) }
}

fn map_of(entries: Vec<(&str, Node)>) -> Node {
    let key = |text: &str| Key { text: text.to_owned(), place: place() };
    let entries = entries.into_iter().map(|(text, node)| (key(text), node)).collect();
    Node { place: place(), value: NodeValue::Map(entries) }
}

/// An entry as lines of YAML.
fn entry(key: &str, value: Node) -> String {
    write(&map_of(vec![(key, value)]))
}
