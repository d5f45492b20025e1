-- Messages that hold text of posts and are no surfaces of theirs. `kind` 0: a reply or a shared page of the bot's; 1: a card of the bot's that
-- is to be taken away; 2: a card that was, or that was not posted because its post was hidden by then: its thread still means the post, and
-- the place gets a card when the post is shown again; 3: what a person wrote, which held a post's text.
-- `key`: the name under which the bot sends it. `message`: none until it is known that it was sent. `thread`: the message below which it goes.
-- `person`: who wrote it, as the platform names them. `stale`: the change since which it is to be taken away.
-- `attempts`, `next_at`: how often it was looked for or could not be taken away, and when that is tried next.
CREATE TABLE text_copy (
    id INTEGER PRIMARY KEY,
    place INTEGER NOT NULL REFERENCES place (id),
    kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2, 3)),
    key TEXT,
    message TEXT,
    thread TEXT,
    person TEXT,
    at INTEGER NOT NULL,
    stale INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX text_copy_message ON text_copy (message, place) WHERE message IS NOT NULL;
CREATE INDEX text_copy_key ON text_copy (key) WHERE key IS NOT NULL;
CREATE INDEX text_copy_work ON text_copy (next_at) WHERE stale IS NOT NULL OR kind = 0 AND message IS NULL;

-- The posts whose text such a message holds.
CREATE TABLE text_copy_post (
    post INTEGER NOT NULL REFERENCES post (id),
    copy INTEGER NOT NULL REFERENCES text_copy (id),
    PRIMARY KEY (post, copy)
) STRICT, WITHOUT ROWID;
CREATE INDEX text_copy_post_copy ON text_copy_post (copy);

-- Threads and posts of forum channels that are named after a question, and whose names may not be true since a change.
CREATE TABLE thread_name (
    place INTEGER NOT NULL REFERENCES place (id),
    message TEXT NOT NULL,
    post INTEGER NOT NULL REFERENCES post (id),
    since INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (place, message)
) STRICT, WITHOUT ROWID;
CREATE INDEX thread_name_work ON thread_name (next_at);

-- A card that held, or whose edits held, text that must not be read any more: an edit is not enough where that leaves what was there before.
ALTER TABLE surface ADD COLUMN tainted INTEGER NOT NULL DEFAULT 0 CHECK (tainted IN (0, 1));

-- What was hidden or withdrawn before this version was only covered by an edit, and threads kept the names that they were opened with.
UPDATE surface SET tainted = 1, stale = coalesce(stale, (SELECT max(seq) FROM change_log), 0)
WHERE kind = 0 AND post IN (SELECT id FROM post WHERE hidden_at IS NOT NULL OR withdrawn_at IS NOT NULL);
INSERT INTO thread_name (place, message, post, since)
SELECT surface.place, surface.message, surface.post, coalesce((SELECT max(seq) FROM change_log), 0)
FROM surface JOIN place ON place.id = surface.place JOIN post ON post.id = surface.post
WHERE surface.kind = 0 AND post.kind = 0 AND place.platform = 'discord'
AND (post.hidden_at IS NOT NULL OR post.withdrawn_at IS NOT NULL
     OR EXISTS (SELECT 1 FROM revision WHERE revision.post = post.id));
