//! CEL expressions of rules, parsed once and only when needed.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use cel::IdedExpr;
use cel::common::ast::{EntryExpr, Expr, IdedEntryExpr, operators};
use cel::parser::PrattParser;
use serde::{Deserialize, Deserializer};

/// A CEL expression, parsed at first use.
#[derive(Clone)]
pub struct Expression {
    source: String,
    parsed: Arc<OnceLock<Result<IdedExpr, String>>>,
    references: Arc<OnceLock<References>>,
}

/// The longest expression, in bytes, how deep its brackets may be, and how many signs it may have: the parser
/// calls itself for each.
const LONGEST: usize = 10_000;
const DEEPEST: usize = 64;
const MOST_SIGNS: usize = 256;
/// How many `all`, `exists`, `filter` and `map` may be inside one another: a list may have a hundred items,
/// and each makes its inside be worked out a hundred times.
const MOST_LOOPS: usize = 2;

/// Why an expression is not even parsed.
fn sized(source: &str) -> Result<(), String> {
    let mut depth: usize = 0;
    let mut deepest = 0;
    // Brackets inside of texts count too: there is no need for so many.
    for c in source.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    // It does for signs, too: in `1 + 1 + 1` each sum is a part of the next.
    let signs = source.matches(|c: char| "!-?+*/%<>=&|.".contains(c)).count();
    match (source.len(), deepest, signs) {
        (0..=LONGEST, 0..=DEEPEST, 0..=MOST_SIGNS) => Ok(()),
        (0..=LONGEST, 0..=DEEPEST, _) => Err(format!("more than {MOST_SIGNS} signs")),
        (0..=LONGEST, _, _) => Err(format!("more than {DEEPEST} brackets inside one another")),
        (length, _, _) => Err(format!("{length} bytes, at most {LONGEST} are read")),
    }
}

/// The keys and values of a literal, `{"a": b}`.
fn parts_of(entries: &[IdedEntryExpr]) -> impl Iterator<Item = &IdedExpr> {
    entries.iter().flat_map(|entry| match &entry.expr {
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
        EntryExpr::StructField(field) => vec![&field.value],
    })
}

