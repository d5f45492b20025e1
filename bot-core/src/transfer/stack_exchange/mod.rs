//! The dump of a Stack Exchange site, taken into a forum: what its rows mean here.
//!
//! The small tables are read first and put aside on disk by post; then each post is taken in with all that belongs to it, so that
//! nothing of it is ever half there.

mod aside;
mod posts;
mod revisions;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::dump::{
    self, CommentRow, DumpRows, HistoryRow, LinkKind, LinkRow, PostRow, Row, SkipReason, Skipped,
    UserRow, VoteKind, VoteRow,
};
use super::feed::{Feed, ItemPosition};
use super::report::{Cut, EXAMPLES, Report};
use super::{Fault, Flow, ImportProgress, Looks, Options, Takes};
use crate::store::record::{Item, Link, Relation};
use crate::store::{Orphans, Scratch, Shelf, Store};
use aside::{ActionTarget, Aside, PostAction};
use posts::People;

/// The one file that a dump must have.
pub const POSTS: &str = "Posts.xml";
const USERS: &str = "Users.xml";
const VOTES: &str = "Votes.xml";
const COMMENTS: &str = "Comments.xml";
const HISTORY: &str = "PostHistory.xml";
const LINKS: &str = "PostLinks.xml";

/// After how many rows progress is told.
const STEP: u64 = 500;
/// How much of a file is looked at that is no folder, in bytes.
const HEAD: u64 = 4 << 10;

/// What is said where a file is missing.
const MISSED: [(&str, &str); 5] = [
    (USERS, "people are called by their numbers"),
    (
        VOTES,
        "votes against a post can’t be told from those for it; only their sum is taken",
    ),
    (COMMENTS, "there are no comments"),
    (
        HISTORY,
        "there are no earlier texts, and it is not said why questions were closed",
    ),
    (
        LINKS,
        "it is not said which questions are duplicates of which others",
    ),
];

/// Takes the dump in a folder into the store.
pub fn stack_exchange(
    store: &Store,
    dir: &Path,
    options: &Options,
    progress: &mut dyn FnMut(ImportProgress) -> Flow,
) -> Result<Report, Fault> {
    look(dir)?;
    let files = [USERS, VOTES, COMMENTS, HISTORY, LINKS, POSTS];
    let total = files
        .iter()
        .filter_map(|file| std::fs::metadata(dir.join(file)).ok())
        .map(|file| file.len())
        .sum();
    // Before anything is written: what can't be opened shows now.
    drop(DumpRows::<PostRow>::open(&dir.join(POSTS))?);
    let mut import = Import {
        dir: dir.to_owned(),
        feed: Feed::begin(store, options, None)?,
        scratch: Scratch::new()?,
        progress,
        at: ImportProgress {
            total,
            ..ImportProgress::default()
        },
        flow: Flow::On,
        site: options.site.clone(),
        votes_known: dir.join(VOTES).exists(),
    };
    import.run()?;
    import.feed.report.stopped = import.flow == Flow::Stop;
    import.feed.finish()?;
    Ok(import.feed.report)
}

/// Whether there is a dump at all.
fn look(dir: &Path) -> Result<(), Fault> {
    let unreadable = |source| Fault::Read {
        name: dir.display().to_string(),
        source,
    };
    if dir.is_file() {
        let mut head = Vec::new();
        File::open(dir)
            .and_then(|file| file.take(HEAD).read_to_end(&mut head))
            .map_err(unreadable)?;
        let name = dir.display().to_string();
        let takes = Takes::Dump;
        return Err(match Looks::of(&head) {
            Some(looks) => Fault::Other { name, looks, takes },
            None => Fault::NoDump {
                path: dir.to_owned(),
            },
        });
    }
    match dir.join(POSTS).try_exists() {
        Ok(true) => Ok(()),
        Ok(false) => Err(Fault::NoDump {
            path: dir.to_owned(),
        }),
        Err(source) => Err(unreadable(source)),
    }
}

/// An import that goes on.
struct Import<'a> {
    dir: PathBuf,
    feed: Feed<'a>,
    scratch: Scratch,
    progress: &'a mut dyn FnMut(ImportProgress) -> Flow,
    at: ImportProgress,
    flow: Flow,
    site: Option<String>,
    votes_known: bool,
}

