//! In: a prefecture, a day, a provider's name, a code. Out: what the offices have laid down about it:
//! bureaus and their deadlines, the nine steps, network services, check digits, postal codes.
//! This room must not know records or forms.

mod address;
mod bureau;
mod code;
mod deadline;
mod municipality;
pub mod networks;
mod postal;
mod steps;

pub use address::{AddressGap, address_gap, completed_address};
pub use bureau::{Bureau, Bureaus, Prefecture};
pub use code::check_digit_holds;
pub use deadline::{Deadline, DeadlineRule, Published, WhenClosed};
pub use municipality::Municipality;
pub use postal::{POSTAL_CODES_OF, PostalPlace, postal_places, postal_prefectures};
pub use steps::{
    designation_application_date, portal_date, preparation_date, reply_date, step_span,
};
