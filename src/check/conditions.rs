//! Conditions of a form against the values of a record.

use crate::calendar::Date;
use crate::expr::{self, Expression, Scope};
use crate::report::Text;
use crate::values::Sections;

/// What the conditions of a form are evaluated against.
pub(crate) struct Rules<'a> {
    scope: Scope<'a>,
    sections: &'a Sections<'a>,
}

/// What a condition came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    True,
    False,
    /// A field it reads is absent or faulty.
    Unknown,
}

impl<'a> Rules<'a> {
    /// `today` is what late is measured against; `copies` is how many forms one record makes.
    pub fn new(sections: &'a Sections<'a>, today: Date, copies: usize) -> Self {
        let mut scope = sections.scope();
        scope.set("today", today.to_string());
        // More forms than fit in an i64 cannot be asked for.
        scope.set("copies", i64::try_from(copies).unwrap_or(i64::MAX));
        Rules { scope, sections }
    }

    /// From now on `item` stands for this item of a list.
    pub fn set_item(&mut self, path: &str, list: &str) {
        self.sections.set_item(&mut self.scope, list, path.to_owned());
    }

    /// Whether a condition holds; one that is itself wrong is not known to.
    pub fn truth(&self, expression: &Expression) -> Truth {
        self.judged(expression).unwrap_or(Truth::Unknown)
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// Why it comes to nothing although nothing that it reads is absent or faulty: it is itself wrong, as
    /// a number compared with a text is.
    pub fn judged(&self, condition: &Expression) -> Result<Truth, Text> {
        let values = self.sections.values();
        if condition.keys().iter().any(|key| values.is_invalid(key)) {
            return Ok(Truth::Unknown);
        }
        Ok(match self.scope.judge(condition)? {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        })
    }

    /// A message with its `{…}` evaluated.
    pub fn fill(&self, template: &Text) -> Text {
        expr::fill(template, &self.scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Forms;
    use crate::values::Values;

    #[test]
    fn absent_fields_make_a_condition_unknown_unless_it_asks() {
        let values = Values::default();
        let today = Date::constant(2024, 1, 10);
        let forms = Forms::built_in();
        let sections = Sections::new(&values, forms);
        let rules = Rules::new(&sections, today, 1);
        let truth = |source: &str| rules.truth(&Expression::new(source));
        assert_eq!(truth("facility.name == \"\""), Truth::Unknown);
        assert_eq!(truth("has(facility.name)"), Truth::False);
        assert_eq!(truth("!has(introduction_plan.reader.month)"), Truth::True);
    }
}
