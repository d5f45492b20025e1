-- The number that was given last to a row of each table whose rows have numbers, and to a change. None is given twice.
CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO counter (name, last)
SELECT 'forum', coalesce(max(id), 0) FROM forum
UNION ALL SELECT 'place', coalesce(max(id), 0) FROM place
UNION ALL SELECT 'identity', coalesce(max(id), 0) FROM identity
UNION ALL SELECT 'member', coalesce(max(id), 0) FROM member
UNION ALL SELECT 'post', coalesce(max(id), 0) FROM post
UNION ALL SELECT 'surface', coalesce(max(id), 0) FROM surface
UNION ALL SELECT 'outbox', coalesce(max(id), 0) FROM outbox
UNION ALL SELECT 'origin', coalesce(max(id), 0) FROM origin
UNION ALL SELECT 'wrong_code', coalesce(max(id), 0) FROM wrong_code
UNION ALL SELECT 'text_copy', coalesce(max(id), 0) FROM text_copy
UNION ALL SELECT 'change_log', coalesce(max(newest.seq), 0)
    FROM (SELECT seq FROM change_log UNION ALL SELECT pruned FROM store) AS newest;
