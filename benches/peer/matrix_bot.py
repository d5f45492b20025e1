"""A plain Matrix bot with a forum, as one writes it with matrix-nio in an afternoon: what Stoa is measured beside.

`python matrix_bot.py DATABASE HOMESERVER USER PASSWORD`
"""

import asyncio
import sys

import nio
import uvloop

from forum import Forum, found, shown

# The most of a post in a reply, in characters.
POST = 400
UP, DOWN, NONE = 1, -1, 0


class Bot:
    def __init__(self, database, homeserver, user):
        self.forum = Forum(database)
        config = nio.AsyncClientConfig(encryption_enabled=False, max_limit_exceeded=0)
        self.client = nio.AsyncClient(homeserver, user, config=config)

    async def run(self, password):
        answer = await self.client.login(password)
        if isinstance(answer, nio.ErrorResponse):
            sys.exit(str(answer))
        # What was said before is not answered.
        await self.client.sync(timeout=0)
        for room in self.client.invited_rooms:
            await self.client.join(room)
        self.client.add_event_callback(self.invited, nio.InviteMemberEvent)
        self.client.add_event_callback(self.said, nio.RoomMessageText)
        await self.client.sync_forever(timeout=30_000)

    async def invited(self, room, event):
        if event.state_key == self.client.user_id and event.membership == "invite":
            await self.client.join(room.room_id)

    async def said(self, room, event):
        if event.sender == self.client.user_id or not event.body.startswith("!"):
            return
        command, _, rest = event.body[1:].partition(" ")
        text = self.answer(command, rest.strip(), event.sender)
        content = {
            "msgtype": "m.notice",
            "body": text,
            "m.relates_to": {"m.in_reply_to": {"event_id": event.event_id}},
            "m.mentions": {},
        }
        await self.client.room_send(room.room_id, "m.room.message", content)

    def answer(self, command, rest, person):
        match command:
            case "search":
                return found(self.forum.search(rest))
            case "show":
                number = int(rest.removeprefix("#"))
                question, answers = self.forum.show(number)
                return shown(number, question, answers, POST) if question else "There is no such question."
            case "up" | "down" | "unvote":
                number = int(rest.removeprefix("#"))
                score = self.forum.vote(number, person, {"up": UP, "down": DOWN}.get(command, NONE))
                return f"#{number} has {score} now."
            case _:
                return "search, show, up, down, unvote"


async def main():
    database, homeserver, user, password = sys.argv[1:]
    await Bot(database, homeserver, user).run(password)


uvloop.install()
asyncio.run(main())
