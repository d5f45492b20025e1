//! A Stack Exchange dump from a seed: lengths and proportions like those of beer.stackexchange.com.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// How many people there are.
const PEOPLE: u64 = 20_000;

/// Writes a dump of about so many bytes into a folder.
pub fn make(dir: &Path, bytes: u64) {
    let table = |name: &str, file: &str| {
        let file = File::create(dir.join(file)).expect("makes a file");
        Table::new(name, file)
    };
    let mut posts = table("posts", "Posts.xml");
    let mut users = table("users", "Users.xml");
    let mut votes = table("votes", "Votes.xml");
    let mut comments = table("comments", "Comments.xml");
    let mut history = table("posthistory", "PostHistory.xml");
    let mut links = table("postlinks", "PostLinks.xml");
    for id in 1..=PEOPLE {
        users.row(&format!(r#"Id="{id}" DisplayName="member {id}""#));
    }
    let mut rng = Dice(7);
    let (mut id, mut vote, mut comment, mut step, mut question) =
        (0_u64, 0_u64, 0_u64, 0_u64, 0_u64);
    while posts.bytes + votes.bytes + comments.bytes + history.bytes < bytes {
        id += 1;
        let at = format!(
            "20{:02}-0{}-1{}T10:00:00.000",
            10 + id % 10,
            1 + id % 9,
            id % 9
        );
        let owner = 1 + rng.below(PEOPLE);
        let text = rng.text(150);
        let body = format!(
            "&lt;p&gt;{text} &lt;code&gt;x + 1&lt;/code&gt;&lt;/p&gt;&#xA;&lt;ul&gt;&lt;li&gt;one&lt;/li&gt;&lt;/ul&gt;"
        );
        let (kind, rest) = if id % 3 == 1 {
            question = id;
            let (title, accepted) = (rng.text(8), id + 1);
            (
                1,
                format!(
                    r#"AcceptedAnswerId="{accepted}" Title="{title}" Tags="&lt;beer&gt;&lt;tag{}&gt;""#,
                    id % 200
                ),
            )
        } else {
            (2, format!(r#"ParentId="{question}""#))
        };
        posts.row(&format!(
            r#"Id="{id}" PostTypeId="{kind}" CreationDate="{at}" Score="3" Body="{body}" OwnerUserId="{owner}" {rest} ContentLicense="CC BY-SA 4.0""#
        ));
        for kind in [2, 2, 2, 2, 3] {
            vote += 1;
            votes.row(&format!(
                r#"Id="{vote}" PostId="{}" VoteTypeId="{kind}" CreationDate="{at}""#,
                1 + rng.below(id)
            ));
        }
        comment += 1;
        let said = rng.text(30);
        comments.row(&format!(
            r#"Id="{comment}" PostId="{}" Score="1" Text="{said}" CreationDate="{at}" UserId="{owner}" ContentLicense="CC BY-SA 4.0""#,
            1 + rng.below(id)
        ));
        for edit in 0..1 + id % 2 {
            step += 1;
            let kind = if edit == 0 { 2 } else { 5 };
            history.row(&format!(
                r#"Id="{step}" PostHistoryTypeId="{kind}" PostId="{id}" RevisionGUID="g{step}" CreationDate="{at}" UserId="{owner}" Text="{text}""#
            ));
        }
        if id % 50 == 0 {
            links.row(&format!(r#"Id="{id}" CreationDate="{at}" PostId="{question}" RelatedPostId="1" LinkTypeId="1""#));
        }
    }
}

/// A file.
struct Table {
    name: String,
    out: BufWriter<File>,
    bytes: u64,
}

impl Table {
    fn new(name: &str, file: File) -> Self {
        let mut out = BufWriter::new(file);
        writeln!(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{name}>").expect("writes");
        Self {
            name: name.to_owned(),
            out,
            bytes: 0,
        }
    }

    fn row(&mut self, attributes: &str) {
        writeln!(self.out, "  <row {attributes} />").expect("writes");
        self.bytes += attributes.len() as u64 + 9;
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        writeln!(self.out, "</{}>", self.name).expect("writes");
    }
}

/// The same numbers each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// So many made-up words; a few of them are frequent.
    fn text(&mut self, words: u64) -> String {
        const SOUNDS: [&str; 12] = [
            "ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "pu", "cha", "dre",
        ];
        let mut text = String::new();
        for _ in 0..words {
            if !text.is_empty() {
                text.push(' ');
            }
            let rare = self.below(4) == 0;
            for _ in 0..if rare { 3 } else { 1 + self.below(2) } {
                let sound = usize::try_from(self.below(12)).expect("small");
                text.push_str(SOUNDS[sound]);
            }
        }
        text
    }
}
