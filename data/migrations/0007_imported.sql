-- From where posts were imported: a dump or a file, by the name it was given then, and the address of the site, if that is known.
-- `forum`: the forum it was imported into, whatever that joined since. `base`: the newest number there before.
CREATE TABLE origin (
    id INTEGER PRIMARY KEY,
    forum INTEGER NOT NULL REFERENCES forum (id),
    name TEXT NOT NULL,
    site TEXT,
    base INTEGER NOT NULL,
    UNIQUE (forum, name)
) STRICT;

-- Which post was what there: `key` is its name at its origin. `wiki`: it belongs to the community there.
-- `accepts`: the key of the answer that is accepted, as long as that has not come.
CREATE TABLE imported (
    post INTEGER PRIMARY KEY REFERENCES post (id),
    origin INTEGER NOT NULL REFERENCES origin (id),
    key TEXT NOT NULL,
    licence TEXT,
    wiki INTEGER NOT NULL DEFAULT 0 CHECK (wiki IN (0, 1)),
    accepts TEXT,
    UNIQUE (origin, key)
) STRICT;

-- What came with another forum's export, by its address there, so that it is known when it comes again.
CREATE TABLE received (
    origin INTEGER NOT NULL REFERENCES origin (id),
    key TEXT NOT NULL,
    post INTEGER NOT NULL REFERENCES post (id),
    PRIMARY KEY (origin, key)
) STRICT, WITHOUT ROWID;

-- Votes that were imported without their voters: they are in `ups` and `downs` too.
ALTER TABLE score ADD COLUMN carried_ups INTEGER NOT NULL DEFAULT 0;
ALTER TABLE score ADD COLUMN carried_downs INTEGER NOT NULL DEFAULT 0;

-- A closed question: since when, and why (0: a duplicate, 1: off topic, 2: unclear, 3: too broad, 4: a matter of opinion, 5: too local,
-- 6: answered by any reference, 7: noise, 8: nobody said).
ALTER TABLE post ADD COLUMN closed_at INTEGER CHECK (closed_at IS NULL OR kind = 0);
ALTER TABLE post ADD COLUMN closed_as INTEGER CHECK (closed_as BETWEEN 0 AND 8) CHECK ((closed_as IS NULL) = (closed_at IS NULL));

-- Questions that have to do with others. `kind` 0: related, 1: it asks the same as the other.
CREATE TABLE link (
    question INTEGER NOT NULL REFERENCES post (id),
    other INTEGER NOT NULL REFERENCES post (id),
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    PRIMARY KEY (question, other, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_other ON link (other);
