"""One person with a matrix-nio client, for tests.

Reads commands from standard input, one JSON object a line, each with a name in "do" and its arguments. Answers each with one
line: {"ok": what it gave} or {"error": what was wrong}. Waiting is done by the server's long polling. When standard input
ends, even in the middle of a command, it ends too and removes its folder.
"""

import asyncio
import json
import sys
import tempfile
import traceback

import nio

# More than any test's room has in it between two looks.
TIMELINE = 1000
FILTER = {"room": {"timeline": {"limit": TIMELINE}}}


class Failed(Exception):
    """The server refused, or the client did."""


def checked(response):
    if isinstance(response, nio.ErrorResponse):
        raise Failed(str(response))
    return response


def plain(text):
    return {"msgtype": "m.text", "body": text}


class Person:
    def __init__(self, folder):
        self.folder = folder
        self.client = None
        # By room: its timeline in the order of arrival, decrypted where that can be done.
        self.timelines = {}

    async def log_in(self, url, user, password):
        config = nio.AsyncClientConfig(
            encryption_enabled=True, max_limit_exceeded=0, max_timeouts=0
        )
        self.client = nio.AsyncClient(url, user, store_path=self.folder, config=config)
        checked(await self.client.login(password, device_name="nio"))
        await self.sync(0)

    async def close(self):
        if self.client is not None:
            await self.client.close()

    async def sync(self, wait):
        """Hears what is new, waiting for it at most so many milliseconds."""
        response = checked(await self.client.sync(timeout=wait, sync_filter=FILTER))
        for room, joined in response.rooms.join.items():
            if joined.timeline.limited and len(joined.timeline.events) >= TIMELINE:
                raise Failed(f"{room} has more that is new than {TIMELINE} events")
            self.timelines.setdefault(room, []).extend(joined.timeline.events)
        # What nio's own endless sync does in between.
        if self.client.should_upload_keys:
            checked(await self.client.keys_upload())
        if self.client.should_query_keys:
            checked(await self.client.keys_query())
        if self.client.should_claim_keys:
            checked(await self.client.keys_claim(self.client.get_users_for_key_claiming()))
        for sent in await self.client.send_to_device_messages():
            checked(sent)

    async def create(self, name, invite):
        encryption = {
            "type": "m.room.encryption",
            "state_key": "",
            "content": {"algorithm": "m.megolm.v1.aes-sha2"},
        }
        created = await self.client.room_create(
            name=name,
            preset=nio.RoomPreset.public_chat,
            invite=invite,
            initial_state=[encryption],
        )
        return await self.entered(checked(created).room_id)

    async def join(self, room):
        return await self.entered(checked(await self.client.join(room)).room_id)

    async def entered(self, room):
        while room not in self.client.rooms:
            await self.sync(10_000)
        return room

    async def send(self, room, text):
        return await self.put(room, "m.room.message", plain(text))

    async def in_thread(self, room, root, text):
        relation = {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": root},
        }
        return await self.put(room, "m.room.message", {**plain(text), "m.relates_to": relation})

    async def edit(self, room, event, text):
        content = {
            **plain(f"* {text}"),
            "m.new_content": plain(text),
            "m.relates_to": {"rel_type": "m.replace", "event_id": event},
        }
        return await self.put(room, "m.room.message", content)

    async def react(self, room, event, key):
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        return await self.put(room, "m.reaction", {"m.relates_to": relation})

    async def put(self, room, kind, content):
        # As a client that always listens. Without it nio may open a second Olm session with somebody who has just opened one,
        # who then shares the room's key again, and nio forgets the earlier part of a key that comes twice.
        await self.sync(0)
        sent = await self.client.room_send(room, kind, content, ignore_unverified_devices=True)
        return checked(sent).event_id

    async def redact(self, room, event):
        return checked(await self.client.room_redact(room, event)).event_id

    async def look(self, room):
        """Who is in the room, its timeline as it came over the wire, and the messages as a client shows them."""
        timeline = self.timelines.get(room, [])
        for place, event in enumerate(timeline):
            if isinstance(event, nio.MegolmEvent):
                try:
                    timeline[place] = self.client.decrypt_event(event)
                except nio.EncryptionError:
                    continue
        members = self.client.rooms[room].users.values()
        return {
            "joined": [member.user_id for member in members if not member.invited],
            "wire": [wire(event) for event in timeline if "state_key" not in event.source],
            "messages": messages(timeline),
        }


def wire(event):
    match event:
        case nio.BadEvent() | nio.UnknownBadEvent():
            how = "malformed"
        case nio.MegolmEvent():
            how = "sealed"
        case nio.RedactedEvent():
            how = "redacted"
        case _:
            how = "decrypted" if event.decrypted else "open"
    # Of what was decrypted this is the kind inside.
    return {"sender": event.sender, "kind": event.source["type"], "how": how}


def messages(timeline):
    """Edits applied, redacted ones gone, reactions counted, in the order of the room."""
    # Events that came before their redaction are whole here, so it is applied by hand.
    gone = {event.redacts for event in timeline if isinstance(event, nio.RedactionEvent)}
    shown = {}
    for event in timeline:
        if event.event_id in gone or wire(event)["how"] not in ("open", "decrypted"):
            continue
        content = event.source["content"]
        relation = content.get("m.relates_to", {})
        kind, to = relation.get("rel_type"), relation.get("event_id")
        if event.source["type"] == "m.reaction" and to in shown:
            shown[to]["reactions"].append(relation["key"])
        elif event.source["type"] != "m.room.message":
            continue
        elif kind == "m.replace":
            if to in shown and shown[to]["sender"] == event.sender:
                shown[to]["body"] = content["m.new_content"]["body"]
        elif "body" in content:
            shown[event.event_id] = {
                "id": event.event_id,
                "sender": event.sender,
                "msgtype": content["msgtype"],
                "body": content["body"],
                "thread": to if kind == "m.thread" else None,
                "reactions": [],
                "encrypted": event.decrypted,
            }
    return list(shown.values())


async def answer(person, line):
    try:
        command = json.loads(line)
        method = getattr(person, command.pop("do"))
        return {"ok": await method(**command)}
    except Exception:
        return {"error": traceback.format_exc()}


async def serve(person):
    lines = asyncio.StreamReader(limit=2**20)
    protocol = asyncio.StreamReaderProtocol(lines)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    coming = asyncio.create_task(lines.readline())
    while line := await coming:
        coming = asyncio.create_task(lines.readline())
        work = asyncio.create_task(answer(person, line))
        await asyncio.wait({work, coming}, return_when=asyncio.FIRST_COMPLETED)
        if not work.done():
            # Nobody tells more before they have their answer, so nobody waits for this one.
            work.cancel()
            await asyncio.wait({work})
            return
        print(json.dumps(work.result()), flush=True)


async def main():
    with tempfile.TemporaryDirectory(prefix="stoa-nio-") as folder:
        person = Person(folder)
        try:
            await serve(person)
        except BrokenPipeError:
            pass
        finally:
            await person.close()


asyncio.run(main())