impl Import<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        for (file, means) in MISSED {
            if !self.dir.join(file).exists() {
                let note = format!("{file} is not there: {means}");
                self.feed.report.notes.push(note);
            }
        }
        self.read(USERS, "users", |import, row: UserRow, spot| {
            if !import.scratch.put_name(row.id.0, &row.name)? {
                import.twice(spot());
            }
            Ok(())
        })?;
        self.read(VOTES, "votes", Self::vote)?;
        self.read(COMMENTS, "comments", Self::comment)?;
        self.read(HISTORY, "history", Self::history)?;
        self.scratch.sort()?;
        self.read(POSTS, "posts", Self::post)?;
        self.early()?;
        self.duplicates()?;
        self.read(LINKS, "links", Self::link)?;
        if self.flow == Flow::On {
            self.orphans()?;
        }
        Ok(())
    }

    /// Reads a file, if it is there, row by row.
    fn read<R: Row>(
        &mut self,
        file: &'static str,
        what: &'static str,
        mut take: impl FnMut(&mut Self, R, &mut dyn FnMut() -> ItemPosition) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let path = self.dir.join(file);
        if self.flow == Flow::Stop || !path.exists() {
            return Ok(());
        }
        let mut rows = DumpRows::<R>::open(&path)?;
        let before = self.at.read;
        let mut count = 0_u64;
        while let Some(row) = rows.next() {
            count += 1;
            match row {
                Ok(row) => take(self, row, &mut || ItemPosition {
                    what,
                    which: format!("{file} row {count}"),
                })?,
                Err(skipped) => self.skip(file, what, &skipped),
            }
            if count.is_multiple_of(STEP) {
                self.at.read = before + rows.progress().read;
                self.tell();
                if self.flow == Flow::Stop {
                    return Ok(());
                }
            }
        }
        if rows.lossy() > 0 {
            let note = format!(
                "{file} has {} rows with bytes that are no text; each became a �",
                rows.lossy()
            );
            self.feed.report.notes.push(note);
        }
        self.at.read = before + rows.progress().read;
        self.tell();
        Ok(())
    }

    fn tell(&mut self) {
        let taken = &self.feed.report.taken;
        self.at.posts = self.feed.report.posts() + taken.known;
        self.flow = (self.progress)(self.at);
    }

    fn skip(&mut self, file: &str, what: &'static str, skipped: &Skipped) {
        let row = || {
            let id = skipped.id.map(|id| format!(" (Id {id})"));
            format!("row {}{}", skipped.row, id.unwrap_or_default())
        };
        let how = match &skipped.why {
            SkipReason::CutOff => format!("it ends in the middle of {}", row()),
            SkipReason::Unclosed => format!("it ends after {}, without its closing tag", row()),
            SkipReason::Unreadable(why) => format!("it can’t be read on after {} ({why})", row()),
            why => {
                let which = || format!("{file} {}", row());
                return self.feed.report.skip(what, reason(why), which);
            }
        };
        let file = self.dir.join(file).display().to_string();
        self.feed.report.cut.get_or_insert(Cut { file, how });
    }

    fn twice(&mut self, spot: ItemPosition) {
        self.feed
            .report
            .skip(spot.what, "another before it has the same id", || {
                spot.which
            });
    }

    fn vote(&mut self, row: VoteRow, spot: &mut dyn FnMut() -> ItemPosition) -> Result<(), Fault> {
        match row.kind {
            VoteKind::Up => self.scratch.put_votes(row.post.0, 1, 0)?,
            VoteKind::Down => self.scratch.put_votes(row.post.0, 0, 1)?,
            // What is accepted says the question.
            VoteKind::Accepted => {}
            VoteKind::Other(_) => {
                let why = "they are neither for nor against a post: bounties, favourites, closing";
                self.feed.report.skip("votes", why, || spot().which);
            }
        }
        Ok(())
    }

    fn comment(
        &mut self,
        row: CommentRow,
        _: &mut dyn FnMut() -> ItemPosition,
    ) -> Result<(), Fault> {
        let aside = Aside::of(&row);
        self.scratch
            .put(Shelf::Comments, row.post.0, row.id, &aside.bytes())?;
        Ok(())
    }

    fn history(
        &mut self,
        row: HistoryRow,
        _: &mut dyn FnMut() -> ItemPosition,
    ) -> Result<(), Fault> {
        if let Some(part) = ActionTarget::of(&row) {
            let step = PostAction::of(&row, part);
            self.scratch
                .put(Shelf::History, row.post.0, row.id, &step.bytes())?;
        }
        Ok(())
    }

    fn link(&mut self, row: LinkRow, spot: &mut dyn FnMut() -> ItemPosition) -> Result<(), Fault> {
        let kind = match row.kind {
            LinkKind::Linked => Relation::Related,
            LinkKind::Duplicate => Relation::Duplicate,
            LinkKind::Other(_) => {
                self.feed
                    .report
                    .skip("links", "they are of an unknown kind", || spot().which);
                return Ok(());
            }
        };
        let link = Link {
            from: row.post.0.to_string(),
            to: row.other.0.to_string(),
            kind,
        };
        self.feed.push(Item::Link(link), spot())
    }

    /// What the closing of questions says of duplicates.
    fn duplicates(&mut self) -> Result<(), Fault> {
        let mut after = (i64::MIN, i64::MIN);
        while let Some((from, to, _)) = self.scratch.next(Shelf::Links, after)? {
            after = (from, to);
            let link = Link {
                from: from.to_string(),
                to: to.to_string(),
                kind: Relation::Duplicate,
            };
            let spot = ItemPosition {
                what: "links",
                which: format!("{HISTORY}, of post {from}"),
            };
            self.feed.push(Item::Link(link), spot)?;
        }
        Ok(())
    }

    /// What belongs to posts that the dump does not have.
    fn orphans(&mut self) -> Result<(), Fault> {
        let nothing = "their post is not in the dump";
        let of = |orphans: Orphans, file: &str| {
            let name = |post| format!("{file}, of post {post}");
            (
                orphans.count,
                orphans.examples.iter().map(name).collect::<Vec<_>>(),
            )
        };
        let (count, examples) = of(self.scratch.votes_on_nothing(EXAMPLES)?, VOTES);
        self.feed
            .report
            .skip_many("votes", nothing, count, || examples);
        for (shelf, what, file) in [
            (Shelf::Comments, "comments", COMMENTS),
            (Shelf::History, "history", HISTORY),
        ] {
            let (count, examples) = of(self.scratch.orphans(shelf, EXAMPLES)?, file);
            self.feed
                .report
                .skip_many(what, nothing, count, || examples);
        }
        Ok(())
    }

    fn people(&self) -> People<'_> {
        People {
            scratch: &self.scratch,
            prefix: self.feed.prefix(),
        }
    }
}

/// Why a row was left out, the same for all rows of the kind.
fn reason(why: &dump::SkipReason) -> String {
    match why {
        SkipReason::Bad { name, wanted, .. } => format!("its `{name}` is no {wanted}"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
