# Why something may not be done, and what to do instead. One message for each refusal of the rules.

refused-title-too-short = A title needs at least { $least } characters, this one has { $have }. Say in a few words what you want to know.
refused-title-too-long = A title has at most { $most } characters, this one has { $have }. Put the rest on the lines below it.
refused-title-too-large = That title is too large: at most { $most } KB fit. It has few characters, but some of them are made of very many parts; write it in plainer ones.
refused-body-too-short = That is too short: at least { $least } characters are needed.
refused-body-too-long = That is too long: { $have } characters of at most { $most }. Shorten it, or put a part of it elsewhere and link to it.
refused-body-too-large = That is too large: at most { $most } KB fit. Shorten it, or put a part of it elsewhere and link to it.
refused-too-many-tags = A question has at most { $most } tags, these are { $have }. Leave some out.
refused-bad-tag = “{ $tag }” can’t be a tag. A tag begins with a letter or digit, has at most { $most } characters, and only letters, digits and + - # . in it.
refused-asked-before = The same question was asked before: { $earlier }. See there, or say what is different about yours.
refused-already-post = That message is { $address } already.
refused-no-such-post = There is no { $address }. { $search } finds questions, { $list } lists them.
refused-withdrawn = { $address } was withdrawn, so nothing more can be done with it.
refused-hidden = { $address } is hidden: until it is shown again, it can’t be read, voted on, answered or accepted.
refused-closed = { $address } is closed, so it takes no answers. { $comment } comments on it; if yours is another question, ask it anew.
refused-already-hidden = { $address } is hidden already. { $command } shows it again.
refused-not-hidden = { $address } is not hidden.
refused-hide-first = { $address } is not hidden, so the message it was made from stays. { $command } hides it.
refused-no-message = I know no message that { $address } was made from: it was not made from one, or that is gone.
refused-moderators-only = Only a moderator has the message taken away that { $address } was made from. Your own you can delete yourself.
refused-hidden-by-moderator = { $address } was hidden by a moderator, and only a moderator can show it again.
refused-hidden-by-unknown = { $address } is hidden because the message it was made from was deleted, and I can’t tell by whom. A moderator can show it again.
refused-answer-needs-question = { $address } is not a question, so it can’t be answered. { $comment } comments on a question or an answer.
refused-no-comment-on-comment = { $address } is itself a comment. Comment on what it hangs on: { $comment }
refused-not-yours = { $address } is not yours: only its author or a moderator can do that.
refused-nothing-changed = { $address } says that already; nothing was changed.
refused-changed-since = { $address } was changed while you were changing it, in the same part, so your change was not made.
# Somebody changed the message that a post was made from, and a moderator, or they themselves by a command, had changed the post.
refused-changed-elsewhere = { $address } was changed otherwise after you wrote this message, in the same part, so it stays as it is. So does your message. To change what { $address } says now: { $command }
refused-may-not-write = You may not write now where this would be shown, so I don’t write, vote or accept there for you. You can look, and take back what you said.
refused-may-not-ask = You may not begin anything now where this would be shown, so I don’t ask there for you. You can answer and comment.
# Stands before that text.
says-now = It says now:
refused-no-title = { $address } is not a question: only questions have a title and tags.
refused-own-post = { $address } is your own, and nobody votes on their own posts.
refused-comments-only-up = { $address } is a comment; comments take only 👍.
refused-not-an-answer = { $address } is not an answer, and only answers can be accepted. Name one like this: { $command }
refused-not-the-asker = Only the person who asked { $address }, or a moderator, can decide which answer is accepted. You can vote for the answer that helped: 👍
refused-stray-tick = Your ✅ does not accept { $address }: only the person who asked accepts by ✅. A moderator says { $command }. That an answer helped you, 👍 says.
refused-no-vote = You have no vote on { $address }: there is nothing to take back.
refused-other-command = This message became { $address } and stays its text: changed into another command, it does nothing. Say the command in a new message.
refused-nothing-accepted = { $address } has no accepted answer.
refused-not-admin = Only an admin of this forum does that, in one of its rooms or channels.
refused-only-encrypted = Only encrypted rooms show what is in this forum, so it is not told in a conversation that is not encrypted. Ask in one of its rooms, or in an encrypted conversation with me.
refused-no-such-code = I know no such code. Look whether it is typed as it was given, or get a new one.
refused-code-used = That code was used already; each is good for one time. Get a new one.
refused-code-too-late = That code is too old: it was good for half an hour. Get a new one.
refused-code-own = That code was made on this side. Say it on the other side first.
refused-code-taken = Somebody else has said that code first, so it is no good here. Get a new one.
refused-one-already = The two are one already.
refused-not-linked = This account is not joined with another. { $command } joins them.
refused-not-joined = This place’s forum has not joined another one, and none has joined it.
refused-too-many-questions = You can ask at most { $most ->
        [one] one question
       *[other] { $most } questions
    } an hour. Try again later: { $until }.
refused-too-many-answers = You can give at most { $most ->
        [one] one answer
       *[other] { $most } answers
    } an hour. Try again later: { $until }.
refused-too-many-comments = You can write at most { $most ->
        [one] one comment
       *[other] { $most } comments
    } an hour. Try again later: { $until }.
refused-too-many-edits = You can make at most { $most ->
        [one] one edit
       *[other] { $most } edits
    } an hour. Try again later: { $until }.
refused-too-many-votes = You can cast at most { $most ->
        [one] one vote
       *[other] { $most } votes
    } an hour. Try again later: { $until }. Votes can be changed and taken back at any time.
refused-code-overheard = Others can read here, so that code is no good any more. Get a new one, and say it to me alone.
refused-too-many-codes = You said too many wrong codes. You can try again { $at }.
refused-other-side = { $address } was written on the other side of this joint forum; its own moderators alone delete it. You can hide it: { $command }
