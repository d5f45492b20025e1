//! Stoa on Matrix.
