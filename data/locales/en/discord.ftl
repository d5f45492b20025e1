# What only Discord shows: buttons, dialogs, and what its slash commands say of themselves. None has variables.

## Buttons under a card, at most 80 characters

discord-button-answer = Answer
discord-button-comment = Comment
discord-button-accept = Accept
discord-button-share = Share

## What can be done with a message, in its menu, at most 32 characters and each another

discord-menu-question = Make this a question
discord-menu-answer = Make this an answer
discord-menu-accept = Accept this answer

## Slash commands beside those of the help, and what all of them take, at most 100 characters

discord-forum = Opens or closes the forum in this channel
discord-forum-open = Makes this channel a place of the forum
discord-forum-close = Makes this channel an ordinary one again

discord-option-post = Which post, such as #42 or #42.1; in its thread it can be left out
discord-option-title = What you want to know, in one line
discord-option-words = What to look for
discord-option-page = Which page
discord-option-list = Which questions
discord-option-tag = Only those with this tag
discord-option-command = About this command only
discord-option-tags = Up to five tags, with commas between them
discord-option-reason = Why you change it

## Dialogs, titles and labels at most 45 characters, hints 100

discord-dialog-ask = Ask a question
discord-dialog-answer = Answer
discord-dialog-comment = Comment
discord-dialog-edit = Change a post
discord-dialog-reason = Reason

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
