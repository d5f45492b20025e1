-- Which parts of a text the message that its post was made from does not say, since they were changed elsewhere, by a command or a moderator:
-- 1 the title, 2 the body, 4 the tags. A change of that message is a change of what it says.
ALTER TABLE text ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;
ALTER TABLE revision ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;
-- Of before it is known as far as others made a text, or a command that is remembered.
UPDATE revision SET elsewhere = 7 WHERE number > 1
    AND (author <> (SELECT author FROM post WHERE id = revision.post)
         OR EXISTS (SELECT 1 FROM inbox WHERE platform = 'matrix' AND key = revision.event AND edits IS NULL AND person <> ''));
UPDATE text SET elsewhere = 7 WHERE revision > 1
    AND (author <> (SELECT author FROM post WHERE id = text.post)
         OR EXISTS (SELECT 1 FROM inbox WHERE platform = 'matrix' AND key = text.event AND edits IS NULL AND person <> ''));
