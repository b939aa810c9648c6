//! Which packages the source code uses, as far as it shows.
