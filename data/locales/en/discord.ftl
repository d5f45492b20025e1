# What only Discord shows: buttons, dialogs, and what its slash commands say of themselves. Only those of the last
# part have variables.

## Buttons under a card, at most 80 characters

discord-button-answer = Answer
discord-button-comment = Comment
discord-button-accept = Accept
discord-button-edit = Edit
discord-button-history = History
discord-button-whole = Whole text
discord-button-share = Share
discord-button-publish = Publish
discord-button-drop = Don’t publish
discord-button-draft = Correct it
discord-button-remove = Take the message away
discord-button-share-forum = Share one forum
discord-button-own-forum = Questions of its own

## What can be done with a message, in its menu, at most 32 characters and each another

discord-menu-question = Make this a question
discord-menu-answer = Make this an answer
discord-menu-accept = Accept this answer

## What a slash command says of itself where it is not what the help says, at most 100 characters; its subcommands

slash-ask = asks a question: its title and tags here, its text in a dialog
slash-forum = Opens or closes the forum in this channel, or joins it with another forum
slash-forum-open = Makes this channel a place of the forum
slash-forum-close = Makes this channel an ordinary one again
slash-forum-code = Makes a code by which another forum can join this one
slash-forum-join = Joins the forum whose code this is, or lets the one join that said it
slash-forum-leave = Ends a joining: leaves the forum that this one joined, or parts one that joined this
slash-forum-which = In our direct messages: says which of several forums is meant there

## Names of slash commands, their subcommands and options where Discord itself is in this language: one word of small letters,
## at most 32, and each another. In texts and in what is typed they keep their English names.

name-ask = ask
name-answer = answer
name-comment = comment
name-edit = edit
name-history = history
name-delete = delete
name-hide = hide
name-unhide = unhide
name-remove = remove
name-up = up
name-down = down
name-unvote = unvote
name-accept = accept
name-unaccept = unaccept
name-search = search
name-similar = similar
name-show = show
name-questions = questions
name-tags = tags
name-link = link
name-unlink = unlink
name-forum = forum
name-help = help
# The topic of the help under which all commands are.
name-all = all

name-forum-open = open
name-forum-close = close
name-forum-code = code
name-forum-join = join
name-forum-leave = leave
name-forum-which = which

name-option-post = post
name-option-title = title
name-option-words = words
name-option-page = page
name-option-list = list
name-option-tag = tag
name-option-command = command
name-option-tags = tags
name-option-reason = reason
name-option-code = code
name-option-agree = agree
name-option-which = which

## What the commands take, at most 100 characters

option-post = Which post, such as #42 or #42.1; in its thread it can be left out
option-title = What you want to know, in one line
option-words = What to look for
option-page = Which page
option-list = Which questions
option-tag = Only those with this tag
option-tags-tag = Only those that begin so
option-command = About this command only
option-tags = Up to five tags, with commas between them
option-reason = Why you change it
option-code = The code that the other side was given
option-agree = That you agree to what was asked
option-which = Which forum is to be parted, where several joined: as I name it

## Dialogs, titles and labels at most 45 characters, hints 100

discord-dialog-ask = Ask a question
discord-dialog-answer = Answer
discord-dialog-comment = Comment
discord-dialog-edit = Change a post

discord-input-title = Title
discord-input-title-hint = What you want to know, in one line
discord-input-tags = Tags
discord-input-tags-hint = Up to five, with commas between them
discord-input-text = Text
discord-input-text-hint = What you tried, what happened, what you expected. Markdown works.
# Where a text goes on that does not fit into one field.
discord-input-more = More text, if it is long
discord-input-answer = Your answer
discord-input-comment = Your comment
discord-input-reason = Reason
discord-input-reason-hint = Why you change it, in one line

## What is said to the one person who used something

discord-no-place = This channel is not a place of the forum yet. Whoever manages the server opens it with /forum open.
discord-unseen = I can’t see this channel. Whoever manages it allows my role View Channel, in the channel’s permissions or the server’s.
# What is missing follows, by the names that Discord’s settings have for it.
discord-lacks = The forum is not opened here, because I may not do all that it takes. Allow my role, in the channel’s permissions or the server’s:
discord-unfit-channel = The forum can’t be in a channel of this kind, since questions have threads. Use a text channel or a forum channel.
discord-moderated-tags = Each post here must have a tag, and only moderators may give the tags that there are, so I could post nothing. Let posts be without tags, or add a tag that everybody may give.
discord-locked = This thread is locked: only moderators write in it now, and vote or accept by a button or command.
discord-may-not-write = You may not write here now, so I don’t write, vote or accept here for you. You can look, and take back what you said.
# Follows what is said of a post that was made.
discord-no-card = It can’t be shown in this channel now, because I may not do all that it takes; it is shown when I may. Until then /show does.
discord-no-thread = The thread of its question is locked here, so that it is shown there only when that is unlocked; /show shows it now.
# In a direct message to a moderator who took a message of the bot's away.
discord-card-removed = You took away a message of mine. If it showed a post, that itself is there still, and is found: /hide hides it.
discord-alone = The forum is in the channels of servers, and you and I share none where it is open to you. Use this there.
discord-may-not-open = Only who manages the server opens or closes the forum in a channel.
discord-opened = This channel is a place of the forum now. /ask asks the first question, /help says what else there is.
discord-closed = This channel is an ordinary one again. What was asked here stays in the forum.
discord-outdated = This is from an earlier time and no longer works. Use the command again.
discord-too-slow = That took too long. Try again.
discord-busy = Too much is asked at once here, and this was not done. Try again in a moment.
discord-done = That is done.
discord-not-read = That could not be read. A post is named by its number, such as #42 or #42.1.
discord-too-long = This text is too long to be changed in a dialog of Discord.
discord-more = With this post you can also do this:
discord-not-yours = Only its author or a moderator makes a post of a message.
discord-may-not-share = You may not write here, so you can’t show this to all.
discord-nothing-there = There is no such post, or it was taken back.
discord-no-question = This message hangs on no question. Use this in a question’s thread.
# A private thread's readers are fewer than the forum's; views are answered there.
discord-one-forum = There is only one forum that this can be about.
discord-private-thread = This thread is private, and what is asked, answered or changed here would be shown to all who can view the forum. Do it in the channel itself. You can search and read here.

## What the admins of a place are told that is viewed by others than another one. `place` and `other` are their names.

place-narrow-apart = { $place } is a place of the forum now, with questions of its own: not everybody who can view { $other } can view it, so what is asked here is neither shown nor found there. You can have both share one forum instead. Then whatever is asked here is posted in { $other } too, and all who can view that can read it.
place-wide-apart = { $place } is a place of the forum now, with questions of its own: some can view it who can’t view { $other }, so what is asked there is neither shown nor found here. You can have both share one forum instead. Then whatever is asked in { $other } is posted here too, and all who can view { $place } can read it.
place-shares = { $place } and { $other } share one forum: whatever is asked in one is posted in both, and all who can view either can read it.
place-shares-still = { $place } and { $other } share one forum, though not everybody can view both: whatever is asked in one is posted in the other too. You can leave it so, or give { $place } questions of its own; what was asked until now then stays in the forum of { $other }.
place-asked-already = Questions were asked in { $place } already, so that it can’t just share the forum of { $other }. To bring them along, say /forum code in { $other }, then /forum join with that code in { $place }.
place-became-narrower = Not everybody who can view { $other } can view { $place }, and the two share one forum: what is asked in { $place } is posted in { $other } too, and found there. To give { $place } questions of its own, or to leave it so, say /forum open there.
