-- Where a post was first written, if that was in another store: the name of that store, and the post's address and moment there, such as
-- `#1.2@1700000000000`. The post keeps it through any number of exports and imports.
CREATE TABLE written_in (
    post INTEGER PRIMARY KEY REFERENCES post (id),
    store TEXT NOT NULL,
    address TEXT NOT NULL
) STRICT;
CREATE INDEX written_in_address ON written_in (store, address);

INSERT OR IGNORE INTO written_in (post, store, address)
SELECT received.post, origin.store, received.key FROM received JOIN origin ON origin.id = received.origin
WHERE origin.store <> (SELECT id FROM store) AND instr(received.key, '@') > 0 ORDER BY origin.id;
