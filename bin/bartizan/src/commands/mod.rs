//! One file per command.

pub mod baseline;
pub mod config;
pub mod db;
pub mod explain;
pub mod generate;
pub mod init;
mod packages;
mod rule_files;
pub mod rules;
pub mod rules_explain;
pub mod rules_lint;
pub mod rules_new;
pub mod rules_test;

pub mod sbom;
pub mod scan;
mod session;
mod template;
pub mod vex;
