//! Fills the official forms of オンライン資格確認 (Japan's online health-insurance eligibility check).
//!
//! One way through: a [`record`] is read, [`check`]ed against the [`form`]s, laid out as a
//! [`sheet`] and [`paint`]ed.
//!
//! ```
//! use onshi::{calendar::Date, form::Forms, paint, record};
//!
//! let forms = Forms::built_in();
//! let bytes = std::fs::read("samples/clinic.yaml")?;
//! let record = record::read("clinic.yaml", &bytes).map_err(|(_, report)| report.to_string())?;
//! let form = forms.find("別紙1").ok_or("no such form")?;
//! let filling = onshi::fill(&record, forms, &[form], Date::constant(2024, 1, 10));
//! assert_eq!(filling.report.errors(), 0, "{}", filling.report);
//! let sheet = filling.sheets[0].sheet.clone();
//! let pdf = paint::pdf(&[sheet], &paint::PdfOptions::default())?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod batch;
pub mod calendar;
pub mod check;
mod expr;
mod facility;
mod filling;
pub mod font;
pub mod form;
pub mod key;
pub mod layout;
pub mod office;
pub mod packet;
pub mod paint;
pub mod record;
pub mod report;
pub mod sheet;
pub mod table;
pub mod values;
pub mod whole;
pub mod workbook;
mod yaml;

pub use filling::{FilledForm, Filler, Filling, fill, load_forms};
