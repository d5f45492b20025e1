-- Accounts that are one person: the oldest of them stands for all, and for itself. None: on its own.
ALTER TABLE identity ADD COLUMN person INTEGER REFERENCES identity (id);
CREATE INDEX identity_person ON identity (person) WHERE person IS NOT NULL;
CREATE INDEX identity_name ON identity (name);

-- The forum that a forum joined: its questions are there as long as it stays. `home`: the forum that a place goes back to when that leaves.
ALTER TABLE forum ADD COLUMN joined INTEGER REFERENCES forum (id);
ALTER TABLE place ADD COLUMN home INTEGER REFERENCES forum (id);

-- What keeps others from reading in a place: it is encrypted, it is not public.
ALTER TABLE place ADD COLUMN encrypted INTEGER NOT NULL DEFAULT 0 CHECK (encrypted IN (0, 1));
ALTER TABLE place ADD COLUMN private INTEGER NOT NULL DEFAULT 0 CHECK (private IN (0, 1));

-- The numbers that questions had in a forum before it joined another, and have again when it leaves.
CREATE TABLE former (
    forum INTEGER NOT NULL REFERENCES forum (id),
    number INTEGER NOT NULL,
    question INTEGER NOT NULL REFERENCES post (id),
    PRIMARY KEY (forum, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_question ON former (question);

-- One-time codes by which two accounts become one person (kind 0: the sides are identities) or two forums one (1: they are forums).
-- `agrees`: who has confirmed. A code that was used is kept until it is too late for it.
CREATE TABLE code (
    code TEXT PRIMARY KEY,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
    until INTEGER NOT NULL,
    maker INTEGER NOT NULL,
    taker INTEGER,
    maker_agrees INTEGER NOT NULL DEFAULT 0 CHECK (maker_agrees IN (0, 1)),
    taker_agrees INTEGER NOT NULL DEFAULT 0 CHECK (taker_agrees IN (0, 1)),
    used INTEGER NOT NULL DEFAULT 0 CHECK (used IN (0, 1))
) STRICT, WITHOUT ROWID;
