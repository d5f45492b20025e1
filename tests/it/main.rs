//! Stoa.
