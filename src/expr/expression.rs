//! CEL expressions of rules, compiled once and only when needed.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, OnceLock};

use cel::common::ast::{Expr, operators};
use cel::{IdedExpr, Program};
use serde::{Deserialize, Deserializer};

/// A CEL expression, compiled at first use.
#[derive(Clone)]
pub struct Expression {
    source: String,
    program: Arc<OnceLock<Result<Program, String>>>,
    references: Arc<OnceLock<References>>,
}

/// What an expression refers to.
#[derive(Default)]
struct References {
    keys: BTreeSet<String>,
    functions: BTreeSet<String>,
    compared: BTreeSet<String>,
}

impl Expression {
    /// An expression of this source; whether it compiles is known once it is used.
    pub fn new(source: impl Into<String>) -> Self {
        Expression { source: source.into(), program: Arc::default(), references: Arc::default() }
    }

    /// What was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The compiled program.
    ///
    /// # Errors
    /// What the CEL compiler says.
    pub(crate) fn program(&self) -> Result<&Program, &str> {
        self.program
            .get_or_init(|| Program::compile(&self.source).map_err(|e| e.to_string()))
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
            if let Ok(program) = self.program() {
                walk(program.expression(), &mut Vec::new(), &mut found);
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
        _ => {}
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
    fn a_broken_expression_says_so() {
        assert!(Expression::new("a ==").program().is_err());
    }
}
