//! A ruled cell of a page.

use super::Place;
use super::blanks::Inner;

/// A ruled cell and what it is.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub place: Place,
    pub text: String,
    pub kind: CellKind,
}

/// What a ruled cell is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum CellKind {
    /// It says what others are for.
    Label,
    /// It is empty.
    Empty,
    /// There are blanks in its text.
    Mixed(Vec<Inner>),
    /// A small square: a tick box.
    Tick,
    /// One of so many boxes side by side, if it is the first one.
    Digit(Option<(Place, usize)>),
    /// Too small for anything.
    None,
}
