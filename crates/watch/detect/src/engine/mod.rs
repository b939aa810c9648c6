//! Rules compiled together, and events held against them.

mod matcher;
mod value;
