-- The message that an event changed: a change is not itself a message that another change could mend.
ALTER TABLE inbox ADD COLUMN edits TEXT;
