//! Settings: one table of them, and three layers that give them values.
//!
//! [`table`] names each setting once; flag, environment variable and key of `bartizan.toml` follow from the name.
//! [`mod@file`] reads a file into raw values with their lines, [`resolve`] lays defaults, file, environment and flags over each
//! other and makes [`Settings`], in which nothing is missing and everything has its type. [`show`] prints what is in force
//! and why.

pub mod file;
pub mod resolve;
pub mod show;
pub mod table;

pub use file::{ConfigFile, Trust};
pub use resolve::{Layers, Settings, Source};
pub use table::{Kind, SETTINGS, Setting};
