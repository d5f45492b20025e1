-- Sayings of votes, in one tree with the key by which they are looked for. `nth`: the number of a saying among those of its post, in the
-- order in which they were said; `score.said`: the number that was given last. Never given twice.
CREATE TABLE saying_of_post (
    post INTEGER NOT NULL REFERENCES post (id),
    identity INTEGER NOT NULL REFERENCES identity (id),
    nth INTEGER NOT NULL,
    reaction TEXT,
    vote INTEGER NOT NULL CHECK (vote IN (1, -1)),
    standing INTEGER NOT NULL DEFAULT 1 CHECK (standing IN (0, 1)),
    PRIMARY KEY (post, identity, nth)
) STRICT, WITHOUT ROWID;
INSERT INTO saying_of_post (post, identity, nth, reaction, vote, standing)
SELECT post, identity, id, reaction, vote, standing FROM saying ORDER BY post, identity, id;
ALTER TABLE score ADD COLUMN said INTEGER NOT NULL DEFAULT 0;
UPDATE score SET said = last.nth
FROM (SELECT post, max(nth) AS nth FROM saying_of_post GROUP BY post) AS last WHERE last.post = score.post;
INSERT INTO score (post, said) SELECT post, max(nth) FROM saying_of_post
WHERE post NOT IN (SELECT post FROM score) GROUP BY post;
DROP TABLE saying;
ALTER TABLE saying_of_post RENAME TO saying;
CREATE INDEX saying_reaction ON saying (reaction) WHERE reaction IS NOT NULL;

-- What lists count and sort, without reading the questions themselves.
CREATE INDEX post_listed ON post (forum, number, answers) WHERE kind = 0 AND withdrawn_at IS NULL AND hidden_at IS NULL;
