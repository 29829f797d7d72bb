//! Days as Excel counts them.

use rust_xlsxwriter::ExcelDateTime;

use crate::calendar::Date;

/// A day as Excel counts it; none for what it counts wrongly, before 1 March 1900.
pub(super) fn excel_date(date: Date) -> Option<ExcelDateTime> {
    if date < Date::constant(1900, 3, 1) {
        return None;
    }
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, month, day).ok()
}
