//! Workbooks, part by part.
