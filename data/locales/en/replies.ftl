# Replies to the person who just did something.

done-asked = { $address } is asked.
done-answered = { $address } is posted.
done-commented = { $address } is posted.
done-edited = { $address } is changed.
done-withdrawn = { $address } is withdrawn; its text is gone.
done-hidden = { $address } is hidden. { $command } shows it again.
done-screened = { $address } is hidden. { $command } shows it again. What its author wrote themselves still stands; { $remove } takes it away.
done-removed = I take away what the author of { $address } wrote themselves. Where I may not do that, it stays, and its author is told in private, with a link; you are too, if it is on this chat.
done-unhidden = { $address } is shown again.
done-accepted = { $answer } is the accepted answer now.
done-unaccepted = { $question } has no accepted answer any more.
done-voted-up = 👍 You voted for { $address }. It has { $votes } now.
done-voted-down = 👎 You voted against { $address }. It has { $votes } now.
done-voted-none = Your vote on { $address } is taken back. It has { $votes } now.

missing-argument = Something is missing. It goes like this: { $usage }
unknown-option = Nothing was done: there is no option { $option }. It goes like this: { $usage }. A text that begins like an option goes on the lines below.
misnamed-option = Nothing was done: there is no option { $option }. Did you mean { $near }? It goes like this: { $usage }
no-such-command = There is no command { $said }. This is what you can say.
several-commands = Nothing was done: there are several commands in this message. Say each in a message of its own.
empty-option = Nothing was done: nothing stands behind { $option }. It goes like this: { $usage }
did-you-mean = There is no { $said }. Did you mean { $command }?
# Said once in a conversation, above a numbered list of places.
which-forum = We share several forums. Which one is meant here? { $by ->
    [buttons] Press its button;
   *[words] Answer with its number;
} I keep to it from then on, and { $command } shows this list again.
forum-chosen = This conversation is about the forum of { $place } from now on. { $command } shows the others.
# Said before anything is published from a conversation, once for each conversation and forum. $places are links.
confirm-publish = This would be published in { $places }{ $others ->
    [0] {""}
    [one] {" "}and in one other place that shares its questions
   *[other] {" "}and in { $others } other places that share its questions
}, for all who can read there, under the name { $name }. { $by ->
    [buttons] To agree, press the button below.
   *[words] To agree, reply { $yes } or react to this message with ✅; { $no } forgets it.
} I ask this only once for this forum.
not-published = It is forgotten; nothing was published.
# Said before a post is deleted for good, to whom said so in words that could be talk.
confirm-delete = This deletes { $post } for good. To do it, reply { $yes } or react to this message with ✅; { $no } leaves it as it is.
not-deleted = Nothing was deleted.
nothing-waits = Nothing waits for that any more. Please say what you wanted again.

# Something broke on our side. $code is what the operator finds in the log.
fault = Something broke on our side, and nothing of it is your fault. Please try again; if it stays so, tell the people who run this bot the code { $code }.

# In reply to an encrypted message that the bot could not read for some seconds.
undecryptable = I can’t read this message: its key has not reached me. I answer once it comes; if it does not, please send the message again.

# Said to a moderator alone, once, who took a card away.
card-removed = You took away a message of mine that showed { $address }. The post itself is there still, and is found: { $command } hides it.
