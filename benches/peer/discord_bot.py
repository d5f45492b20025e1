"""A plain Discord bot with a forum, as one writes it with discord.py in an afternoon: what Stoa is measured beside.

`python discord_bot.py DATABASE REST GATEWAY TOKEN CHANNEL`
"""

import asyncio
import sys

import discord
import uvloop
import yarl
from discord import app_commands

from forum import Forum, found, shown

# How long a card waits for more votes before it is edited again, in seconds.
PACE = 2
# The most of a post in a reply, and of a reply, in characters.
POST, REPLY = 400, 1900
UP, DOWN = 1, -1


class Vote(discord.ui.DynamicItem[discord.ui.Button], template=r"(?P<way>up|down)\.(?P<number>\d+)"):
    """A button of a card; all it knows is in its id, so that it works after a restart."""

    def __init__(self, way, number):
        label = "👍" if way == "up" else "👎"
        super().__init__(discord.ui.Button(label=label, custom_id=f"{way}.{number}"))
        self.way, self.number = way, number

    @classmethod
    async def from_custom_id(cls, interaction, item, match):
        return cls(match["way"], int(match["number"]))

    async def callback(self, interaction):
        forum = interaction.client.forum
        forum.vote(self.number, str(interaction.user.id), UP if self.way == "up" else DOWN, presses=True)
        await interaction.response.edit_message(embed=card(forum, self.number))


class Dialog(discord.ui.Modal, title="Ask a question"):
    text = discord.ui.TextInput(label="Text", custom_id="text", style=discord.TextStyle.paragraph)

    def __init__(self, question):
        super().__init__()
        self.question = question

    async def on_submit(self, interaction):
        forum = interaction.client.forum
        number = forum.ask(self.question, self.text.value, interaction.user.display_name)
        channel = interaction.client.get_partial_messageable(interaction.channel_id)
        message = await channel.send(embed=card(forum, number), view=buttons(number))
        forum.has_card(number, message.id)
        await interaction.response.send_message(f"Asked as #{number}.", ephemeral=True)


class Bot(discord.Client):
    def __init__(self, forum, channel):
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
        )
        self.forum, self.channel = forum, channel
        self.stale = set()
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self):
        self.add_dynamic_items(Vote)
        declare(self.tree, self.forum)
        await self.tree.sync()
        self.editing = asyncio.create_task(self.edit())

    async def application_info(self):
        # The fake tells of no owner, without whom discord.py would not start; nobody asks for them here.
        told = await self.http.application_info()
        return discord.AppInfo(self._connection, {"owner": told["bot"], **told})

    async def edit(self):
        """Brings the cards up to date whose questions were voted on by command."""
        channel = self.get_partial_messageable(self.channel)
        while True:
            await asyncio.sleep(PACE)
            stale, self.stale = self.stale, set()
            for number in stale:
                if message := self.forum.card(number):
                    await channel.get_partial_message(message).edit(embed=card(self.forum, number))


def declare(tree, forum):
    async def numbers(interaction, typed: str):
        return [
            app_commands.Choice(name=f"#{number} {title}"[:100], value=f"#{number}")
            for number, title in forum.complete(typed)
        ]

    @tree.command(description="Ask a question")
    async def ask(interaction: discord.Interaction, title: str):
        dialog = Dialog(title)
        # discord.py notes a dialog only when Discord has answered; here people may be quicker, and would be overheard.
        interaction.client._connection.store_view(dialog)
        await interaction.response.send_modal(dialog)

    @tree.command(description="Find questions")
    async def search(interaction: discord.Interaction, words: str):
        await interaction.response.send_message(found(forum.search(words))[:REPLY], ephemeral=True)

    @tree.command(description="Show a question")
    @app_commands.autocomplete(post=numbers)
    async def show(interaction: discord.Interaction, post: str):
        number = int(post.removeprefix("#"))
        question, answers = forum.show(number)
        text = shown(number, question, answers, POST) if question else "There is no such question."
        await interaction.response.send_message(text[:REPLY], ephemeral=True)

    async def vote(interaction, post, way):
        number = int(post.removeprefix("#"))
        score = forum.vote(number, str(interaction.user.id), way)
        interaction.client.stale.add(number)
        await interaction.response.send_message(f"#{number} has {score} now.", ephemeral=True)

    @tree.command(description="Vote for a question")
    @app_commands.autocomplete(post=numbers)
    async def up(interaction: discord.Interaction, post: str):
        await vote(interaction, post, UP)

    @tree.command(description="Vote against a question")
    @app_commands.autocomplete(post=numbers)
    async def down(interaction: discord.Interaction, post: str):
        await vote(interaction, post, DOWN)


def card(forum, number):
    (title, body, author, _, score, _, _), _ = forum.show(number)
    embed = discord.Embed(title=f"#{number} {title}"[:256], description=body[:POST])
    return embed.set_footer(text=f"{score} votes · by {author}")


def buttons(number):
    view = discord.ui.View(timeout=None)
    view.add_item(Vote("up", number))
    view.add_item(Vote("down", number))
    return view


def main():
    database, rest, gateway, token, channel = sys.argv[1:]
    discord.http.Route.BASE = f"{rest}/api/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    bot = Bot(Forum(database), int(channel))
    uvloop.install()
    bot.run(token, log_level=30)


main()
