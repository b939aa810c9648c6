//! Version order by each ecosystem's own rules. One file per scheme.
