//! Messages with CEL in them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer};

use super::{Expression, Scope};
use crate::report::Text;

/// A message with its `{…}` evaluated; what cannot be evaluated prints as `—`.
pub(crate) fn fill(template: &Text, scope: &Scope<'_>) -> Text {
    let fill = |text: &str| {
        template_parts(text)
            .map(|(plain, source)| {
                let value = source
                    .map(|source| scope.text(&parsed(source)).unwrap_or_else(|| "—".to_owned()));
                plain.to_owned() + &value.unwrap_or_default()
            })
            .collect::<String>()
    };
    Text::new(fill(&template.ja), fill(&template.en))
}

/// A text with CEL in it, `第{visit.number}回`.
#[derive(Clone, Debug)]
pub struct Template(Vec<(String, Option<Expression>)>);

impl Template {
    /// The template, if there is CEL in the text.
    pub fn of(text: &str) -> Option<Template> {
        text.contains('{').then(|| Template::from(text))
    }

    /// Its expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.0.iter().filter_map(|(_, expression)| expression.as_ref())
    }

    /// The text; none where an expression comes to nothing.
    pub(crate) fn fill(&self, scope: &Scope<'_>) -> Option<String> {
        let part = |(plain, expression): &(String, Option<Expression>)| match expression {
            Some(expression) => Some(plain.clone() + &scope.text(expression)?),
            None => Some(plain.clone()),
        };
        self.0.iter().map(part).collect()
    }
}

impl From<&str> for Template {
    fn from(text: &str) -> Self {
        let parts = template_parts(text);
        Template(parts.map(|(plain, cel)| (plain.to_owned(), cel.map(Expression::new))).collect())
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Template::from(String::deserialize(deserializer)?.as_str()))
    }
}

/// The expressions of messages, parsed once: a roster's rows say the same ones again and again.
fn parsed(source: &str) -> Expression {
    static PARSED: Mutex<BTreeMap<String, Expression>> = Mutex::new(BTreeMap::new());
    // A panic elsewhere leaves whole entries.
    let mut parsed = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = parsed.get(source) {
        return known.clone();
    }
    let expression = Expression::new(source);
    parsed.insert(source.to_owned(), expression.clone());
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
