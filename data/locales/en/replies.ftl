# Replies to the person who just did something.

done-asked = { $address } is asked.
done-answered = { $address } is posted.
done-commented = { $address } is posted.
done-edited = { $address } is changed.
done-withdrawn = { $address } is withdrawn; its text is gone.
done-hidden = { $address } is hidden. { $command } shows it again.
done-unhidden = { $address } is shown again.
done-accepted = { $answer } is the accepted answer now.
done-unaccepted = { $question } has no accepted answer any more.
done-voted-up = 👍 You voted for { $address }. It has { $votes } now.
done-voted-down = 👎 You voted against { $address }. It has { $votes } now.
done-voted-none = Your vote on { $address } is taken back. It has { $votes } now.

missing-argument = Something is missing. It goes like this: { $usage }
did-you-mean = There is no { $said }. Did you mean { $command }?
which-forum = We share several forums. Please say it again in a room of the one that you mean:

# Something broke on our side. $code is what the operator finds in the log.
fault = Something broke on our side, and nothing of it is your fault. Please try again; if it stays so, tell the people who run this bot the code { $code }.

# In reply to an encrypted message that the bot could not read for some seconds.
undecryptable = I can’t read this message: its key has not reached me. I answer once it comes; if it does not, please send the message again.
