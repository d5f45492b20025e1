-- The moderator who has a person's message taken away while its post is hidden, as its platform names them: they are told where that can't be.
ALTER TABLE text_copy ADD COLUMN moderator TEXT;
