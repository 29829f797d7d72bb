//! When each step towards a designation is due, where the rule is the same in the whole country.
//!
//! The source of all of them is seed 000: 第1の1(2), 第3(2) and 別紙3.

use jiff::{ToSpan, civil::Date};

use crate::calendar::next_open_day;

/// The day by which the bureau sends 受付番号: the 10th of the month two before, or the next open day.
///
/// ```
/// use onshi::calendar::Date;
/// use onshi::office::reply_date;
/// assert_eq!(reply_date(Date::constant(2024, 4, 1)), Date::constant(2024, 2, 13));
/// ```
pub fn reply_date(designation: Date) -> Date {
    next_open_day(day_of_month_before(designation, 2, 10))
}

/// The day by which 受付番号 is handed to 実施機関: the 15th of the month two before, open or not.
///
/// ```
/// use onshi::calendar::Date;
/// use onshi::office::portal_date;
/// assert_eq!(portal_date(Date::constant(2027, 1, 1)), Date::constant(2026, 11, 15));   // a Sunday
/// ```
pub fn portal_date(designation: Date) -> Date {
    day_of_month_before(designation, 2, 15)
}

/// One month before the designation: about when 指定申請書 is filed; the exact day is the bureau's.
///
/// ```
/// use onshi::calendar::Date;
/// use onshi::office::designation_application_date;
/// assert_eq!(designation_application_date(Date::constant(2024, 4, 1)), Date::constant(2024, 3, 1));
/// ```
pub fn designation_application_date(designation: Date) -> Date {
    months_before(designation, 1)
}

/// Three months before the designation: by then the card reader is chosen and the network arranged.
///
/// ```
/// use onshi::calendar::Date;
/// use onshi::office::preparation_date;
/// assert_eq!(preparation_date(Date::constant(2024, 4, 1)), Date::constant(2024, 1, 1));
/// ```
pub fn preparation_date(designation: Date) -> Date {
    months_before(designation, 3)
}

/// When one of the nine steps of 別紙3 is due for a designation, and from when it can be done where
/// that is said. None for ⑤, whose day is the bureau's
/// ([`Bureau::receipt_number_deadline`](super::Bureau::receipt_number_deadline)), and for other numbers.
///
/// 別紙3 gives ③ and ④ no day: they stand between three and two months before, and so they count.
/// It lists ⑥ to ⑧ under 【15日までに】; they need the number that the bureau sends first.
///
/// ```
/// use onshi::calendar::Date;
/// use onshi::office::step_span;
/// let designation = Date::constant(2024, 4, 1);
/// assert_eq!(step_span(1, designation), Some((None, Date::constant(2024, 1, 1))));
/// let portal = (Some(Date::constant(2024, 2, 13)), Date::constant(2024, 2, 15));
/// assert_eq!(step_span(6, designation), Some(portal));
/// assert_eq!(step_span(5, designation), None);
/// ```
pub fn step_span(step: u8, designation: Date) -> Option<(Option<Date>, Date)> {
    match step {
        1 | 2 => Some((None, preparation_date(designation))),
        3 | 4 => Some((Some(preparation_date(designation)), months_before(designation, 2))),
        6..=8 => Some((Some(reply_date(designation)), portal_date(designation))),
        9 => Some((None, designation_application_date(designation))),
        _ => None,
    }
}

/// The same day so many months earlier; the month's last day where it has no such day.
pub(super) fn months_before(date: Date, months: u8) -> Date {
    date.saturating_sub(i32::from(months).months())
}

/// A day of the month so many months earlier; the month's last day where it has no such day.
pub(super) fn day_of_month_before(date: Date, months: u8, day: u8) -> Date {
    let first = months_before(date.first_of_month(), months);
    let day = first.saturating_add(i32::from(day.max(1) - 1).days());
    day.min(first.last_of_month())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calendar::is_closed;

    #[test]
    fn reply_and_portal_dates_of_the_vectors() {
        for (designation, reply, portal) in [
            (date(2024, 4, 1), date(2024, 2, 13), date(2024, 2, 15)),
            (date(2024, 7, 1), date(2024, 5, 10), date(2024, 5, 15)),
            (date(2026, 3, 1), date(2026, 1, 13), date(2026, 1, 15)),
            (date(2027, 1, 1), date(2026, 11, 10), date(2026, 11, 15)),
        ] {
            assert_eq!(reply_date(designation), reply);
            assert_eq!(portal_date(designation), portal);
        }
        assert!(is_closed(portal_date(date(2027, 1, 1))));
    }

    #[test]
    fn a_designation_late_in_its_month_counts_by_the_month() {
        assert_eq!(reply_date(date(2024, 4, 30)), date(2024, 2, 13));
        assert_eq!(portal_date(date(2024, 4, 30)), date(2024, 2, 15));
    }

    #[test]
    fn a_day_the_earlier_month_lacks_becomes_its_last() {
        assert_eq!(months_before(date(2024, 4, 30), 2), date(2024, 2, 29));
        assert_eq!(designation_application_date(date(2023, 3, 31)), date(2023, 2, 28));
        assert_eq!(preparation_date(date(2024, 1, 31)), date(2023, 10, 31));
        assert_eq!(day_of_month_before(date(2024, 4, 1), 2, 31), date(2024, 2, 29));
    }

    #[test]
    fn the_first_days_of_the_calendar_do_not_overflow() {
        assert_eq!(preparation_date(Date::MIN), Date::MIN);
        assert_eq!(portal_date(Date::MIN), date(-9999, 1, 15));
    }
}
