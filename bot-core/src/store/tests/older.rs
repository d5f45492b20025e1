//! A storage folder as an older version left it.

use std::fs;
use std::path::Path;

use super::super::open;
use super::*;

/// What stood in what version 10 had withdrawn, refused or kept of its own: no file is to have it.
pub(crate) const WITHDRAWN: [&str; 6] = [
    "qvarktitle",
    "qvarkbody",
    "qvarkearlier",
    "qvarktag",
    "qvarkrefused",
    "qvarkindex",
];

/// What it held besides. Times are milliseconds after 1,700,000,000,000.
const FILLED: &str = "
    INSERT INTO store (one, id, epoch) VALUES (1, 'theforum', 3);
    INSERT INTO forum (id, name, questions, at) VALUES (1, 'main', 4, 5);
    INSERT INTO place (id, platform, key, forum, name, direct) VALUES
        (7, 'matrix', '!kitchen', 1, 'Kitchen', 0), (8, 'discord', '100', 1, 'help', 0), (9, 'matrix', '!alone', NULL, NULL, 1);
    INSERT INTO identity (id, platform, key, name, account, skeleton) VALUES
        (2, 'matrix', '@mira:x', 'mira', NULL, 'old'), (3, 'discord', '7', 'ＭＩＲＡ', 'mira.x', 'old'), (4, 'matrix', '@sol:x', 'sol', NULL, 'old');
    INSERT INTO member (id, forum, at) VALUES (1, 1, 5), (2, 1, 5), (3, 1, 6);
    INSERT INTO membership (forum, identity, member) VALUES (1, 2, 1), (1, 3, 2), (1, 4, 3);
    INSERT INTO post (id, forum, kind, question, parent, number, author, at, last_answer, last_comment, answers) VALUES
        (1, 1, 0, 1, NULL, 1, 2, 10, 1, 0, 1), (2, 1, 1, 1, 1, 1, 4, 11, 0, 1, 0), (3, 1, 2, 1, 2, 1, 3, 12, 0, 0, 0);
    UPDATE post SET accepted = 2, accepted_via = '$tick' WHERE id = 1;
    INSERT INTO post (id, forum, kind, question, number, author, at, hidden_at, hidden_as, hidden_by) VALUES (4, 1, 0, 4, 2, 4, 13, 14, 1, 2);
    INSERT INTO post (id, forum, kind, question, number, author, at) VALUES (5, 1, 0, 5, 3, 3, 15), (6, 1, 0, 6, 4, 2, 16);
    INSERT INTO text (post, title, body, revision, author, at, reason) VALUES
        (1, 'How long does a keg last?', 'It is a stout.', 2, 2, 17, 'typo'), (2, NULL, 'Two weeks.', 1, 4, 11, NULL),
        (3, NULL, 'How cold?', 1, 3, 12, NULL), (4, 'Where is the hidden cellar?', 'Below.', 1, 4, 13, NULL),
        (6, 'What is asked last?', '', 1, 2, 16, NULL);
    INSERT INTO revision (post, number, title, body, tags, author, at) VALUES (1, 1, 'How long does a keg last?', 'It is a pilsner.', 'keg', 2, 10);
    INSERT INTO tag (post, position, forum, name) VALUES (1, 0, 1, 'keg');
    INSERT INTO score (post, ups, downs) VALUES (1, 1, 1), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (6, 0, 0);
    INSERT INTO saying (id, post, identity, reaction, vote) VALUES (1, 1, 4, '$up', 1), (2, 1, 3, NULL, -1);
    INSERT INTO surface (id, place, message, post, kind) VALUES
        (1, 7, '$card1', 1, 0), (2, 8, '100 1', 1, 0), (3, 7, '$ask', 1, 1), (4, 7, '$card4', 4, 0), (5, 8, '100 5', 5, 0), (6, 7, '$card6', 6, 0);
    INSERT INTO inbox (platform, key, person, outcome, at) VALUES
        ('matrix', '$ask', '@mira:x', '{\"posted\":[1,null,null]}', 10),
        ('matrix', '$bad', '@sol:x', '{\"refused\":{\"bad_tag\":{\"tag\":\"qvarkrefused/tag\",\"most\":35}}}', 12);
    INSERT INTO change_log (forum, question, post, touch, what, at) VALUES
        (1, 1, 1, 0, 'posted', 10), (1, 1, 2, 0, 'posted', 11), (1, 1, 3, 0, 'posted', 12), (1, 4, 4, 0, 'hidden', 14), (1, 6, 6, 0, 'posted', 16);
    INSERT INTO paged_view (id, platform, person, asked, until) VALUES ('page', 'discord', '7', 'search for kegs', 9000000000000);
    INSERT INTO words (platform, message, person, place, text, at) VALUES ('discord', '100 9', '7', '100', 'Is this one too?', 18);
    INSERT INTO agreed (place, forum, at) VALUES (9, 1, 19);
    INSERT INTO origin (id, forum, name, base) VALUES (1, 1, 'beer', 0);
    INSERT INTO ledger (platform, key, value) VALUES ('matrix', 'cursor', 's1');
    PRAGMA user_version = 10;
";

/// A post that was there, and was withdrawn as version 10 did it: its rows went, and what was in them stayed in the file.
const WITHDRAWS: &str = "
    INSERT INTO text (post, title, body, revision, author, at) VALUES (5, 'What of the qvarktitle?', 'It is a qvarkbody. ' || hex(zeroblob(20000)), 2, 3, 15);
    INSERT INTO revision (post, number, title, body, tags, author, at) VALUES (5, 1, 'What?', 'It was a qvarkearlier.', 'qvarktag', 3, 15);
    INSERT INTO tag (post, position, forum, name) VALUES (5, 0, 1, 'qvarktag');
    DELETE FROM text WHERE post = 5;
    DELETE FROM revision WHERE post = 5;
    DELETE FROM tag WHERE post = 5;
    UPDATE post SET withdrawn_at = 16, withdrawn_by = 3 WHERE id = 5;
    INSERT INTO change_log (forum, question, post, touch, what, at) VALUES (1, 5, 5, 0, 'withdrawn', 16);
";

/// Fills a folder as version 10 left it, with a search index that still has what was withdrawn.
pub(crate) fn version_10(dir: &Path) {
    let conn = Connection::open(dir.join(DATABASE)).expect("opens");
    for migration in &open::MIGRATIONS[..10] {
        conn.execute_batch(migration).expect("migrates");
    }
    for part in ["PRAGMA secure_delete = OFF", FILLED, WITHDRAWS] {
        conn.execute_batch(part).expect("fills");
    }
    let index = dir.join("index");
    fs::create_dir(&index).expect("a folder");
    let segment = "0123456789abcdef0123456789abcdef.store";
    fs::write(index.join(segment), "the qvarkindex").expect("writes");
}
