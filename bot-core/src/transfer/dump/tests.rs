use std::io::{Cursor, Read};
use std::path::PathBuf;

use super::*;
use crate::forum::Timestamp;

/// The rows of a file with this text, and how often it was no UTF-8.
fn read<R: Row>(file: &[u8]) -> (Vec<Result<R, Skipped>>, u64) {
    let mut rows = DumpRows::<R, _>::new(Cursor::new(file), file.len() as u64, Path::new("x.xml"))
        .expect("a file of a dump");
    let read = rows.by_ref().collect();
    assert_eq!(rows.progress().total, file.len() as u64);
    (read, rows.lossy())
}

/// What is read of a file: users by number and name, and what is skipped.
fn users(file: impl AsRef<[u8]>) -> Vec<String> {
    let (rows, _) = read::<UserRow>(file.as_ref());
    let told = rows.into_iter().map(|row| match row {
        Ok(user) => format!("{} {}", user.id.0, user.name),
        Err(skipped) => skipped.to_string(),
    });
    told.collect()
}

/// The only row of a table with these attributes.
fn only<R: Row>(attributes: &str) -> Result<R, Skipped> {
    let table = R::TABLE;
    let file = format!("<{table}>\n  <row {attributes} />\n</{table}>");
    let (mut rows, _) = read(file.as_bytes());
    assert_eq!(rows.len(), 1, "{file}");
    rows.remove(0)
}

#[test]
fn rows_are_read_one_after_the_other() {
    let file = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<users>\r\n  \
        <row Id=\"-1\" DisplayName=\"Community\" />\r\n  \
        <!-- <row Id=\"9\" DisplayName='no' /> it's -- > -->\r\n  \
        <row\tDisplayName='O\"Neill > &lt;&amp;&quot;&#225;&#xE1;' Id=\"2\"></row>\r\n\
        <row Id=\"3\" DisplayName=\"\"/></users>\r\n";
    assert_eq!(
        users(file),
        ["-1 Community", "2 O\"Neill > <&\"\u{e1}\u{e1}", "3 "]
    );
    assert!(users("<users />").is_empty());
    assert!(users("<users></users>").is_empty());
}

#[test]
fn a_reference_that_says_nothing_stays_as_it_is_written() {
    let names = [
        ("a &nbsp; b &amp; c", "a &nbsp; b & c"),
        ("&#0;&lt;", "&#0;<"),
        ("AT&T; &", "AT&T; &"),
        ("&#xFFFFFFFF;&amp;", "&#xFFFFFFFF;&"),
        ("a&#xD;&#xA;b&#13;c", "a\nb\nc"),
    ];
    for (written, name) in names {
        let row = only::<UserRow>(&format!("Id=\"1\" DisplayName=\"{written}\""));
        assert_eq!(row.expect("a row").name, name);
    }
}

#[test]
fn a_row_that_lacks_something_is_skipped_with_the_reason() {
    let file = r#"<users>
        <row DisplayName="nobody" />
        <row Id="2" />
        <row Id="x3" DisplayName="c" />
        <row Id="4" DisplayName="d" />
        <row Id="5" DisplayName=e />
        <row Id="6" DisplayName="f" />
        <row/>
    </users>"#;
    assert_eq!(
        users(file),
        [
            "row 1: it has no `Id`",
            "row 2 (Id 2): it has no `DisplayName`",
            "row 3: its `Id` is no number: `x3`",
            "4 d",
            "row 5 (Id 5): its attributes are no XML",
            "6 f",
            "row 7: it has no `Id`",
        ]
    );
}

#[test]
fn reading_goes_on_at_the_next_row_after_what_is_no_xml() {
    let file = r#"<users>
        <row Id="1" DisplayName="a" />
        what? <b class="x>it's</b> </i>
        <row Id="2" DisplayName="b />
        <row Id="3" DisplayName="c" />
        <row Id="4" DisplayName="<p>it's</p> "d"" />
        <row Id="5" DisplayName="e" />
    </users>"#;
    assert_eq!(
        users(file),
        [
            "1 a",
            "row 1: something that is no row follows it",
            "row 2 (Id 2): another element begins in the middle of it",
            "3 c",
            "row 4 (Id 4): another element begins in the middle of it",
            "5 e",
        ]
    );
}

