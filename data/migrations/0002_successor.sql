-- The place that took the place of another, as when a Matrix room is upgraded: nothing more is posted to the one left behind,
-- and its cards are kept true as long as it takes that.
ALTER TABLE place ADD COLUMN successor INTEGER REFERENCES place (id);
