//! Messages with CEL in them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Expression, Scope};
use crate::report::Text;

/// A message with its `{…}` evaluated; what cannot be evaluated prints as `—`.
pub(crate) fn fill(template: &Text, scope: &Scope<'_>) -> Text {
    let fill = |text: &str| {
        template_parts(text)
            .map(|(plain, source)| {
                let value = source
                    .map(|source| scope.text(&compiled(source)).unwrap_or_else(|| "—".to_owned()));
                plain.to_owned() + &value.unwrap_or_default()
            })
            .collect::<String>()
    };
    Text::new(fill(&template.ja), fill(&template.en))
}

/// The expressions of messages, compiled once: a roster's rows say the same ones again and again.
fn compiled(source: &str) -> Expression {
    static COMPILED: Mutex<BTreeMap<String, Expression>> = Mutex::new(BTreeMap::new());
    // A panic elsewhere leaves whole entries.
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = compiled.get(source) {
        return known.clone();
    }
    let expression = Expression::new(source);
    compiled.insert(source.to_owned(), expression.clone());
    expression
}

/// The parts of a message: text, and the CEL in the `{…}` behind it.
pub(crate) fn template_parts(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((plain, after)) = text.split_once('{') else { return Some((text, None)) };
        let (source, tail) = after.split_once('}').unwrap_or((after, ""));
        rest = Some(tail);
        Some((plain, Some(source)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_text_and_expressions_in_turn() {
        let parts: Vec<_> = template_parts("a{b}c{d}").collect();
        assert_eq!(parts, [("a", Some("b")), ("c", Some("d")), ("", None)]);
    }
}
