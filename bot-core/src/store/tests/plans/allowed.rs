//! What statements may read besides single rows, each with the reason.

/// Keys of which there are few rows, however much a forum has: an index, or a table of which it is the primary key; the part
/// of it that is given; why they are few.
pub(super) const FEW: &[(&str, &str)] = &[
    ("all of code", "the codes of two days"),
    ("all of origin", "the imports, one a dump or file"),
    ("all of store", "one row"),
    (
        "draft_person (platform=? AND person=?)",
        "the drafts of one person",
    ),
    (
        "draft_person (platform=? AND person=? AND until<?)",
        "the drafts of one person",
    ),
    ("draft_post (post=?)", "the drafts of one post's text"),
    (
        "change_log_reason (post=?)",
        "the changes of one post for which a reason was given",
    ),
    ("origin (forum=?)", "the imports into one forum"),
    ("forum_joined (joined=?)", "the forums that joined one"),
    (
        "former_question (question=?)",
        "a question's numbers, one a forum that joined",
    ),
    (
        "former_question (question=? AND forum=?)",
        "a question's number in one forum",
    ),
    ("identity_skeleton (skeleton=?)", "people who look the same"),
    ("identity_person (person=?)", "a person's accounts"),
    ("imported (post=?)", "where one post came from"),
    (
        "written_in_address (store=? AND address=?)",
        "the copies of one post, one a forum",
    ),
    (
        "ledger (platform=? AND key>? AND key<?)",
        "what an adapter can’t hear yet, bounded by room and person",
    ),
    ("link (question=?)", "what one question is linked to"),
    ("link_other (other=?)", "what is linked to one question"),
    (
        "membership_identity (identity=?)",
        "the forums that one account is in",
    ),
    ("membership_member (member=?)", "a person's accounts"),
    (
        "membership_member (member=? AND forum=?)",
        "a person's accounts",
    ),
    ("outbox_post (post=?)", "the cards of one post, one a place"),
    ("place_forum (forum=?)", "a forum's places"),
    (
        "place_home (home=?)",
        "the places that a forum brought along",
    ),
    (
        "paged_view_person (platform=? AND person=?)",
        "the lists that one person pages",
    ),
    (
        "paged_view_person (platform=? AND person=? AND until<?)",
        "the lists that one person pages",
    ),
    (
        "post_accepted_via (accepted_via=?)",
        "what one reaction accepted",
    ),
    (
        "post_author (author=? AND at>?)",
        "what one account wrote within an hour",
    ),
    ("post_child (parent=?)", "what hangs on one post"),
    ("post_child (parent=? AND kind=?)", "what hangs on one post"),
    ("post_question (question=?)", "what hangs on one question"),
    (
        "post_question (question=? AND kind=?)",
        "what hangs on one question",
    ),
    ("revision (post=? AND number<?)", "one post's earlier texts"),
    ("revision_event (event=?)", "what one message wrote"),
    ("identity_skeleton (skeleton=?)", "namesakes"),
    ("text_event (event=?)", "what one message wrote"),
    ("revision (post=?)", "one post's earlier texts"),
    (
        "saying (post=? AND identity=?)",
        "what one account said of one post",
    ),
    ("saying_reaction (reaction=?)", "what one reaction said"),
    (
        "surface (message=?)",
        "what one message shows: its name is its platform's own",
    ),
    ("surface_post (post=?)", "the messages that show one post"),
    ("tag (post=?)", "one question's tags"),
    (
        "text_copy_key (key=?)",
        "one reply: twice where a platform forgot the first",
    ),
    (
        "text_copy_message (message=?)",
        "one message: its name is its platform's own",
    ),
    (
        "text_copy_post (post=?)",
        "the messages that hold one post's text",
    ),
    (
        "text_copy_post_copy (copy=?)",
        "the posts that one message shows",
    ),
    (
        "waiting (place=?)",
        "what one person waits to have published",
    ),
    (
        "words (platform=? AND message=?)",
        "those who make posts of one message",
    ),
    (
        "wrong_code_identity (identity=?)",
        "the wrong codes that one account said in an hour",
    ),
    (
        "wrong_code_identity (identity=? AND at<?)",
        "the wrong codes that one account said in an hour",
    ),
    ("waiting_prompt (prompt=?)", "what one message asks"),
    (
        "waiting_prompt (prompt=? AND place=?)",
        "what one message asks",
    ),
    ("waiting_reply (reply=?)", "what one message asks"),
];