#[test]
fn a_file_that_is_cut_off_gives_all_rows_before() {
    let whole = r#"<users><row Id="1" DisplayName="a" /><row Id="2" DisplayName="b" /></users>"#;
    let second = whole.rfind("<row").unwrap();
    let cut = "row 2: the file ends in the middle of it";
    let cut_known = "row 2 (Id 2): the file ends in the middle of it";
    let unclosed = |row: usize| {
        format!("row {row}: the file ends after it, without its closing tag: rows may be missing")
    };
    for at in "<users>".len()..whole.len() {
        let told = users(&whole[..at]);
        let (last, before) = told.split_last().expect("something is told");
        let (rows, _) = read::<UserRow>(&whole.as_bytes()[..at]);
        let ends = rows.iter().filter_map(|row| row.as_ref().err());
        assert!(ends.clone().all(Skipped::is_end), "{at}");
        assert_eq!(ends.count(), 1, "{at}");
        if at > second + "<row".len() && at < whole.rfind("</").unwrap() {
            assert_eq!(before, ["1 a"]);
            assert!(last == cut || last == cut_known, "{at}: {last}");
        } else if at >= whole.rfind("</").unwrap() {
            assert_eq!(before, ["1 a", "2 b"]);
            assert_eq!(*last, unclosed(2));
        }
    }
}

#[test]
fn a_row_that_is_too_long_is_not_kept() {
    let long = format!(
        "<users><row Id=\"7\" DisplayName=\"{}\" /><row Id=\"8\" DisplayName=\"b\" /></users>",
        "a".repeat(100_000)
    );
    let source = BufReader::with_capacity(7, Cursor::new(long));
    let mut rows = DumpRows::<UserRow, _>::with_limit(source, 0, Path::new("x"), 10_000).unwrap();
    let skipped = rows.next().unwrap().unwrap_err();
    assert_eq!(
        skipped.to_string(),
        "row 1 (Id 7): it is too long to be a row"
    );
    assert_eq!(rows.next().unwrap().unwrap().id, SourceUser(8));
    assert!(rows.next().is_none());
}

#[test]
fn what_is_no_utf_8_is_replaced_and_counted() {
    let file =
        b"<users><row Id=\"1\" DisplayName=\"a\xFF\" /><row Id=\"2\" DisplayName=\"b\" /></users>";
    let (rows, lossy) = read::<UserRow>(file);
    assert_eq!(rows[0].as_ref().unwrap().name, "a\u{fffd}");
    assert_eq!((rows.len(), lossy), (2, 1));
}

#[test]
fn a_file_of_something_else_is_refused() {
    let open = |bytes: &'static [u8]| {
        let fault = DumpRows::<UserRow, _>::new(Cursor::new(bytes), 0, Path::new("U.xml")).err();
        fault.expect("a fault").to_string()
    };
    let no_xml =
        "U.xml is no XML file of a Stack Exchange dump; if it is an archive, unpack it first";
    for bytes in ["", "7z\u{bc}", "<", "<users", "  \n", "\u{feff}", "<a<b>"] {
        assert_eq!(open(bytes.as_bytes()), no_xml, "{bytes:?}");
    }
    let votes = "U.xml holds `votes`, not `users`";
    assert_eq!(open(b"<?xml version='1.0'?><votes></votes>"), votes);
    let missing = DumpRows::<UserRow>::open(Path::new("/nowhere/Users.xml")).err();
    assert!(matches!(missing, Some(Fault::Open { .. })));
}

/// Fails when what is before has been read.
struct Fails<'a>(&'a [u8]);

impl Read for Fails<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self.0.is_empty() {
            true => Err(std::io::Error::other("the disk is gone")),
            false => self.0.read(into),
        }
    }
}

#[test]
fn a_file_that_cant_be_read_on_says_so_and_ends() {
    let source = BufReader::new(Fails(
        b"<users><row Id=\"1\" DisplayName=\"a\" /> <row Id=\"2",
    ));
    let rows = DumpRows::<UserRow, _>::new(source, 0, Path::new("x")).unwrap();
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].is_ok());
    let skipped = rows[1].as_ref().unwrap_err();
    assert!(matches!(skipped.why, SkipReason::Unreadable(_)) && skipped.is_end());
}

