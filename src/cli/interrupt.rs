//! Ctrl-C: a batch ends in order, and nothing that ends at once leaves a temporary file.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether Ctrl-C is first of all a wish to stop.
static IN_ORDER: AtomicBool = AtomicBool::new(false);
/// Whether Ctrl-C was pressed.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// Listens to Ctrl-C. With `in_order` the first one is a wish, which [`is_stopped`] tells of; the second
/// one, or without it the first, ends the program at once.
pub fn listen(in_order: bool) {
    IN_ORDER.store(in_order, Ordering::Relaxed);
    // Where it cannot be listened to, Ctrl-C ends the program as it ends any other.
    let _ = ctrlc::set_handler(|| {
        if !IN_ORDER.load(Ordering::Relaxed) || STOPPED.swap(true, Ordering::Relaxed) {
            let _ended = onshi::store::abandon();
            std::process::exit(130);
        }
    });
}

/// Whether the program is to stop.
pub fn is_stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}
