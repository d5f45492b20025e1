-- Whose exports an origin is: the name of the store that wrote them, where they say it.
ALTER TABLE origin ADD COLUMN store TEXT;

-- What an import said last of a question that it brought: which answer is accepted, since when it is closed and why. What is otherwise by
-- now was decided here, and stays.
CREATE TABLE brought (
    question INTEGER PRIMARY KEY REFERENCES post (id),
    accepted INTEGER REFERENCES post (id),
    closed_at INTEGER,
    closed_as INTEGER CHECK ((closed_as IS NULL) = (closed_at IS NULL))
) STRICT;
