-- When a question's newest visible answer was written, kept like their count: a list of where most goes on reads no answers.
ALTER TABLE post ADD COLUMN answered_at INTEGER;
UPDATE post SET answered_at = newest.at
FROM (SELECT question, max(at) AS at FROM post
      WHERE kind = 1 AND withdrawn_at IS NULL AND hidden_at IS NULL GROUP BY question) AS newest
WHERE newest.question = post.id;
