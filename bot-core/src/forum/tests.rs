//! The rules, tried as people would.
