//! REST, by hand.
