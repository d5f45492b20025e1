//! What is refused and noted.
