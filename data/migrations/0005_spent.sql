-- Reactions that count no more though they may still hang: one that was refused, and one whose acceptance was taken back or moved by
-- other means. (Those whose votes were taken back are in `saying`, not standing.) One that is taken away is forgotten here.
CREATE TABLE spent (reaction TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
