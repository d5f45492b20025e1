//! The layers of the settings: defaults, file, environment, each value with where it comes from.

use std::cell::RefCell;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use config::{Config, FileFormat, Format, Map, Source, Value, ValueKind};

use super::fault::{SettingOrigin, SettingsFault};
use super::strict::Node;

/// The name of the settings file that is looked for.
pub const FILE_NAME: &str = "stoa.toml";

/// The defaults, and the only place where they stand.
pub(super) const DEFAULTS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../data/config/default.toml"
));

/// What the variables begin with, and what stands between a section and its key.
const VARIABLE: &str = "STOA__";
const BETWEEN: &str = "__";

/// The folders in which a settings file is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folders {
    /// The current folder; relative paths count from it.
    pub here: PathBuf,
    /// Stoa's folder among the user's configuration, if the system has such a thing.
    pub config: Option<PathBuf>,
}

/// All layers laid over each other.
pub(super) struct Layers {
    /// The settings file that was read.
    pub(super) file: Option<PathBuf>,
    table: Map<String, Value>,
    here: PathBuf,
    /// The keys whose secrets stand in the settings file itself.
    secrets: RefCell<Vec<&'static str>>,
}

/// One layer.
#[derive(Clone, Debug)]
struct Layer(Map<String, Value>);

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, config::ConfigError> {
        Ok(self.0.clone())
    }
}

impl Layers {
    /// Reads all layers.
    pub(super) fn read(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
        folders: &Folders,
    ) -> Result<Self, SettingsFault> {
        let mut layers = Config::builder().add_source(parse(DEFAULTS, &SettingOrigin::Defaults)?);
        let found = find(file, folders)?;
        if let Some((path, text)) = &found {
            layers = layers.add_source(parse(text, &SettingOrigin::File(path.clone()))?);
        }
        let table = layers
            .add_source(variables(env))
            .build()
            .and_then(|config| config.collect())
            .map_err(|error| SettingsFault::Layers {
                why: error.to_string(),
            })?;
        Ok(Self {
            file: found.map(|(path, _)| path),
            table,
            here: folders.here.clone(),
            secrets: RefCell::default(),
        })
    }

    /// Everything, to be read into the sections.
    pub(super) fn root(&self) -> Node {
        Node::root(Value::new(None, self.table.clone()))
    }

    /// Where `section.key` comes from.
    pub(super) fn origin(&self, key: &str) -> SettingOrigin {
        let value = key.split_once('.').and_then(|(section, key)| {
            let ValueKind::Table(section) = &self.table.get(section)?.kind else {
                return None;
            };
            section.get(key)
        });
        value.map_or(SettingOrigin::Defaults, origin)
    }

    /// Notes that the secret of this key stands where the key is.
    pub(super) fn stands_here(&self, key: &'static str) {
        if matches!(self.origin(key), SettingOrigin::File(_)) {
            self.secrets.borrow_mut().push(key);
        }
    }

    /// The keys whose secrets stand in the settings file.
    pub(super) fn secrets(&self) -> Vec<&'static str> {
        self.secrets.borrow().clone()
    }

    /// The path, from the current folder where it is relative.
    pub(super) fn path(&self, written: &str) -> PathBuf {
        self.here.join(written)
    }
}

/// Where a value comes from. A section that several layers share has no origin of its own, it is its first entry's.
pub(super) fn origin(value: &Value) -> SettingOrigin {
    if let (None, ValueKind::Table(entries)) = (value.origin(), &value.kind) {
        let first = entries.iter().min_by_key(|(name, _)| name.as_str());
        return first.map_or(SettingOrigin::Defaults, |(_, value)| origin(value));
    }
    let said = value.origin().unwrap_or_default();
    match said.split_once(' ') {
        Some(("file", path)) => SettingOrigin::File(PathBuf::from(path)),
        Some(("variable", name)) => SettingOrigin::Variable(name.to_owned()),
        _ => SettingOrigin::Defaults,
    }
}

/// An origin as `config` carries it along with each value; read back by [`origin`].
fn carried(origin: &SettingOrigin) -> String {
    match origin {
        SettingOrigin::Defaults => "defaults".to_owned(),
        SettingOrigin::File(path) => format!("file {}", path.display()),
        SettingOrigin::Variable(name) => format!("variable {name}"),
    }
}

/// The file to read and its text: the one asked for, which must be there, else the first that is there.
fn find(
    asked: Option<&Path>,
    folders: &Folders,
) -> Result<Option<(PathBuf, String)>, SettingsFault> {
    let read = |path: &Path| {
        fs::read_to_string(path).map_err(|source| SettingsFault::Read {
            path: path.to_owned(),
            source,
        })
    };
    if let Some(path) = asked {
        let path = folders.here.join(path);
        let text = read(&path)?;
        return Ok(Some((path, text)));
    }
    let places = [Some(&folders.here), folders.config.as_ref()];
    for folder in places.into_iter().flatten() {
        let path = folder.join(FILE_NAME);
        match read(&path) {
            Ok(text) => return Ok(Some((path, text))),
            Err(SettingsFault::Read { source, .. }) if source.kind() == ErrorKind::NotFound => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(None)
}

fn parse(text: &str, origin: &SettingOrigin) -> Result<Layer, SettingsFault> {
    let parsed = FileFormat::Toml.parse(Some(&carried(origin)), text);
    parsed.map(Layer).map_err(|error| {
        // The parser draws a picture of several lines: the first says where, the last what.
        let said = error.to_string();
        let first = said.lines().next().unwrap_or_default();
        let at = first.rsplit_once(" at ").map_or("its start", |(_, at)| at);
        let last = said.lines().rfind(|line| !line.trim().is_empty());
        SettingsFault::Syntax {
            path: match origin {
                SettingOrigin::File(path) => path.clone(),
                SettingOrigin::Defaults | SettingOrigin::Variable(_) => {
                    PathBuf::from("default.toml")
                }
            },
            at: at.to_owned(),
            why: last.unwrap_or("it can’t be read").trim().to_owned(),
        }
    })
}

/// The variables that speak of settings, as texts; those that are lists are parted where they are read.
fn variables(env: impl Iterator<Item = (String, String)>) -> Layer {
    let mut layer = Map::new();
    for (name, text) in env {
        let Some(key) = name.strip_prefix(VARIABLE) else {
            continue;
        };
        if text.is_empty() {
            continue;
        }
        let carried = carried(&SettingOrigin::Variable(name.clone()));
        let key = key.to_lowercase();
        let value = Value::new(Some(&carried), text);
        let (section, value) = match key.split_once(BETWEEN) {
            Some((section, key)) => (section, Ok((key.to_owned(), value))),
            None => (key.as_str(), Err(value)),
        };
        match value {
            Ok((key, value)) => {
                let table = layer
                    .entry(section.to_owned())
                    .or_insert_with(|| Value::new(Some(&carried), Map::<String, Value>::new()));
                if let ValueKind::Table(table) = &mut table.kind {
                    table.insert(key, value);
                }
            }
            Err(value) => {
                layer.insert(section.to_owned(), value);
            }
        }
    }
    Layer(layer)
}
