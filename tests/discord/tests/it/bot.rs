//! A small bot on serenity, the library that bots under test use.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use discord::Discord;
use serenity::{
    all::{
        ActionRowComponent, AutocompleteChoice, ButtonStyle, ClientBuilder, CommandOptionType,
        Context, CreateActionRow, CreateAllowedMentions, CreateAutocompleteResponse, CreateButton,
        CreateCommand, CreateCommandOption, CreateEmbed, CreateForumPost, CreateInputText,
        CreateInteractionResponse, CreateInteractionResponseFollowup,
        CreateInteractionResponseMessage, CreateMessage, CreateModal, EditInteractionResponse,
        Event, EventHandler, GatewayIntents, HttpBuilder, InputTextStyle, Interaction,
        RawEventHandler, Ready,
    },
    async_trait,
    model::application::Command,
};
use tokio::task::JoinHandle;

/// What the bot has seen: the names of events, and of those that it could not decode.
#[derive(Debug, Default)]
pub struct Seen {
    pub known: HashSet<String>,
    pub unknown: HashSet<String>,
    pub reactions: usize,
    pub contents: Vec<String>,
}

/// A running bot. Ends when it is dropped.
pub struct Bot {
    pub seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl Drop for Bot {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub const INTENTS: GatewayIntents = GatewayIntents::GUILDS
    .union(GatewayIntents::GUILD_MESSAGES)
    .union(GatewayIntents::GUILD_MESSAGE_REACTIONS)
    .union(GatewayIntents::DIRECT_MESSAGES);

impl Bot {
    /// Connects, and comes back when its commands are registered.
    pub async fn start(discord: &Discord) -> Self {
        Self::start_with(discord, INTENTS, true).await
    }

    pub async fn start_with(discord: &Discord, intents: GatewayIntents, talks: bool) -> Self {
        let http = HttpBuilder::new(discord.token())
            .proxy(discord.rest_url())
            .ratelimiter_disabled(true)
            .build();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut client = ClientBuilder::new_with_http(http, intents)
            .event_handler(Handler { talks })
            .raw_event_handler(Raw(Arc::clone(&seen)))
            .await
            .unwrap();
        let task = tokio::spawn(async move { client.start().await.unwrap() });
        discord
            .wait_until("the bot's commands", |discord| {
                (!discord.commands().is_empty()).then_some(())
            })
            .await;
        Self { seen, task }
    }
}

fn silent() -> CreateAllowedMentions {
    CreateAllowedMentions::new()
}

struct Raw(Arc<Mutex<Seen>>);

#[async_trait]
impl RawEventHandler for Raw {
    async fn raw_event(&self, _: Context, event: Event) {
        let mut seen = self.0.lock().unwrap();
        match &event {
            Event::Unknown(unknown) => {
                let kind = format!("{unknown:?}");
                seen.unknown.insert(kind);
                return;
            }
            Event::ReactionAdd(_) => seen.reactions += 1,
            Event::MessageCreate(created) => seen.contents.push(created.message.content.clone()),
            _ => {}
        }
        seen.known.insert(event.name().unwrap_or_default());
    }
}

struct Handler {
    talks: bool,
}

#[async_trait]
impl EventHandler for Handler {
    async fn ready(&self, ctx: Context, _: Ready) {
        let title =
            CreateCommandOption::new(CommandOptionType::String, "title", "What it is about")
                .required(true)
                .set_autocomplete(true);
        let who = CreateCommandOption::new(CommandOptionType::User, "who", "Whom to ask");
        let count = CreateCommandOption::new(CommandOptionType::Integer, "count", "How many")
            .min_int_value(1)
            .max_int_value(9);
        let close = CreateCommandOption::new(CommandOptionType::SubCommand, "close", "Close it")
            .add_sub_option(
                CreateCommandOption::new(CommandOptionType::String, "why", "Why")
                    .add_string_choice("Done", "done"),
            );
        let commands = vec![
            CreateCommand::new("ask")
                .description("Ask something")
                .add_option(title)
                .add_option(who)
                .add_option(count),
            CreateCommand::new("question")
                .description("Handle a question")
                .add_option(close),
            CreateCommand::new("slow").description("Think first"),
            CreateCommand::new("form").description("Open a dialog"),
            CreateCommand::new("Make this a question").kind(serenity::all::CommandType::Message),
        ];
        Command::set_global_commands(&ctx.http, commands)
            .await
            .unwrap();
    }

    async fn interaction_create(&self, ctx: Context, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) => match command.data.name.as_str() {
                "slow" => {
                    command.defer_ephemeral(&ctx.http).await.unwrap();
                    let edit = EditInteractionResponse::new()
                        .content("thought")
                        .allowed_mentions(silent());
                    command.edit_response(&ctx.http, edit).await.unwrap();
                    let more = CreateInteractionResponseFollowup::new()
                        .content("and more")
                        .allowed_mentions(silent());
                    command.create_followup(&ctx.http, more).await.unwrap();
                }
                "form" => {
                    let input =
                        CreateInputText::new(InputTextStyle::Paragraph, "Your text", "text")
                            .min_length(3);
                    let modal = CreateModal::new("form:1", "Tell us")
                        .components(vec![CreateActionRow::InputText(input)]);
                    command
                        .create_response(&ctx.http, CreateInteractionResponse::Modal(modal))
                        .await
                        .unwrap();
                }
                _ => {
                    let title = command
                        .data
                        .options
                        .first()
                        .and_then(|option| option.value.as_str());
                    let message = CreateInteractionResponseMessage::new()
                        .embed(
                            CreateEmbed::new()
                                .title(title.unwrap_or("a question"))
                                .description("by /ask"),
                        )
                        .components(vec![CreateActionRow::Buttons(vec![
                            CreateButton::new("close:1")
                                .label("Close")
                                .style(ButtonStyle::Danger),
                        ])])
                        .allowed_mentions(silent());
                    command
                        .create_response(&ctx.http, CreateInteractionResponse::Message(message))
                        .await
                        .unwrap();
                }
            },
            Interaction::Autocomplete(asked) => {
                let typed = asked.data.autocomplete().unwrap().value.to_owned();
                let choices = CreateAutocompleteResponse::new()
                    .set_choices(vec![AutocompleteChoice::new(format!("{typed}ng"), "long")]);
                asked
                    .create_response(&ctx.http, CreateInteractionResponse::Autocomplete(choices))
                    .await
                    .unwrap();
            }
            Interaction::Component(click) => {
                let message = CreateInteractionResponseMessage::new()
                    .content(format!("{} closed it", click.user.name))
                    .embeds(Vec::new())
                    .components(Vec::new())
                    .allowed_mentions(silent());
                click
                    .create_response(&ctx.http, CreateInteractionResponse::UpdateMessage(message))
                    .await
                    .unwrap();
            }
            Interaction::Modal(form) => {
                let ActionRowComponent::InputText(text) = &form.data.components[0].components[0]
                else {
                    panic!("the dialog has one text");
                };
                let message = CreateInteractionResponseMessage::new()
                    .content(format!("You wrote: {}", text.value.clone().unwrap()))
                    .ephemeral(true)
                    .allowed_mentions(silent());
                form.create_response(&ctx.http, CreateInteractionResponse::Message(message))
                    .await
                    .unwrap();
            }
            _ => {}
        }
    }

    async fn message(&self, ctx: Context, message: serenity::all::Message) {
        if message.author.bot || !self.talks {
            return;
        }
        if message.content.ends_with("post it") {
            let forum = ctx
                .http
                .get_channels(message.guild_id.unwrap())
                .await
                .unwrap();
            let forum = forum.iter().find(|it| it.name == "questions").unwrap();
            let first = CreateMessage::new()
                .content("The first")
                .allowed_mentions(silent());
            let post =
                CreateForumPost::new("A post", first).add_applied_tag(forum.available_tags[0].id);
            forum.id.create_forum_post(&ctx.http, post).await.unwrap();
            return;
        }
        let reply = CreateMessage::new()
            .content("I heard you")
            .reference_message(&message)
            .allowed_mentions(silent());
        message
            .channel_id
            .send_message(&ctx.http, reply)
            .await
            .unwrap();
    }
}