/// What may grow: a text that the statement has, what it reads, and why.
pub(super) const GROWS: &[(&str, &str, &str)] = &[
    (
        "SELECT EXISTS (SELECT 1 FROM received WHERE origin = ?1)",
        "received (origin=?)",
        "the first one",
    ),
    (
        "coalesce(max(given.number), 0) FROM post AS given WHERE given.forum = ?1",
        "post_number (forum=? AND number<?)",
        "the last one, of the index's end",
    ),
    (
        "coalesce(max(given.number), 0) FROM post AS given WHERE given.parent = ?1",
        "post_child (parent=? AND kind=? AND number<?)",
        "the last one, of the index's end",
    ),
    // One page or one batch of an order that an index has, however long that is.
    (
        "AND post.id > ?1 ORDER BY post.id LIMIT",
        "post (rowid>?)",
        "a batch",
    ),
    (
        "WHERE seq > ?1 ORDER BY seq LIMIT",
        "change_log (rowid>?)",
        "a batch",
    ),
    (
        "AND post.number BETWEEN ?2 AND ?3 ORDER BY post.number LIMIT",
        "post_number (forum=? AND number>? AND number<?)",
        "a few",
    ),
    (
        "ORDER BY post.number DESC LIMIT ?2",
        "post_number (forum=?)",
        "the newest few",
    ),
    (
        "ORDER BY post.number DESC LIMIT ?2",
        "post_listed (forum=?)",
        "the newest few",
    ),
    (
        "ORDER BY number DESC LIMIT ?4) AS recent",
        "post_number (forum=?)",
        "the newest 1,000",
    ),
    (
        "ORDER BY number DESC LIMIT ?4) AS recent",
        "post_listed (forum=?)",
        "the newest 1,000",
    ),
    (
        "ORDER BY number DESC LIMIT 50) AS newest",
        "post_number (forum=?)",
        "the newest 50",
    ),
    (
        "tag.name = ?2 LIMIT 1",
        "tag_name (forum=? AND name=?)",
        "up to the first that can be seen",
    ),
    (
        "ORDER BY tag.name LIMIT 1",
        "tag_name (forum=? AND name>?)",
        "up to the first that can be seen",
    ),
    ("SELECT 1 FROM post LIMIT", "all of post", "the first 100"),
    (
        "SELECT min(withdraw_at)",
        "post_withdraw (withdraw_at>?)",
        "the first",
    ),
    (
        "ORDER BY withdraw_at LIMIT",
        "post_withdraw (withdraw_at<?)",
        "a batch of what is due",
    ),
    (
        "SELECT min(place) FROM outbox",
        "outbox_place (place>?)",
        "the first, once a place that waits",
    ),
    (
        "ORDER BY outbox.id LIMIT 1",
        "outbox_place (place=?)",
        "the first, once a place that waits",
    ),
    (
        "SELECT min(place) FROM surface",
        "surface_stale (place>?)",
        "the first, once a place that waits",
    ),
    (
        "UPDATE surface SET shown = NULL WHERE stale IS NOT NULL",
        "all of surface_stale",
        "the cards that wait to be edited, once a start",
    ),
    (
        "ORDER BY surface.stale, surface.id LIMIT",
        "surface_stale (place=? AND stale>?)",
        "a batch, once a place that waits",
    ),
    (
        "FROM text_copy CROSS JOIN place",
        "all of text_copy_work",
        "a batch of what waits to be taken away",
    ),
    (
        "FROM thread_name CROSS JOIN place",
        "all of thread_name",
        "a batch of the names that wait",
    ),
    (
        "text.post > ?1 ORDER BY text.post LIMIT",
        "text (rowid>?)",
        "a batch",
    ),
    (
        "FROM post WHERE id > ?1 AND withdrawn_at IS NOT NULL ORDER BY id LIMIT",
        "post (rowid>?)",
        "a batch, where the list of what was erased is lost or a backup is restored",
    ),
    (
        "FROM forgetting CROSS JOIN post",
        "all of forgetting",
        "a batch of what is being forgotten",
    ),
    (
        "WHERE (platform, key) > (?1, ?2)",
        "inbox ((platform,key)>(?,?))",
        "a batch",
    ),
    (
        "DELETE FROM change_log WHERE seq <= ?1",
        "change_log (rowid<?)",
        "what nobody follows any more",
    ),
    // What came while something else was done.
    (
        "change_log.seq > ?3 AND change_log.question = post.question",
        "change_log (rowid>?)",
        "changes while a card was sent",
    ),
    (
        "CROSS JOIN surface ON surface.post = change_log.post",
        "change_log (rowid>?)",
        "the newest 100,000, after a new session",
    ),
    (
        "FROM identity WHERE id > ?1 ORDER BY id LIMIT",
        "identity (rowid>?)",
        "a batch, when names are folded anew",
    ),
    (
        "DELETE FROM words WHERE at",
        "words_at (at<?)",
        "what is forgotten after a day",
    ),
    (
        "UPDATE post SET side = NULL",
        "post_side (side>?)",
        "a forum leaves",
    ),
    (
        "DELETE FROM waiting WHERE until",
        "waiting_until (until<?)",
        "what is forgotten after a day",
    ),
    (
        "SELECT surface.message, surface.post FROM identity JOIN post",
        "post_author (author=?)",
        "what one account wrote, when it is banned with all of that",
    ),
    (
        "UPDATE outbox SET next_at = 0 WHERE place",
        "outbox_place (place=?)",
        "what waits in one place, when the bot may do more there",
    ),
    (
        "DELETE FROM draft WHERE until",
        "draft_until (until<?)",
        "what is too old",
    ),
    (
        "DELETE FROM paged_view WHERE until",
        "paged_view_until (until<?)",
        "what has ended",
    ),
    (
        "AND post.withdrawn_at IS NULL LIMIT ?3",
        "post_author (author=?)",
        "up to the first few that can be seen",
    ),
    (
        "SELECT NOT EXISTS (SELECT 1 FROM post) AND",
        "all of post",
        "the first",
    ),
    (
        "SELECT NOT EXISTS (SELECT 1 FROM post) AND",
        "all of identity",
        "the first",
    ),
    // What somebody asked for is that much.
    (
        "SELECT key FROM (",
        "saying (post=?)",
        "the reactions on one post, compared with those that hang there",
    ),
    (
        "SELECT key FROM (",
        "spent (reaction>? AND reaction<?)",
        "the reactions on one message",
    ),
    (
        "SELECT message FROM surface WHERE message >= ?2",
        "surface (message>? AND message<?)",
        "the messages of one thread",
    ),
    (
        "SELECT count(*) FILTER (WHERE vote = 1)",
        "saying (post=?)",
        "the votes on one post, counted again",
    ),
    (
        "WITH accounts AS",
        "post_author (author=?)",
        "what one person wrote, when their accounts are joined",
    ),
    (
        "WITH accounts AS",
        "all of saying",
        "what one person voted on, when their accounts are joined",
    ),
    (
        "FROM outbox WHERE place = ?1",
        "outbox_place (place=?)",
        "a room that another takes the place of",
    ),
    (
        "WHERE outbox.place = ?1",
        "outbox_place (place=?)",
        "a room that another takes the place of",
    ),
    (
        "DELETE FROM outbox WHERE place IN",
        "outbox_place (place=?)",
        "a room that is closed",
    ),
    (
        "AND direct = 0 AND open = 1 AND successor IS NULL ORDER BY id",
        "place (platform=?)",
        "a platform's rooms, once a start",
    ),
    (
        "INSERT INTO place",
        "all of place",
        "nothing is read: this is how the plan shows RETURNING",
    ),
    // Forums that join another, and leave it: all that they bring is moved.
    ("former", "former (forum=?)", "a forum joins or leaves"),
    (
        "INSERT INTO former",
        "post_number (forum=?)",
        "a forum joins",
    ),
    (
        "UPDATE tag SET forum",
        "tag_name (forum=?)",
        "a forum joins or leaves",
    ),
    (
        "SELECT identity FROM membership WHERE forum",
        "membership (forum=?)",
        "a forum joins",
    ),
    (
        "UNION SELECT saying.identity FROM former",
        "saying (post=?)",
        "a forum leaves",
    ),
    (
        "DELETE FROM outbox WHERE attempts = 0 AND",
        "all of outbox",
        "a forum leaves",
    ),
    (
        "SELECT coalesce((SELECT coalesce(server_name, name) FROM place",
        "post_number (forum=?)",
        "a forum is about to join: its admins are told how large it is",
    ),
    // Whoever runs the bot asks for all of it.
    (
        "SELECT name FROM forum ORDER BY id",
        "all of forum",
        "the command line lists forums",
    ),
    (
        "LEFT JOIN forum AS target",
        "all of forum",
        "the command line lists forums",
    ),
    (
        "LEFT JOIN forum AS target",
        "post_number (forum=?)",
        "the command line counts each forum's questions",
    ),
    (
        "SELECT place.platform, count(*) FROM outbox JOIN",
        "all of place",
        "an operator asks what waits",
    ),
    (
        "SELECT place.platform, count(*) FROM outbox JOIN",
        "outbox_place (place=?)",
        "an operator asks what waits",
    ),
    (
        "SELECT place.platform, count(*) FROM surface JOIN",
        "all of place",
        "an operator asks what waits",
    ),
    (
        "SELECT place.platform, count(*) FROM surface JOIN",
        "surface_stale (place=? AND stale>?)",
        "an operator asks what waits",
    ),
    (
        "SELECT place.platform, count(*) FROM text_copy JOIN",
        "all of text_copy_work",
        "an operator asks what waits",
    ),
    (
        "SELECT place.platform, count(*) FROM thread_name JOIN",
        "all of place",
        "an operator asks what waits",
    ),
    (
        "SELECT place.platform, count(*) FROM thread_name JOIN",
        "thread_name (place=?)",
        "an operator asks what waits",
    ),
    (
        "SELECT (SELECT count(*) FROM forum)",
        "all of forum",
        "the command line counts everything",
    ),
    (
        "SELECT (SELECT count(*) FROM forum)",
        "all of place",
        "the command line counts everything",
    ),
    (
        "SELECT (SELECT count(*) FROM forum)",
        "all of member",
        "the command line counts everything",
    ),
    (
        "SELECT (SELECT count(*) FROM forum)",
        "all of post",
        "the command line counts everything",
    ),
    (
        "SELECT (SELECT count(*) FROM forum)",
        "all of score",
        "the command line counts everything",
    ),
    (
        "SELECT (SELECT count(*) FROM forum)",
        "all of outbox",
        "the command line counts everything",
    ),
    (
        "SELECT (SELECT count(*) FROM forum)",
        "all of surface_stale",
        "the command line counts everything",
    ),
    (
        "SELECT id FROM post WHERE forum = ?1 AND kind = 0 ORDER BY number",
        "post_number (forum=?)",
        "an export",
    ),
    (
        "SELECT post.number, other.number, link.kind",
        "post_number (forum=?)",
        "an export",
    ),
    (
        "SELECT person, platform, key, name FROM identity",
        "membership (forum=?)",
        "an export",
    ),
    (
        "JOIN identity ON identity.id = saying.identity WHERE post = ?1",
        "saying (post=?)",
        "an export",
    ),
    // Lists.
    (
        "GROUP BY tag.name ORDER BY count(*) DESC, tag.name",
        "tag_name (forum=? AND name>?)",
        "a list of tags: all that begin so are counted, since withdrawn and hidden questions count no more",
    ),
    (
        "SELECT post FROM tag WHERE forum = ?1 AND name = ?2",
        "tag_name (forum=? AND name=?)",
        "what has one tag, from the index alone",
    ),
    (
        "SELECT count(*) FROM post INDEXED BY post_listed",
        "post_listed (forum=?)",
        "a list says how many pages it has",
    ),
    (
        "SELECT post.id FROM post INDEXED BY post_listed",
        "post_listed (forum=?)",
        "a list, by what no index has",
    ),
];
