//! In: dates as people write them. Out: dates, eras, closed days.
//! This room must not know records or forms.

mod closed;
mod date;
mod era;
mod event;
mod fault;
mod spelling;
mod today;

pub use closed::{
    certain_years, holiday_name, is_certain, is_closed, next_open_day, previous_open_day,
};
pub use date::{
    Reading, YearMonth, parse_date, parse_year_month, read_date, read_year_month, weekday_name,
};
pub(crate) use era::eras;
pub use era::{REIWA_BEGINS, era, reiwa_year, reiwa_year_text};
pub use event::{event_day, times_inside};
pub use fault::DateFault;
/// A day of the calendar, [`jiff::civil::Date`] under our name: dates are the one thing that every
/// program around this one has too, and a type of our own would have to be converted at each call.
pub use jiff::civil::Date;
pub use today::today;
