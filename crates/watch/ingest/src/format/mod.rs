//! Readers, one file per form.

pub(crate) mod evtx;
pub(crate) mod json;
