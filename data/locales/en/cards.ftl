# Cards: posts, threads, lists, what was found.
# Variables that name people, titles, commands, moments and addresses are put in whole; their text is never read as Fluent.

# A post's author whose name is not known.
someone = someone

# A person who looks like somebody else in the forum; $account is theirs alone. Nobody's own name has round brackets.
name-with-account = { $platform ->
    [discord] { $name } ({ $account } on Discord)
    [matrix] { $name } ({ $account })
    [terminal] { $name } ({ $account } in the terminal)
   *[other] { $name } ({ $account } on { $platform })
}

# An imported post's author whose account was deleted, and whose name is not known.
deleted-user = a deleted user

# A moment; $month is one of jan … dec, $time has hours and minutes.
moment = { $day } { $month ->
    [jan] Jan
    [feb] Feb
    [mar] Mar
    [apr] Apr
    [may] May
    [jun] Jun
    [jul] Jul
    [aug] Aug
    [sep] Sep
    [oct] Oct
    [nov] Nov
   *[dec] Dec
} { $year }, { $time } UTC

# Between the parts of a line of small print: "+84 votes · 3 answers · …".
between = {" · "}

# Between the words of an enumeration: "rust, setup".
comma = {", "}

# $sign says which side of zero the votes are on, $count is how many without the sign.
votes = { $sign ->
    [plus] { $count ->
        [one] +{ $count } vote
       *[other] +{ $count } votes
    }
    [minus] { $count ->
        [one] –{ $count } vote
       *[other] –{ $count } votes
    }
   *[zero] 0 votes
}

answers = { $count ->
    [0] no answers yet
    [one] { $count } answer
   *[other] { $count } answers
}

## A question, an answer, a comment

question-title = { $address } { $title }
answer-title = { $address } Answer by { $author }
answer-title-accepted = ✅ { $address } Accepted answer by { $author }
comment-title = { $address } Comment by { $author }
comment-head = { $address } { $author }

asked = asked { $at } by { $author }
edited-by = edited by { $name }
tags = Tags: { $tags }
answered = ✅ Answered: { $answer }
withdrawn = { $address } was withdrawn.
# In the place of a message of the bot's that held a post's text and could not be taken away.
no-more = What stood here of { $address } is not shown any more.
# To a person alone; the address leads to their message.
still-stands = { $address } is withdrawn, but your own message with its text still stands, because I may not take messages away there. You can delete it yourself.
# The same, where a moderator wanted their message to be taken away and the post is only hidden.
still-stands-hidden = { $address } is hidden, and a moderator wants your own message with its text to be taken away. I may not do that there. You can delete it yourself.
# To that moderator alone; the address leads to the message.
not-removed = What the author wrote of { $address } still stands, because I may not take messages away there. Whoever may can delete it; or let me do that, and say so again.

# A question that takes no answers any more, and why.
closed = 🔒 Closed { $at }
closed-duplicate = 🔒 Closed { $at }: it asks the same as { $others }
# The same, where the other question can't be seen here.
closed-as-duplicate = 🔒 Closed { $at }: it was asked before
closed-off-topic = 🔒 Closed { $at }: it is about something else than this forum
closed-unclear = 🔒 Closed { $at }: it is not clear what is asked
closed-too-broad = 🔒 Closed { $at }: it would take too much to answer
closed-opinion = 🔒 Closed { $at }: answers would be opinions
closed-too-local = 🔒 Closed { $at }: it would help nobody else
closed-reference = 🔒 Closed { $at }: any reference has the answer
closed-noise = 🔒 Closed { $at }: there is no question in it

# Where a post was imported from: a site or a file, and the licence of its text.
origin = from { $source }
licensed = { $licence }
# An imported post that anybody was to edit.
wiki = community wiki

# What stands in place of a hidden post.
hidden-by-author = { $address } is hidden by its author.
hidden-by-moderator = { $address } is hidden by a moderator.
hidden-source-gone = { $address } is hidden, because the message it was made from was deleted.
# Behind one of them, where the post goes by itself; the command shows it again.
hidden-until = It is withdrawn for good { $at }, unless { $command } shows it again.

# After a text that was cut off; the command shows the rest.
folded = … { $command } shows all of it

# Under a question that nobody answered yet.
question-hint = Answer with { $command } · 👍 👎 vote

## Pages

page = Page { $number } of { $pages }
page-next = Page { $number } of { $pages } · { $command } shows the next
# Where they are too many to be counted.
page-open = Page { $number }
page-open-next = Page { $number } · { $command } shows the next
# Below a page that somebody shows to all.
shared-by = Shared by { $person }

## What was found

hits = { $count ->
    [one] One question found for “{ $query }”
   *[other] { $count } questions found for “{ $query }”
}
# There are more than were counted.
hits-more = { $count } or more questions found for “{ $query }”
# Below that, where it is so of all on the first page.
hits-fit-badly = None of these fits well. Other or fewer words may help.
# The best answer of a question that was found.
hit-answer = { $address } by { $author }, { $votes }
hit-answer-accepted = ✅ { $address } by { $author }, { $votes }
hit-answer-excerpt = { $answer }: { $excerpt }
nothing-found = Nothing was found for “{ $query }”. Other or fewer words may help; { $command } asks it anew.
# `count`: how many times in ten the first of them answers, from 1 to 9.
similar = Asked before? The first of these answers what you ask about { $count } times in 10.
nothing-similar = Nothing so similar was asked before. { $command } asks it.

# Below a question with all that hangs on it, in a message that takes votes and replies for it, and does not change.
show-as-of = As of { $at }, and not kept up to date. Reactions and replies here are about { $post }.

## Lists

list-recent = Newest questions
list-unanswered = Questions without an answer
list-hot = Questions much talked about
list-votes = Questions with the most votes
# One of them, of which only those questions are listed that have a tag.
list-tagged = { $list }, tagged { $tag }
list-empty = There are none yet. { $command } asks the first.
tags-all = Tags
tags-begin = Tags that begin with “{ $tag }”
# A tag, and how many questions have it.
tags-one = { $tag } – { $count ->
    [one] 1 question
   *[other] { $count } questions
}
tags-none = No question has a tag that begins so: “{ $tag }”.
list-empty-tagged = There are none with the tag { $tag }.
list-empty-unanswered = There are none: every question here has an answer.
# A question that has an accepted answer, in a list.
list-answered = ✅ answered
# A question that is closed, in a list.
list-closed = 🔒 closed

## Earlier texts

history = What { $address } said
revision = Revision { $number } by { $author }, { $at }
revision-reason = Reason: { $reason }

# Stands in a post as a link to the message that it was made from.
message-files = Pictures and files are in the original message
