//! Fills the official forms of オンライン資格確認 (Japan's online health-insurance eligibility check).
//!
//! One way through: a [`record`] is read, [`check`]ed against the [`form`]s, laid out as a
//! [`sheet`] and [`paint`]ed.
//!
//! ```
//! use onshi::{calendar::Date, check, form::Forms, paint, record, sheet};
//!
//! let forms = Forms::built_in();
//! let bytes = std::fs::read("samples/clinic.yaml")?;
//! let record = record::read("clinic.yaml", &bytes).map_err(|(_, report)| report.to_string())?;
//! let (values, mut report) = check::values(&record, forms);
//! let form = forms.find("別紙1").ok_or("no such form")?;
//! report.extend(check::check(form, &values, forms, Date::constant(2024, 1, 10)));
//! let (sheet, misfits) = sheet::fill(form, sheet::Mode::Filled(&values), forms);
//! report.extend(misfits);
//! assert_eq!(report.errors(), 0, "{report}");
//! let pdf = paint::pdf(&[sheet], &paint::PdfOptions::default())?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod calendar;
pub mod check;
pub mod font;
pub mod form;
pub mod paint;
pub mod record;
pub mod sheet;
