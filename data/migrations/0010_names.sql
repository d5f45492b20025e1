-- The name by which people on a platform know an account, where that is not its key: a Discord username.
ALTER TABLE identity ADD COLUMN account TEXT;
-- Equal for accounts whose names look the same; none for accounts by which nobody can act. The store fills it when it is opened.
ALTER TABLE identity ADD COLUMN skeleton TEXT;
CREATE INDEX identity_skeleton ON identity (skeleton);
DROP INDEX identity_name;

-- What a place belongs to on its platform, which people know by its name: a Discord server.
ALTER TABLE place ADD COLUMN server TEXT;
ALTER TABLE place ADD COLUMN server_name TEXT;

-- The forum from whose place a post was written, where that has joined the one that the post is in: its moderators alone delete it.
ALTER TABLE post ADD COLUMN side INTEGER REFERENCES forum (id);
CREATE INDEX post_side ON post (side) WHERE side IS NOT NULL;
-- Of what was there before it is only known which questions a forum brought along. With several it is the one that nothing of it joined.
UPDATE post SET side =
    (SELECT min(former.forum) FROM former JOIN forum ON forum.id = former.forum
     WHERE former.question = post.question AND forum.joined IS NOT NULL AND NOT EXISTS
         (SELECT 1 FROM former AS inner_former JOIN forum AS inner_forum ON inner_forum.id = inner_former.forum
          WHERE inner_former.question = post.question AND inner_forum.joined = former.forum))
WHERE post.question IN (SELECT question FROM former);

-- Who speaks for each side of a code, and from which place; and who was told what agreeing means: only their `yes` counts.
ALTER TABLE code ADD COLUMN maker_by INTEGER REFERENCES identity (id);
ALTER TABLE code ADD COLUMN maker_place INTEGER REFERENCES place (id);
ALTER TABLE code ADD COLUMN maker_told INTEGER REFERENCES identity (id);
ALTER TABLE code ADD COLUMN taker_by INTEGER REFERENCES identity (id);
ALTER TABLE code ADD COLUMN taker_place INTEGER REFERENCES place (id);
ALTER TABLE code ADD COLUMN taker_told INTEGER REFERENCES identity (id);

-- Codes that somebody said and that were none: whoever says many waits.
CREATE TABLE wrong_code (
    id INTEGER PRIMARY KEY,
    identity INTEGER NOT NULL REFERENCES identity (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX wrong_code_identity ON wrong_code (identity, at);

-- What a message said when somebody else began to make a post of it, until they are done; a day at the most.
CREATE TABLE words (
    platform TEXT NOT NULL,
    message TEXT NOT NULL,
    person TEXT NOT NULL,
    place TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (platform, message, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX words_at ON words (at);
