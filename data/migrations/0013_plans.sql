-- What is looked for by these is found without reading all that the forum has.
CREATE INDEX forum_joined ON forum (joined) WHERE joined IS NOT NULL;
CREATE INDEX place_home ON place (home) WHERE home IS NOT NULL;
CREATE INDEX membership_identity ON membership (identity);
CREATE INDEX outbox_place ON outbox (place);
CREATE INDEX outbox_post ON outbox (post);

-- A place's stale cards in the order in which they are brought up to date.
DROP INDEX surface_stale;
CREATE INDEX surface_stale ON surface (place, stale) WHERE stale IS NOT NULL;
