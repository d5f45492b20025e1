-- What somebody asked to see, kept so that its pages can be turned and shared: only views that have a button for that.
-- `platform`, `person`: the account whose it is, as `identity` names accounts; nobody else turns or shares them. `asked` is in the
-- adapter's own words. `until`: when it is deleted.
CREATE TABLE paged_view (
    id TEXT PRIMARY KEY,
    platform TEXT NOT NULL,
    person TEXT NOT NULL,
    asked TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX paged_view_person ON paged_view (platform, person, until);
CREATE INDEX paged_view_until ON paged_view (until);

-- Until now the options of every command were kept in the ledger.
DELETE FROM ledger WHERE platform = 'discord' AND key LIKE 'page.%';

-- A place that is narrower than another of its forum, that is, not all who can view the other can view it: whether nothing was said of
-- that (0), whoever manages it was warned (1), or its admin was told what it means and agreed (2).
ALTER TABLE place ADD COLUMN narrower INTEGER NOT NULL DEFAULT 0 CHECK (narrower IN (0, 1, 2));
