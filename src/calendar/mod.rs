//! In: dates as people write them. Out: dates, eras, closed days, the bureaus' deadlines.
//! This room must not know records or forms.
