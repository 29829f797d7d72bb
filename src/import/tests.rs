//! Workbooks as people hand them back.
