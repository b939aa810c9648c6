//! Where data comes from and where it arrives.

mod spec;

pub use spec::{
    PropagatorMatch, Requires, SanitizerMatch, SideEffect, SinkMatch, SourceMatch, TaintMatches, TaintOptions,
};
