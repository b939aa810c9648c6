//! Advisories: compiled from OSV archives into one memory-mapped index per ecosystem.
