//! What several files say together. Pure functions over parsed [`crate::Manifest`]s; no file is opened.

pub mod cargo;
pub mod maven;
mod properties;