#[test]
fn a_question_is_read_with_all_that_is_said_of_it() {
    let row = only::<PostRow>(
        r#"Id="1" PostTypeId="1" AcceptedAnswerId="4" CreationDate="2014-01-21T20:26:05.383" Score="-3" ViewCount="7"
        Body="&lt;p&gt;a &amp;amp; b&lt;/p&gt;&#xA;" OwnerUserId="7" OwnerDisplayName="ada" LastEditorUserId="-1"
        LastEditorDisplayName="sol" LastEditDate="2014-01-21T22:04:34" Title="What &amp; why?" Tags="&lt;hops&gt;&lt;c++&gt;"
        ClosedDate="1970-01-01T00:00:01.000" CommunityOwnedDate="1970-01-01T00:00:02" ContentLicense="CC BY-SA 3.0""#,
    );
    let expected = PostRow {
        id: SourcePost(1),
        kind: PostKind::Question,
        accepted: Some(SourcePost(4)),
        at: Timestamp(1_390_335_965_383),
        score: -3,
        body: "<p>a &amp; b</p>\n".into(),
        owner: Some(SourceUser(7)),
        owner_name: Some("ada".into()),
        last_editor: Some(SourceUser(-1)),
        last_editor_name: Some("sol".into()),
        last_edit_at: Some(Timestamp(1_390_341_874_000)),
        title: "What & why?".into(),
        tags: vec!["hops".into(), "c++".into()],
        closed_at: Some(Timestamp(1_000)),
        community_owned_at: Some(Timestamp(2_000)),
        licence: Some(Licence::BySa30),
    };
    assert_eq!(row.unwrap(), expected);
}

