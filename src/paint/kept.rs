//! What is made once for many files, such as the part of a form that no record changes.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};

/// How much is kept: more than most forms have shapes, little enough for memory.
const MOST: usize = 64;

/// The last that were made.
pub(crate) struct Kept<T> {
    all: Mutex<Vec<Arc<T>>>,
    weight: fn(&[Arc<T>]) -> usize,
}

impl<T> Kept<T> {
    /// Nothing yet. What is kept weighs at most 64, unless one alone weighs more.
    pub const fn new(weight: fn(&[Arc<T>]) -> usize) -> Self {
        Kept { all: Mutex::new(Vec::new()), weight }
    }

    /// The one that `is_it`, made if it is not there.
    pub fn get(&self, is_it: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> Arc<T> {
        match self.try_get(is_it, || Ok::<T, Infallible>(make())) {
            Ok(one) => one,
            Err(never) => match never {},
        }
    }

    /// The same where making it can fail.
    pub fn try_get<E>(
        &self,
        is_it: impl Fn(&T) -> bool,
        make: impl FnOnce() -> Result<T, E>,
    ) -> Result<Arc<T>, E> {
        let kept = || self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let find = |all: &[Arc<T>]| all.iter().rev().find(|one| is_it(one)).cloned();
        // Workers compare without waiting for each other.
        let all = kept().clone();
        if let Some(one) = find(&all) {
            return Ok(one);
        }
        let new = Arc::new(make()?);
        let mut all = kept();
        // Two workers may have made the same one at once.
        if let Some(one) = find(&all) {
            return Ok(one);
        }
        all.push(Arc::clone(&new));
        while all.len() > 1 && (self.weight)(&all) > MOST {
            all.remove(0);
        }
        Ok(new)
    }
}
