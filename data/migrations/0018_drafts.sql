-- What somebody wrote and was refused, kept a day so that they can correct it. `platform`, `person`: the account whose it is, as `identity`
-- names accounts. `about`: what it was to become, and `filled`: what they wrote, both in the adapter's own words; one draft of each in a
-- place. `post`: the post whose text it was to be, with which it goes. `until`: when it is deleted.
CREATE TABLE draft (
    id TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    place TEXT NOT NULL,
    about TEXT NOT NULL,
    filled TEXT NOT NULL,
    post INTEGER REFERENCES post (id),
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX draft_about ON draft (platform, person, place, about);
CREATE INDEX draft_person ON draft (platform, person, until);
CREATE INDEX draft_post ON draft (post) WHERE post IS NOT NULL;
CREATE INDEX draft_until ON draft (until);
