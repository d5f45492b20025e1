-- Who made a change and why, where that is known. Votes name nobody: who voted is in `saying`, as long as the vote stands. A reason is
-- in its author's own words, or a fixed name such as that of why a question was closed.
ALTER TABLE change_log ADD COLUMN actor INTEGER;
ALTER TABLE change_log ADD COLUMN reason TEXT;
CREATE INDEX change_log_reason ON change_log (post) WHERE reason IS NOT NULL;
