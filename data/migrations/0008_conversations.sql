-- Which forum a person chose for a conversation, where they share several with the bot.
CREATE TABLE conversation (
    place INTEGER PRIMARY KEY REFERENCES place (id),
    forum INTEGER NOT NULL REFERENCES forum (id)
) STRICT;

-- The forums in which a person agreed that what they say in a conversation is published.
CREATE TABLE agreed (
    place INTEGER NOT NULL REFERENCES place (id),
    forum INTEGER NOT NULL REFERENCES forum (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (place, forum)
) STRICT, WITHOUT ROWID;

-- What somebody wanted published from a conversation and has yet to agree to. `event`: what was heard; `forum`: the one that they
-- were asked about, none where they have yet to say which. `wanted`: JSON. `reply`: the key of the message by which they were asked,
-- `prompt` that message, once it was seen. After `until` it is forgotten.
CREATE TABLE waiting (
    place INTEGER NOT NULL REFERENCES place (id),
    event TEXT NOT NULL,
    forum INTEGER REFERENCES forum (id),
    message TEXT,
    here INTEGER REFERENCES post (id),
    wanted TEXT NOT NULL,
    reply TEXT NOT NULL,
    prompt TEXT,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    PRIMARY KEY (place, event)
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting_reply ON waiting (reply);
CREATE INDEX waiting_prompt ON waiting (prompt) WHERE prompt IS NOT NULL;
CREATE INDEX waiting_until ON waiting (until);
