//! In: a [`crate::sheet::Sheet`]. Out: the bytes of a PDF or PNG.
//! Painters don't validate and don't lay out.
