//! Fills the official forms of オンライン資格確認 (Japan's online health-insurance eligibility check).
//!
//! Three steps: [`open`] a file, [`Opened::fill`] the forms, and [`Writer::files`] makes PDFs or
//! workbooks of them. A record with errors has no forms to write.
//!
//! ```
//! use onshi::{Format, Writer, calendar, form::Forms};
//!
//! let forms = Forms::built_in();
//! let opened = onshi::open("clinic.yaml", &std::fs::read("samples/clinic.yaml")?, forms);
//! let form = forms.find("別紙1").ok_or("no such form")?;
//! # let today = calendar::Date::constant(2024, 1, 10);
//! # /*
//! let today = calendar::today();
//! # */
//! let filling = opened.fill(forms, &[form], today);
//! match filling.ready() {
//!     Ok(ready) => {
//!         for file in Writer::new(forms, Format::Pdf).files(&ready, "clinic")? {
//!             println!("{}: {} bytes", file.name, file.bytes.len());
//!         }
//!     }
//!     Err(report) => eprintln!("{report}"),
//! }
//! # assert!(filling.ready().is_ok(), "{}", filling.report());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The program itself is the features `cli` and `serve`, which are there by default; a library needs neither:
//!
//! ```toml
//! [dependencies]
//! onshi = { path = "../onshi", default-features = false }
//! ```
//!
//! A [`Report`](report::Report) as JSON is [`report::show::json`]; forms of one's own are read with [`load_forms`] from
//! a folder.
//!
//! The rooms behind the door are open too: a [`record`] is read, its [`values`] are [`check`]ed against
//! the [`form`]s, laid out as a [`sheet`] and [`paint`]ed.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod batch;
pub mod calendar;
pub mod check;
pub mod draft;
mod expr;
mod facility;
mod filling;
pub mod font;
pub mod form;
pub mod key;
pub mod layout;
pub mod office;
mod open;
pub mod packet;
pub mod paint;
pub mod paper;
mod post;
pub mod record;
pub mod report;
mod roster;
#[cfg(feature = "serve")]
pub mod serve;
pub mod sheet;
pub mod store;
pub mod table;
pub mod values;

pub mod workbook;
mod write;
mod yaml;

pub use filling::{FilledForm, Filler, Filling, Ready, fill, load_forms, try_form};
pub use open::{MAX_BYTES, Opened, What, open};
pub use roster::map;
pub use write::{File, Format, Writer};
