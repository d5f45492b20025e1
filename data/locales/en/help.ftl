# What people can say: a summary of each command, and the words around them. `help-` and `example-` with a command’s name
# behind them are that command’s.

help-title = What you can say
# A command and what it does.
help-line = { $usage } – { $summary }
help-example = For example: { $command }
help-addresses = { $question } is a question, { $answer } its first answer, { $comment } a comment. In a reply to one of them, or in its thread, you can leave the number out.
help-reactions = 👍 and 👎 on a post vote, ✅ on an answer accepts it.
# The same where there are buttons, dialogs and menus.
help-buttons = The buttons below a card do it too: 👍 and 👎 vote, as reactions do, Answer and Comment open a dialog for the text, Accept or ✅ accepts, … has the rest. A message’s menu makes a question or an answer of it, under Apps.
# What shows the other commands, and one of them.
help-more = { $all } shows all commands, { $one } tells more of one.

help-ask = asks a question: the title on the first line, the rest below it
help-answer = answers a question
help-comment = comments on a question or an answer
help-edit = changes a post of yours; editing your own message does so too
help-history = shows what a post said before
help-delete = takes a post of yours back; the forum keeps nothing of its text
help-hide = hides a post of yours from everybody; nothing of it is lost
help-unhide = shows a hidden post of yours again
help-remove = for moderators: takes the author’s own message of a hidden post away
help-up = votes for a post
help-down = votes against a post
help-unvote = takes your vote back
help-accept = marks the answer that solved your question
help-unaccept = takes that mark back
help-search = finds questions; tag:x, by:name, is:answered, score:5, "exact words" and -not narrow it down
help-similar = finds what may have been asked before, as it would be asked
help-show = shows a question with all its answers
help-questions = lists questions: { name-recent }, { name-unanswered }, { name-hot } or { name-votes }, and tag:x
help-tags = lists the tags of questions, with how many have each
help-link = lets another account of yours, as on another chat, count as yours too
help-unlink = makes this account a person of its own again
help-forum = for admins: lets two forums become one, or two again
help-help = shows this

## Words that are typed behind commands, in small letters and without spaces; the English ones are understood besides

# By which something is agreed to, and declined.
name-yes = yes
name-no = no
# Which questions are listed: the newest, those without an answer, those much talked about, those with the most votes.
name-recent = recent
name-unanswered = unanswered
name-hot = hot
name-votes = votes

## What follows a command’s name in an example

example-ask = How long does an opened keg last?
example-answer = #42 About two weeks, if it stays cold.
example-comment = #42.1 Does that hold for wheat beer too?
example-search = opened keg is:answered
example-similar = How long does an opened keg last?
example-show = #42
example-questions = { name-unanswered } tag:keg
example-tags = ke
example-up = #42.1
example-down = #42.1
example-unvote = #42.1
example-accept = #42.1
example-unaccept = #42
example-edit = #42.1 --reason "typo" About three weeks, if it stays cold.
example-history = #42.1
example-delete = #42.1
example-hide = #42.1
example-unhide = #42.1
example-remove = #42.1
example-link = K7QD-M2XA
example-unlink = { "" }
example-forum = join K7QD-M2XA
example-help = ask

## What a command takes, as the help names it

param-title = Title
param-text = text
param-words = words
param-page = page:2
param-order = { name-recent }|{ name-unanswered }|{ name-hot }|{ name-votes }
param-tag = tag:x
param-tag-name = tag
param-topic = command
param-code = CODE
param-which = FORUM
param-tags = a,b
param-reason = why

# Said to the bot alone, but no command.
talk = I serve a forum: questions, answers and votes. { $ask } asks a question, { $search } finds what was answered before, { $help } shows the rest.
