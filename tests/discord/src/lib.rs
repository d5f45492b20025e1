//! A strict fake of Discord and people on it, over the wire, for tests. Knows nothing of Stoa.
