-- The post that a message hung on by which nothing came about: whoever changes it means the same one.
ALTER TABLE inbox ADD COLUMN here INTEGER;

-- The post that a reply shows: votes on that message and replies to it are about that post.
ALTER TABLE text_copy ADD COLUMN shows INTEGER REFERENCES post (id);
