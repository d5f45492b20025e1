-- Times are milliseconds since 1970 in UTC. Ids are SQLite's row ids.

-- One row: which store this is. Each copy has an epoch of its own, so that what was derived from another state is rebuilt,
-- and no message is taken for one that was sent after the copy was made.
CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    epoch INTEGER NOT NULL
) STRICT;

-- One community's questions. `questions` is the number given to the newest question.
CREATE TABLE forum (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    questions INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL
) STRICT;

-- A room or channel. `open`: the bot can speak there. A direct place without a forum has yet to be asked which one.
CREATE TABLE place (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    key TEXT NOT NULL,
    forum INTEGER REFERENCES forum (id),
    name TEXT,
    direct INTEGER NOT NULL CHECK (direct IN (0, 1)),
    open INTEGER NOT NULL DEFAULT 1 CHECK (open IN (0, 1)),
    UNIQUE (platform, key)
) STRICT;
CREATE INDEX place_forum ON place (forum);

-- An account on a platform, under the name that people see there.
CREATE TABLE identity (
    id INTEGER PRIMARY KEY,
    platform TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (platform, key)
) STRICT;

-- A person in a forum; several identities can be one person.
CREATE TABLE member (
    id INTEGER PRIMARY KEY,
    forum INTEGER NOT NULL REFERENCES forum (id),
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE membership (
    forum INTEGER NOT NULL REFERENCES forum (id),
    identity INTEGER NOT NULL REFERENCES identity (id),
    member INTEGER NOT NULL REFERENCES member (id),
    PRIMARY KEY (forum, identity)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_member ON membership (member);

-- Questions (kind 0), answers (1) and comments (2). `question` is the question's own id on a question.
-- `number`: in the forum for a question, under `parent` for the others. `last_answer`, `last_comment`: the numbers given last
-- under this post; numbers are never given twice. `answers`: how many visible answers a question has.
-- `accepted_via`: the reaction by which the accepted answer was accepted, if it was one.
CREATE TABLE post (
    id INTEGER PRIMARY KEY,
    forum INTEGER NOT NULL REFERENCES forum (id),
    kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),
    question INTEGER NOT NULL REFERENCES post (id) DEFERRABLE INITIALLY DEFERRED,
    parent INTEGER REFERENCES post (id),
    number INTEGER NOT NULL,
    author INTEGER NOT NULL REFERENCES identity (id),
    at INTEGER NOT NULL,
    withdrawn_at INTEGER,
    withdrawn_by INTEGER REFERENCES identity (id),
    last_answer INTEGER NOT NULL DEFAULT 0,
    last_comment INTEGER NOT NULL DEFAULT 0,
    answers INTEGER NOT NULL DEFAULT 0,
    accepted INTEGER REFERENCES post (id),
    accepted_via TEXT
) STRICT;
CREATE UNIQUE INDEX post_number ON post (forum, number) WHERE kind = 0;
CREATE UNIQUE INDEX post_child ON post (parent, kind, number) WHERE parent IS NOT NULL;
CREATE INDEX post_question ON post (question, kind);
CREATE INDEX post_author ON post (author, at);
CREATE INDEX post_accepted_via ON post (accepted_via) WHERE accepted_via IS NOT NULL;

-- A post's present text; the row goes when the post is withdrawn. `revision` is its number in the post's history;
-- `same` is a hash of title and body with case and space folded, on questions.
CREATE TABLE text (
    post INTEGER PRIMARY KEY REFERENCES post (id),
    title TEXT,
    body TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    author INTEGER NOT NULL REFERENCES identity (id),
    at INTEGER NOT NULL,
    reason TEXT,
    same INTEGER
) STRICT;

-- Earlier texts, oldest number 1.
CREATE TABLE revision (
    post INTEGER NOT NULL REFERENCES post (id),
    number INTEGER NOT NULL,
    title TEXT,
    body TEXT NOT NULL,
    tags TEXT NOT NULL,
    author INTEGER NOT NULL REFERENCES identity (id),
    at INTEGER NOT NULL,
    reason TEXT,
    PRIMARY KEY (post, number)
) STRICT;

CREATE TABLE tag (
    post INTEGER NOT NULL REFERENCES post (id),
    position INTEGER NOT NULL,
    forum INTEGER NOT NULL REFERENCES forum (id),
    name TEXT NOT NULL,
    PRIMARY KEY (post, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX tag_name ON tag (forum, name, post);

-- Votes on a post, in a narrow table: a vote never rewrites a text.
CREATE TABLE score (
    post INTEGER PRIMARY KEY REFERENCES post (id),
    ups INTEGER NOT NULL DEFAULT 0,
    downs INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Sayings of votes, in the order of their ids. `reaction` is the platform's name for the reaction, none for a command.
-- `standing` 0: spent; kept, so that a reaction that still hangs is known.
CREATE TABLE saying (
    id INTEGER PRIMARY KEY,
    post INTEGER NOT NULL REFERENCES post (id),
    identity INTEGER NOT NULL REFERENCES identity (id),
    reaction TEXT,
    vote INTEGER NOT NULL CHECK (vote IN (1, -1)),
    standing INTEGER NOT NULL DEFAULT 1 CHECK (standing IN (0, 1))
) STRICT;
CREATE INDEX saying_ballot ON saying (post, identity);
CREATE INDEX saying_reaction ON saying (reaction) WHERE reaction IS NOT NULL;

-- Messages that show a post: cards (kind 0), written by the bot, sources (1), from which a post was made, and cards that
-- somebody else took away (2): they are not posted again.
-- `stale`: the change since which a card is not true any more. `shown`: a hash of what it shows.
CREATE TABLE surface (
    id INTEGER PRIMARY KEY,
    place INTEGER NOT NULL REFERENCES place (id),
    message TEXT NOT NULL,
    post INTEGER NOT NULL REFERENCES post (id),
    kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),
    stale INTEGER,
    shown INTEGER,
    UNIQUE (message, place)
) STRICT;
CREATE INDEX surface_post ON surface (post);
CREATE INDEX surface_stale ON surface (place) WHERE stale IS NOT NULL;

-- What was heard, of whom, with what came of it: the same event again gets the same outcome.
CREATE TABLE inbox (
    platform TEXT NOT NULL,
    key TEXT NOT NULL,
    person TEXT NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, key)
) STRICT, WITHOUT ROWID;

-- Every change, in order. `touch` 0: the question's text, answers or acceptance; 1: votes only.
CREATE TABLE change_log (
    seq INTEGER PRIMARY KEY,
    forum INTEGER NOT NULL,
    question INTEGER NOT NULL,
    post INTEGER NOT NULL,
    touch INTEGER NOT NULL,
    what TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- Cards to be posted, each once. An attempt is committed before it is made.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    place INTEGER NOT NULL REFERENCES place (id),
    post INTEGER NOT NULL REFERENCES post (id),
    key TEXT NOT NULL UNIQUE,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0,
    UNIQUE (place, post)
) STRICT;

-- An adapter's cursor and small values.
CREATE TABLE ledger (
    platform TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (platform, key)
) STRICT, WITHOUT ROWID;
