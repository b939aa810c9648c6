//! Readers, one file per form.

pub(crate) mod access;
pub(crate) mod evtx;
pub(crate) mod json;
pub(crate) mod program;
pub(crate) mod syslog;
