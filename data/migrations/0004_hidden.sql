-- A hidden post: since when; who hid it, which says who may show it again (0: its author, 1: a moderator, 2: nobody knows who, its
-- source is gone); by which account, where that is known; and when it is withdrawn unless it is shown again before.
-- A withdrawn post is not hidden any more.
ALTER TABLE post ADD COLUMN hidden_at INTEGER;
ALTER TABLE post ADD COLUMN hidden_as INTEGER CHECK (hidden_as IN (0, 1, 2)) CHECK ((hidden_as IS NULL) = (hidden_at IS NULL));
ALTER TABLE post ADD COLUMN hidden_by INTEGER REFERENCES identity (id);
ALTER TABLE post ADD COLUMN withdraw_at INTEGER CHECK (withdraw_at IS NULL OR hidden_at IS NOT NULL);
CREATE INDEX post_withdraw ON post (withdraw_at) WHERE withdraw_at IS NOT NULL;
