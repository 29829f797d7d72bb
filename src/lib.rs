//! Fills the official forms of オンライン資格確認 (Japan's online health-insurance eligibility check).
#![forbid(unsafe_code)]
#![deny(missing_docs)]

pub mod calendar;
pub mod check;
pub mod font;
pub mod paint;
pub mod record;
pub mod sheet;