/// How many loops are inside one another.
fn loops(node: &IdedExpr) -> usize {
    let all = |parts: &mut dyn Iterator<Item = &IdedExpr>| parts.map(loops).max().unwrap_or(0);
    match &node.expr {
        Expr::Select(select) => loops(&select.operand),
        Expr::Call(call) => all(&mut call.target.iter().map(|t| &**t).chain(&call.args)),
        Expr::List(list) => all(&mut list.elements.iter()),
        Expr::Map(map) => all(&mut parts_of(&map.entries)),
        Expr::Struct(literal) => all(&mut parts_of(&literal.entries)),
        Expr::Comprehension(c) => {
            let inside = [&c.accu_init, &c.loop_cond, &c.loop_step, &c.result].map(loops);
            let inside = 1 + inside.into_iter().max().unwrap_or(0);
            inside.max(loops(&c.iter_range))
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => 0,
    }
}

/// What an expression refers to.
#[derive(Default)]
struct References {
    keys: BTreeSet<String>,
    functions: BTreeSet<String>,
    compared: BTreeSet<String>,
}

impl Expression {
    /// An expression of this source; whether it can be parsed is known once it is used.
    pub fn new(source: impl Into<String>) -> Self {
        Expression { source: source.into(), parsed: Arc::default(), references: Arc::default() }
    }

    /// What was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The expression as a tree.
    ///
    /// # Errors
    /// What the CEL parser says, and what would take too long to evaluate.
    pub(crate) fn parsed(&self) -> Result<&IdedExpr, &str> {
        self.parsed
            .get_or_init(|| {
                sized(&self.source)?;
                // The crate's older parser, made by ANTLR, takes 25 times as long.
                let parsed = PrattParser::new().parse(&self.source).map_err(|e| e.to_string())?;
                match loops(&parsed) {
                    0..=MOST_LOOPS => Ok(parsed),
                    _ => Err(format!(
                        "at most {MOST_LOOPS} of all, exists, filter and map inside one another"
                    )),
                }
            })
            .as_ref()
            .map_err(String::as_str)
    }

    /// The dotted keys the expression reads, such as `facility.name`.
    pub fn keys(&self) -> &BTreeSet<String> {
        &self.references().keys
    }

    /// The functions it calls.
    pub fn functions(&self) -> &BTreeSet<String> {
        &self.references().functions
    }

    /// The keys it compares as a whole: with `==`, `!=` or `in`.
    pub fn compared(&self) -> &BTreeSet<String> {
        &self.references().compared
    }

    fn references(&self) -> &References {
        self.references.get_or_init(|| {
            let mut found = References::default();
            if let Ok(parsed) = self.parsed() {
                walk(parsed, &mut Vec::new(), &mut found);
            }
            found
        })
    }
}

fn walk(node: &IdedExpr, bound: &mut Vec<String>, found: &mut References) {
    if let Some(key) = key_of(node) {
        let root = key.split('.').next().unwrap_or_default();
        if !bound.iter().any(|b| b == root) && !root.starts_with('@') {
            found.keys.insert(key);
        }
        return;
    }
    match &node.expr {
        Expr::Select(select) => walk(&select.operand, bound, found),
        Expr::Call(call) => {
            found.functions.insert(call.func_name.clone());
            let is_whole = [operators::EQUALS, operators::NOT_EQUALS, operators::IN]
                .contains(&call.func_name.as_str());
            let sides = call.args.iter().filter(|_| is_whole);
            found.compared.extend(sides.filter_map(key_of));
            for part in call.target.iter().map(|t| &**t).chain(&call.args) {
                walk(part, bound, found);
            }
        }
        Expr::List(list) => {
            list.elements.iter().for_each(|e| walk(e, bound, found));
        }
        Expr::Map(map) => parts_of(&map.entries).for_each(|e| walk(e, bound, found)),
        Expr::Struct(literal) => parts_of(&literal.entries).for_each(|e| walk(e, bound, found)),
        Expr::Comprehension(c) => {
            walk(&c.iter_range, bound, found);
            let depth = bound.len();
            bound.extend([c.iter_var.clone(), c.accu_var.clone()]);
            bound.extend(c.iter_var2.clone());
            for part in [&c.accu_init, &c.loop_cond, &c.loop_step, &c.result] {
                walk(part, bound, found);
            }
            bound.truncate(depth);
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => {}
    }
}

/// The dotted key of a chain of selections from an identifier.
fn key_of(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) => Some(name.clone()),
        Expr::Select(select) => Some(format!("{}.{}", key_of(&select.operand)?, select.field)),
        _ => None,
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.source).finish()
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Expression::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::template_parts;

    #[test]
    fn references_are_the_keys_read_and_the_functions_called() {
        let e = Expression::new(
            r#"has(a.b) && c.d.filter(p, has(p.x) && p.x == a.y).size() == 1 && f(e.g) != """#,
        );
        assert_eq!(e.keys().iter().collect::<Vec<_>>(), ["a.b", "a.y", "c.d", "e.g"]);
        assert!(e.functions().contains("f"));
        assert_eq!(e.compared().iter().collect::<Vec<_>>(), ["a.y", "p.x"]);
    }

    #[test]
    fn what_is_inside_a_literal_is_seen() {
        let e = Expression::new(r#"{"x": a.b, c.d: f(e.g)}["x"] == [h.i][0] && T{y: j.k}.y"#);
        let keys = ["a.b", "c.d", "e.g", "h.i", "j.k"];
        assert_eq!(e.keys().iter().collect::<Vec<_>>(), keys);
        assert!(e.functions().contains("f"));
        for source in [
            r#"a.all(x, {"k": a.all(y, {"k": a.all(z, x != y)}["k"])}["k"])"#,
            "a.all(x, T{k: a.all(y, T{k: a.all(z, x != y)}.k)}.k)",
        ] {
            let e = Expression::new(source);
            let why = e.parsed().err().unwrap_or_default().to_owned();
            assert!(why.starts_with("at most 2"), "{source}: {why}");
        }
    }

    /// Every text below a value.
    fn texts<'a>(value: &'a serde_json::Value, found: &mut Vec<&'a str>) {
        match value {
            serde_json::Value::String(text) => found.push(text),
            serde_json::Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            serde_json::Value::Object(map) => map.values().for_each(|item| texts(item, found)),
            _ => {}
        }
    }

    #[test]
    fn every_expression_means_what_it_does_to_the_older_parser() {
        let mut sources: Vec<String> = [
            "a && b || c && !d ? e + 1 : -f[0].g(h, 'i')",
            "a == 1 && b != 2u && c >= 3.5e2 && d < 0x1F && e in [1, 2] || false",
            "a.b.exists(x, x.c > 1 && has(x.d)) == a.map(y, y * 2 % 3).size() > 0",
            r#"'\u3042\n' + "\"" + r"\d" + """a"b""" == b'\x41' // end"#,
            "a ? b : c ? d : e",
            "{'a': [1, {}], b: null}['a'][0] - T{c: 1}.c",
        ]
        .map(str::to_owned)
        .into();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/forms");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|end| end != "yaml") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let value = serde_saphyr::from_str(&text).unwrap();
            let mut found = Vec::new();
            texts(&value, &mut found);
            let parts = found.iter().flat_map(|text| template_parts(text));
            sources.extend(parts.filter_map(|(_, source)| source.map(str::to_owned)));
            sources.extend(found.into_iter().map(str::to_owned));
        }
        // The numbers of the nodes differ.
        let tree = |node: &IdedExpr| {
            let text = format!("{node:?}");
            let parts = text.split("id: ");
            parts.map(|part| part.trim_start_matches(char::is_numeric).to_owned()).collect()
        };
        let mut read = Vec::new();
        for source in &sources {
            let older: Option<String> =
                cel::Program::compile(source).ok().map(|program| tree(program.expression()));
            let ours = PrattParser::new().parse(source).ok();
            assert_eq!(ours.as_ref().map(tree), older, "{source}");
            read.push(older.is_some());
        }
        assert!(read.iter().take(6).all(|is_read| *is_read), "{read:?}");
        let read = read.into_iter().filter(|is_read| *is_read).count();
        assert!(read > 300, "{read} of {} texts are expressions", sources.len());
    }

    #[test]
    fn a_broken_expression_says_so() {
        assert!(Expression::new("a ==").parsed().is_err());
    }

    #[test]
    fn what_would_never_end_or_break_the_compiler_is_refused() {
        for source in [
            "(".repeat(100_000) + "1" + &")".repeat(100_000),
            "(".repeat(100) + "1" + &")".repeat(100),
            "!".repeat(9_000) + "true",
            "-".repeat(9_000) + "1",
            "true ? 1 : ".repeat(800) + "1",
            "a.all(x, a.all(y, a.all(z, x != y)))".to_owned(),
            "1+".repeat(4_990) + "1",
            "a.".repeat(4_990) + "a",
            "a&&".repeat(3_300) + "a",
        ] {
            assert!(Expression::new(source.as_str()).parsed().is_err(), "{}", &source[..20]);
        }
        let sum = "1+".repeat(250) + "1";
        assert!(Expression::new(sum).parsed().is_ok());
        for source in ["((((a))))", "a.all(x, a.all(y, x != y))", "a.filter(x, x > 1).size() < 2"] {
            assert!(Expression::new(source).parsed().is_ok(), "{source}");
        }
    }
}
