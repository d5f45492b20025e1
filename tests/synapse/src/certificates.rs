//! What servers on loopback need to talk TLS with each other: a CA of the test's own and a certificate for `localhost`.
//!
//! Made by the Python that runs Synapse, whose environment has what it takes. Blocking.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// Three files in PEM, good for a week.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Certificates {
    /// Who signed the certificate.
    pub(crate) ca: String,
    /// For `localhost` and `127.0.0.1`.
    pub(crate) certificate: String,
    /// The certificate's private key.
    pub(crate) key: String,
}

impl Certificates {
    /// New ones, which nobody else trusts.
    ///
    /// # Errors
    /// When Python does not run or has no `cryptography`.
    pub(crate) fn make(python: &Path) -> Result<Self> {
        let output = Command::new(python)
            .args(["-I", "-c", include_str!("certificates.py")])
            .stdin(Stdio::null())
            .output()
            .with_context(|| format!("making certificates with {}", python.display()))?;
        if !output.status.success() {
            bail!(
                "the certificates could not be made: {}",
                String::from_utf8_lossy(&output.stderr)
            );
        }
        serde_json::from_slice(&output.stdout).context("reading the certificates just made")
    }
}
