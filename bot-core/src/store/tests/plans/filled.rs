//! A database with as much as a real community has: beer's dump has 6,863 people for 1,029 questions.

/// What is in it, in SQL alone: the store's own way would take minutes.
use crate::store::db::Connection;
const FILL: &str = "
INSERT INTO forum (id, name, questions, at, joined)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    SELECT i, 'forum' || i, 0, 0, CASE WHEN i % 10 = 9 THEN 1 END FROM n;
INSERT INTO place (id, platform, key, forum, direct, home)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
    SELECT i, CASE i % 2 WHEN 0 THEN 'matrix' ELSE 'discord' END, '!' || i, 1 + i % 60, 0, CASE WHEN i % 10 = 9 THEN 9 END FROM n;
INSERT INTO identity (id, platform, key, name)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6863)
    SELECT i, CASE i % 2 WHEN 0 THEN 'matrix' ELSE 'discord' END, '@p' || i, 'n' || i FROM n;
UPDATE identity SET person = id - 1 WHERE id % 100 = 0;
UPDATE identity SET person = id WHERE id % 100 = 99;
INSERT INTO member (id, forum, at) SELECT id, 1, 0 FROM identity;
INSERT INTO membership (forum, identity, member) SELECT 1, id, id FROM identity;
INSERT INTO post (id, forum, kind, question, number, author, at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1029)
    SELECT i, 1, 0, i, i, 1 + i % 3000, i FROM n;
INSERT INTO post (id, forum, kind, question, parent, number, author, at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
    SELECT 2000 + i, 1, 1, 1 + i % 1000, 1 + i % 1000, 1 + i / 1000, 1 + i % 3000, i FROM n;
INSERT INTO post (id, forum, kind, question, parent, number, author, at)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
    SELECT 5000 + i, 1, 2, 1 + i % 1000, 1 + i % 1000, 1 + i / 1000, 1 + i % 3000, i FROM n;
UPDATE post SET accepted = 2000 + id, accepted_via = '$a' || id WHERE kind = 0 AND id % 3 = 0 AND id < 1000;
UPDATE post SET hidden_at = 1, hidden_as = 1, withdraw_at = CASE WHEN id % 2 = 0 THEN 9 END WHERE id % 97 = 0;
INSERT INTO text (post, title, body, author, at, same)
    SELECT id, CASE kind WHEN 0 THEN 'A title' END, 'A text', author, at, id FROM post;
INSERT INTO score (post) SELECT id FROM post;
INSERT INTO tag (post, position, forum, name) SELECT id, 0, 1, 't' || (id % 20) FROM post WHERE kind = 0;
INSERT INTO saying (post, identity, nth, reaction, vote)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    SELECT 1 + i % 1000, 1 + i % 5000, i, '$r' || i, 1 FROM n;
INSERT INTO surface (place, message, post, kind, stale)
    SELECT 1 + id % 300, '$c' || id, id, 0, CASE WHEN id % 5 = 0 THEN id END FROM post;
INSERT INTO change_log (forum, question, post, touch, what, at) SELECT 1, question, id, 0, 'posted', 0 FROM post;
INSERT INTO inbox (platform, key, person, outcome, at) SELECT 'matrix', '$' || id, '@p', '{}', 0 FROM post;
INSERT INTO outbox (place, post, key) SELECT 1 + id % 300, id, 'k' || id FROM post WHERE id < 900;
INSERT INTO former (forum, number, question) SELECT 9, id, id FROM post WHERE kind = 0 AND id < 200;
INSERT INTO spent (reaction) SELECT '$z' || id FROM post WHERE id < 1000;
INSERT INTO ledger (platform, key, value) SELECT 'matrix', 'k' || id, '' FROM post WHERE id < 100;
INSERT INTO origin (id, forum, name, base) SELECT id, id, 'origin', 0 FROM forum;
INSERT INTO imported (post, origin, key, wiki) SELECT id, 1 + id % 60, id, 0 FROM post WHERE id % 2 = 0;
INSERT INTO received (origin, key, post) SELECT 1 + id % 60, id, id FROM post WHERE id % 2 = 0;
INSERT INTO written_in (post, store, address) SELECT id, 'store' || id % 60, '#' || id FROM post WHERE id % 2 = 0;
INSERT INTO link (question, other, kind) SELECT id, id + 1, 0 FROM post WHERE id < 500;
INSERT INTO revision (post, number, title, body, tags, author, at) SELECT id, 1, 'a', 'b', '', 1, 0 FROM post WHERE id < 1000;
INSERT INTO code (code, kind, until, maker)
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50) SELECT 'c' || i, 0, i, i FROM n;
";

pub(super) fn fill(conn: &Connection) {
    conn.execute_batch(FILL).expect("fills");
}
