-- Whether the threads of a place have names of their own: as its platform says of itself.
ALTER TABLE place ADD COLUMN names_threads INTEGER NOT NULL DEFAULT 0;
UPDATE place SET names_threads = 1 WHERE platform = 'discord';
