//! Where a command writes what somebody asks for: to standard output, to a pipe or device that is there, or to a file, which appears
//! whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use bot_core::store::PartialFile;

use crate::signals;

/// How much is copied at once, in bytes.
const CHUNK: usize = 256 << 10;
/// How many links lead on at most, as the system has it.
const LINKS: usize = 40;

/// Where something is written.
#[derive(Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output, whatever it was called.
    Stdout,
    /// Something that is there and no file: it is written into.
    Device(PathBuf),
    /// A file, behind all links to it.
    File(PathBuf),
}

impl Output {
    /// What a name means; `-` is standard output. A file that is there is replaced only with `force`, and none is written into the
    /// storage folder.
    pub fn of(name: &Path, force: bool, storage: &Path) -> Result<Self> {
        if name == Path::new("-") {
            return Ok(Self::Stdout);
        }
        let said = name.display();
        let target = match fs::metadata(name) {
            Ok(there) if there.is_dir() => bail!("{said} is a folder; name a file in it"),
            Ok(there) if is_stdout(&there) => return Ok(Self::Stdout),
            Ok(there) if !there.is_file() => return Ok(Self::Device(name.to_owned())),
            Ok(_) => {
                let target = fs::canonicalize(name);
                let target = target.with_context(|| format!("{said} can’t be written"))?;
                not_in(&target, storage, name)?;
                if !force {
                    bail!("{said} is there already; --force replaces it");
                }
                target
            }
            Err(error) if error.kind() == ErrorKind::NotFound => followed(name.to_owned()),
            Err(error) => {
                return Err(error).with_context(|| format!("{said} can’t be written"));
            }
        };
        not_in(&target, storage, name)?;
        Ok(Self::File(target))
    }

    /// Whether what else a command says would end up in it.
    pub fn is_stdout(&self) -> bool {
        *self == Self::Stdout
    }

    /// Has it written. Where a signal asks for the end meanwhile, `write` is told so, and nothing is left of a file.
    pub fn write<T: Send + 'static>(
        self,
        write: impl FnOnce(&mut dyn Write, &dyn Fn() -> bool) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        match self {
            // Nothing is left behind of these, and whoever reads them may keep it waiting.
            Self::Stdout => {
                signals::or_leave(|| buffered(io::stdout().lock(), "standard output", write))
            }
            Self::Device(path) => signals::or_leave(move || {
                let device = File::options().write(true).open(&path);
                let device = device.with_context(|| unwritable(&path))?;
                buffered(device, &path.display().to_string(), write)
            }),
            Self::File(path) => signals::blocking(move |stop| {
                let part = PartialFile::make(&path).with_context(|| unwritable(&path))?;
                let file = File::options().write(true).open(part.path());
                let mut out =
                    BufWriter::with_capacity(CHUNK, file.with_context(|| unwritable(&path))?);
                let written = write(&mut out, &|| stop.is_requested())?;
                if stop.is_requested() {
                    bail!("stopped before the end; nothing was written");
                }
                out.flush()
                    .and_then(|()| part.finish())
                    .with_context(|| unwritable(&path))?;
                Ok(written)
            })?,
        }
    }
}

fn buffered<T>(
    to: impl Write,
    name: &str,
    write: impl FnOnce(&mut dyn Write, &dyn Fn() -> bool) -> Result<T>,
) -> Result<T> {
    let mut out = BufWriter::with_capacity(CHUNK, to);
    let written = write(&mut out, &|| false)?;
    out.flush()
        .with_context(|| format!("{name} can’t be written"))?;
    Ok(written)
}

/// Copies all that comes, until it is stopped.
pub fn copy(
    from: &mut dyn Read,
    to: &mut dyn Write,
    is_stopped: &dyn Fn() -> bool,
) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    while !is_stopped() {
        let read = from.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        to.write_all(chunk.get(..read).unwrap_or_default())?;
    }
    Ok(())
}

fn unwritable(path: &Path) -> String {
    format!("{} can’t be written", path.display())
}

/// Where links lead that end at nothing yet.
fn followed(mut path: PathBuf) -> PathBuf {
    for _ in 0..LINKS {
        let Ok(next) = fs::read_link(&path) else {
            break;
        };
        path = match path.parent() {
            Some(folder) => folder.join(next),
            None => next,
        };
    }
    path
}

/// Whether a file would lie in the storage folder, where each is Stoa's.
fn not_in(target: &Path, storage: &Path, name: &Path) -> Result<()> {
    let above = match target.parent() {
        Some(above) if above != Path::new("") => above,
        _ => Path::new("."),
    };
    match (fs::canonicalize(above), fs::canonicalize(storage)) {
        (Ok(above), Ok(storage)) if above.starts_with(&storage) => bail!(
            "{} is in the storage folder itself; name a file in another folder, best on another disk",
            name.display()
        ),
        _ => Ok(()),
    }
}

/// Whether this is what standard output is: it has names of its own, such as `/dev/stdout`.
#[cfg(unix)]
fn is_stdout(there: &fs::Metadata) -> bool {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;

    let stdout = io::stdout().as_fd().try_clone_to_owned().map(File::from);
    let stdout = stdout.and_then(|stdout| stdout.metadata());
    stdout.is_ok_and(|stdout| (stdout.dev(), stdout.ino()) == (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn is_stdout(_: &fs::Metadata) -> bool {
    false
}
