//! Secret rules: as written ([`mod@file`]), as run ([`Rule`]), built in ([`builtin()`]), and from other formats ([`gitleaks`]).

mod builtin;
mod compile;
pub mod file;
pub mod gitleaks;
mod load;

pub use builtin::builtin;
pub use compile::{Allow, AllowTarget, Near, Rule, Selector};
pub use load::{RuleProblem, load_file, load_text};
