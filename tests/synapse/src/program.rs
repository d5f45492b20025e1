//! Synapse's own program: which versions of what, fetched once a machine.

use std::path::PathBuf;

use anyhow::Result;

/// Every package with its version.
const REQUIREMENTS: &str = include_str!("../requirements.txt");

/// The Python of an environment in which Synapse is installed; makes it first if need be, which takes a minute.
///
/// # Errors
/// When there is no Python 3, or it cannot make virtual environments, or the packages cannot be had.
pub(crate) fn python() -> Result<PathBuf> {
    environment::python_with("synapse", REQUIREMENTS)
}
