# Two that become one: a person's accounts, and forums. Each side is told of the other and agrees, by a one-time code.

link-code = To let your other account count as yours too, say { $command } with it, alone with me, within half an hour. I then tell each of the two of the other, and both have to agree.
link-asked = { $account } and you would be one person in every forum here: one vote, and none on the other’s posts. Anybody can take any name, so look at the account. If it is yours, say { $command }. If it is not, say nothing.
link-waits = You agree. Now say { $command } as { $account } to agree there too.
linked = { $account } and you are one person now. { $command } undoes it.
unlinked = This account is a person of its own again; what was said with each of your accounts counts as that account’s.

forum-code = To let another forum join this one, an admin of it says { $command } in one of its places within half an hour. An admin of each side then has to agree.
# Said to the side that joins.
join-asked = This forum would join “{ $name }” in { $place } ({ $questions ->
    [one] { $questions } question
   *[other] { $questions } questions
}). { $moved ->
    [0] It brings no questions along.
    [one] Its question gets a new number there and is found by the old one too.
   *[other] Its { $moved } questions get new numbers there, and are found by the old ones too.
} Whoever is in the places of either can read the questions of both from then on.
# Said to the side that is joined.
joined-asked = “{ $name }” in { $place } ({ $questions ->
    [one] { $questions } question
   *[other] { $questions } questions
}) would join this forum. Your numbers stay. Whoever is in the places of either can read the questions of both from then on.
# Who speaks for the other side, where the other side made the code, where it said it, and where it agreed.
join-made-by = The code was made by { $account }, in { $place }. Anybody can take any name: make sure that this is who you mean.
join-said-by = The code was said by { $account }, in { $place }. Anybody can take any name: make sure that this is who you mean.
join-agreed-by = For the other side { $account } agreed, in { $place }.
join-by-operator = For the other side whoever runs this bot agreed.
join-moderators = Moderators of either side can then hide what is written on the other, show it again and change it, and accept answers; they can delete none of it. Admins of either side can end it with { $command }.
# The last sentence of what each side is asked.
join-agree = To agree, say { $command } in a place of this forum.
# An account by its name, and by what no other account has.
account-in-full = { $platform ->
    [discord] { $name } ({ $account } on Discord, id { $id })
    [matrix] { $name } ({ $id } on Matrix)
    [terminal] { $name } ({ $id } in the terminal)
   *[other] { $name } ({ $id } on { $platform })
}
where-server = the server { $id }
where-place = { $id }
where-nowhere = no room or server yet
# Warnings below what both sides are asked.
join-encrypted-here = ⚠️ A place of this forum is encrypted. What is asked and answered in it is shown in the places of “{ $name }” too, which may not be.
join-encrypted-there = ⚠️ A place of “{ $name }” is encrypted. What is asked and answered here is shown there too, and what is said there is shown here.
join-private-here = ⚠️ A place of this forum is not public. What is asked and answered in it is shown in the places of “{ $name }” too, which others may read.
join-private-there = ⚠️ A place of “{ $name }” is not public. What is asked and answered there is shown here too.
join-waits = You agree. Now an admin of “{ $name }” in { $place } says { $command } there, and agrees too.
joined = “{ $name }” and this are one forum now. { $moved ->
    [0] No question has another number.
    [one] One question has a new number.
   *[other] { $moved } questions have new numbers.
} { $command }, said by an admin of either side, undoes it.
leave-asked = This forum would leave “{ $name }”, with the questions that it brought along, under their old numbers, and what hangs on them. What was asked since stays there. To do that, say { $command }.
left = This is a forum of its own again. { $moved ->
    [0] It took no questions along.
    [one] One question has its old number again.
   *[other] { $moved } questions have their old numbers again.
} What was asked since it joined stayed with “{ $name }”.

# The same, said to the side that was joined.
part-asked = “{ $name }” in { $place } would leave this forum, with the questions that it brought along, under their old numbers, and what hangs on them. What was asked since stays here. To do that, say { $command }.
parted = “{ $name }” is a forum of its own again. { $moved ->
    [0] It took no questions along.
    [one] It took one question along.
   *[other] It took { $moved } questions along.
} What was asked since it joined stays here.
which-joined = Several forums have joined this one. Which is to leave it?
which-joined-one = “{ $name }” in { $place }: { $command }

# $before is the number that a question had before its forum joined another.
former = { $address } here was { $before }.