#[test]
fn an_answer_needs_its_question_and_other_posts_are_numbered() {
    let common = r#"CreationDate="2014-01-21T20:26:05.383" Body="b""#;
    let post = |more: &str| only::<PostRow>(&format!("Id=\"2\" {common} {more}"));
    let answer = post(r#"PostTypeId="2" ParentId="1" Tags="|a|b-c|""#).unwrap();
    let to = SourcePost(1);
    assert_eq!(answer.kind, PostKind::Answer { to });
    assert_eq!(answer.tags, ["a", "b-c"]);
    assert_eq!(
        (answer.owner, answer.licence, answer.score),
        (None, None, 0)
    );
    assert_eq!(post(r#"PostTypeId="5""#).unwrap().kind, PostKind::Other(5));
    let why = |more: &str| post(more).unwrap_err().why.to_string();
    assert_eq!(why(r#"PostTypeId="2""#), "it has no `ParentId`");
    assert_eq!(why(r#"PostTypeId="1""#), "it has no `Title`");
    assert_eq!(
        why(r#"PostTypeId="5" ClosedDate="2014-13-41""#),
        "its `ClosedDate` is no date: `2014-13-41`"
    );
}

#[test]
fn the_smaller_tables_are_read() {
    let at = Timestamp(0);
    let date = "CreationDate=\"1970-01-01T00:00:00.000\"";
    let vote = only::<VoteRow>(&format!("Id=\"1\" PostId=\"2\" VoteTypeId=\"3\" {date}"));
    let (post, kind) = (SourcePost(2), VoteKind::Down);
    assert_eq!(vote.unwrap(), VoteRow { post, kind, at });
    let comment = only::<CommentRow>(&format!(
        "Id=\"1\" PostId=\"2\" Score=\"3\" Text=\"*so*\" {date} UserDisplayName=\"user4\" ContentLicense=\"CC0\""
    ));
    let expected = CommentRow {
        id: 1,
        post,
        score: 3,
        text: "*so*".into(),
        at,
        user: None,
        user_name: Some("user4".into()),
        licence: Some(Licence::Other("CC0".into())),
    };
    assert_eq!(comment.unwrap(), expected);
    let link = only::<LinkRow>(&format!(
        "Id=\"1\" {date} PostId=\"2\" RelatedPostId=\"3\" LinkTypeId=\"3\""
    ));
    let (other, kind) = (SourcePost(3), LinkKind::Duplicate);
    assert_eq!(link.unwrap(), LinkRow { post, other, kind });
    let tag = only::<TagRow>("Id=\"1\" TagName=\"hops\" Count=\"16\" ExcerptPostId=\"5\"");
    let tag = tag.unwrap();
    assert_eq!((tag.name.as_str(), tag.count), ("hops", 16));
    assert_eq!((tag.excerpt, tag.wiki), (Some(SourcePost(5)), None));
}

/// What was done, by the row's number for it, comment and text.
fn done(kind: u8, comment: &str, text: &str) -> HistoryKind {
    let text = quick_xml::escape::escape(text);
    let row = only::<HistoryRow>(&format!(
        "Id=\"1\" PostId=\"2\" PostHistoryTypeId=\"{kind}\" RevisionGUID=\"a-b\" CreationDate=\"2014-01-21T20:26:05.383\" \
         Comment=\"{comment}\" Text=\"{text}\""
    ));
    row.unwrap().kind
}

#[test]
fn closing_says_why_and_of_what_it_is_a_duplicate() {
    let told = r#"{"OriginalQuestionIds":[25,26],"Voters":[{"Id":17,"DisplayName":"sol"}]}"#;
    let closing = ClosingEntry {
        reason: Some(CloseReason::Duplicate),
        duplicates: vec![SourcePost(25), SourcePost(26)],
        voters: vec![SourceUser(17)],
    };
    assert_eq!(done(10, "101", told), HistoryKind::Closed(closing));
    assert_eq!(
        done(11, "", told),
        HistoryKind::Reopened(vec![SourceUser(17)])
    );
    for (number, reason) in [
        (102, CloseReason::OffTopic),
        (103, CloseReason::Unclear),
        (104, CloseReason::TooBroad),
        (105, CloseReason::OpinionBased),
        (1, CloseReason::Duplicate),
        (20, CloseReason::Noise),
        (99, CloseReason::Other(99)),
    ] {
        let reason = Some(reason);
        let closing = ClosingEntry {
            reason,
            ..ClosingEntry::default()
        };
        let by_comment = done(10, &number.to_string(), "not JSON");
        assert_eq!(by_comment, HistoryKind::Closed(closing.clone()));
        let by_text = done(10, "", &format!("{{\"CloseReasonId\":{number}}}"));
        assert_eq!(by_text, HistoryKind::Closed(closing));
    }
    let nothing = HistoryKind::Closed(ClosingEntry::default());
    assert_eq!(done(10, "", ""), nothing);
    assert_eq!(
        done(9, "", "<a>"),
        HistoryKind::Tags(HistoryOrigin::Rollback)
    );
    assert_eq!(done(50, "", ""), HistoryKind::Other(50));
}

/// The folder of the real dump, where it is there.
pub(crate) fn beer() -> Option<PathBuf> {
    let shared = std::env::var_os("STOA_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
        PathBuf::from,
    );
    let folder = shared.join("data/stackexchange-beer");
    if !folder.is_dir() {
        eprintln!(
            "skipped: the dump is not at {}; set STOA_SHARED to the folder that has data/stackexchange-beer",
            folder.display()
        );
        return None;
    }
    Some(folder)
}

#[test]
fn the_real_dump_is_read_whole() {
    let Some(folder) = beer() else {
        return;
    };
    fn all<R: Row>(file: &Path) -> Vec<R> {
        let mut rows = DumpRows::<R>::open(file).unwrap();
        let read: Result<Vec<R>, _> = rows.by_ref().collect();
        assert_eq!(rows.lossy(), 0);
        let Progress { read: bytes, total } = rows.progress();
        assert!(bytes <= total && bytes + 2 >= total, "{bytes} of {total}");
        read.unwrap()
    }
    let posts: Vec<PostRow> = all(&folder.join("Posts.xml"));
    let of = |wanted: fn(&PostKind) -> bool| posts.iter().filter(|row| wanted(&row.kind)).count();
    assert_eq!(of(|kind| matches!(kind, PostKind::Question)), 1_029);
    assert_eq!(of(|kind| matches!(kind, PostKind::Answer { .. })), 2_277);
    assert_eq!(
        posts.iter().filter(|row| row.closed_at.is_some()).count(),
        76
    );
    assert_eq!(all::<VoteRow>(&folder.join("Votes.xml")).len(), 18_564);
    assert_eq!(all::<UserRow>(&folder.join("Users.xml")).len(), 6_863);
    assert_eq!(all::<CommentRow>(&folder.join("Comments.xml")).len(), 3_509);
    assert_eq!(all::<LinkRow>(&folder.join("PostLinks.xml")).len(), 148);
    assert!(!all::<TagRow>(&folder.join("Tags.xml")).is_empty());
    let history: Vec<HistoryRow> = all(&folder.join("PostHistory.xml"));
    assert_eq!(history.len(), 9_071);
    let closings: Vec<&ClosingEntry> = history
        .iter()
        .filter_map(|row| match &row.kind {
            HistoryKind::Closed(closing) => Some(closing),
            _ => None,
        })
        .collect();
    assert_eq!(closings.len(), 89);
    assert!(closings.iter().all(|closing| closing.reason.is_some()));
    let duplicate = |closing: &&&ClosingEntry| closing.reason == Some(CloseReason::Duplicate);
    let duplicates: Vec<_> = closings.iter().filter(duplicate).collect();
    assert!(!duplicates.is_empty() && duplicates.iter().all(|of| !of.duplicates.is_empty()));
}
