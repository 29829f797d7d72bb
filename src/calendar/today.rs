//! Which day it is.

use super::Date;

/// Today in Japan, whatever time zone the computer is set to.
///
/// ```
/// assert!(onshi::calendar::today().year() >= 2026);
/// ```
pub fn today() -> Date {
    jiff::tz::offset(9).to_datetime(jiff::Timestamp::now()).date()
}
