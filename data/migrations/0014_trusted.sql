-- An import that began in a store that nobody had used yet, and has not ended: the accounts in it are taken as they are.
ALTER TABLE origin ADD COLUMN trusted INTEGER NOT NULL DEFAULT 0 CHECK (trusted IN (0, 1));
