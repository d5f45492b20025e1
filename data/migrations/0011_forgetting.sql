-- What is to be gone from every file of the storage folder: a row stays until it is, so that a crash in between is made up for.
-- `kind` 0: a post that was withdrawn; 1: one that was hidden, which is to be gone from the search index only; 2: an edit that
-- was removed, that which `event` had made (else empty). `seq`: the change that took it away.
CREATE TABLE forgetting (
    post INTEGER NOT NULL,
    kind INTEGER NOT NULL CHECK (kind IN (0, 1, 2)),
    event TEXT NOT NULL,
    question INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (post, kind, event)
) STRICT, WITHOUT ROWID;

-- The message or event that a text was made by, where it is known: whoever takes that away takes this text away.
ALTER TABLE text ADD COLUMN event TEXT;
ALTER TABLE revision ADD COLUMN event TEXT;
CREATE INDEX text_event ON text (event) WHERE event IS NOT NULL;
CREATE INDEX revision_event ON revision (event) WHERE event IS NOT NULL;

-- `pruned`: the newest change that the change log has lost; what has not followed it that far begins anew. `unclean`: an older
-- version wrote this database, and left in its pages what it had deleted. `wiped`: how often what was deleted was overwritten.
ALTER TABLE store ADD COLUMN pruned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE store ADD COLUMN unclean INTEGER NOT NULL DEFAULT 0 CHECK (unclean IN (0, 1));
ALTER TABLE store ADD COLUMN wiped INTEGER NOT NULL DEFAULT 0;
UPDATE store SET unclean = 1;

-- A refused tag stood in what came of the message.
UPDATE inbox SET outcome = '' WHERE substr(outcome, 1, 20) = '{"refused":{"bad_tag';
