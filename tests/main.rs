//! All tests that see the program from outside, in one executable: each one more would link the fonts and
//! every dependency once again.

mod association;
mod attach;
mod bad_input;
mod batch;
mod carry;
mod cases;
mod command_line;
mod common;
mod coverage;
mod dependencies;
mod docs;
mod examples;
mod faults;
mod fill;
mod form_language;
mod fuzz_seeds;
mod krilla;
mod layout;
mod looks;
mod map;
mod oracle;
mod overwrite;
mod own_forms;
mod pages;
mod paper;
mod properties;
mod published;
mod report;
mod rooms;
mod rules;
mod schedule;
mod slips;
mod svg;
mod watch;
mod workbook;
