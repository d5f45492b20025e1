//! What a client sends: IDENTIFY, RESUME, heartbeats and the rest, and how it is answered. The answer is queued on its line.

use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedSender;

use super::{
    Out, Session, bare,
    shards::{Unfit, is_on_shard},
};
use crate::{Id, chaos::Sky, intents, world::World};

/// How many commands a minute a client may send.
const COMMANDS: usize = 120;

/// A socket as the handshake sees it.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) out: UnboundedSender<Out>,
    session: Option<String>,
    commands: usize,
}

impl Line {
    /// A new socket, which is greeted and told how many milliseconds there are between heartbeats.
    pub(crate) fn greet(out: UnboundedSender<Out>, heartbeat: u64) -> Self {
        let line = Self {
            out,
            session: None,
            commands: 0,
        };
        line.say(&bare(
            10,
            &json!({ "heartbeat_interval": heartbeat, "_trace": [] }),
        ));
        line
    }

    fn say(&self, frame: &Value) {
        // The socket may just have gone; nobody is left to be told then.
        let _ = self.out.send(Out::frame(frame));
    }

    fn close(&self, code: u16) {
        let _ = self.out.send(Out::Close(Some(code)));
    }
}

impl World {
    /// Takes in one frame of a client.
    pub(crate) fn hear(&mut self, line: &mut Line, text: &str) {
        line.commands += 1;
        if line.commands > COMMANDS {
            self.violation("gateway", "more than 120 commands on one socket");
            return line.close(4008);
        }
        let Ok(frame) = serde_json::from_str::<Value>(text) else {
            self.violation("gateway", format!("no JSON: {text}"));
            return line.close(4002);
        };
        let data = &frame["d"];
        match frame["op"].as_u64() {
            Some(1) => {
                self.gateway.heartbeats += 1;
                let sky = self.chaos.as_mut();
                let is_swallowed = sky.is_some_and(Sky::swallows_heartbeat);
                if !self.gateway.mute_heartbeats && !is_swallowed {
                    line.say(&bare(11, &Value::Null));
                }
            }
            Some(2) => self.identify(line, data),
            Some(6) => self.resume(line, data),
            Some(3 | 4 | 8) if line.session.is_none() => line.close(4003),
            Some(3 | 4) => {}
            Some(8) => self.chunk_members(line, data),
            _ => {
                self.violation("gateway", format!("unknown opcode: {text}"));
                line.close(4001);
            }
        }
    }

    /// The socket of a line has gone.
    pub(crate) fn hang_up(&mut self, line: &Line) {
        let own = self.gateway.sessions.iter_mut().find(|session| {
            let theirs = session.line.as_ref();
            theirs.is_some_and(|theirs| theirs.same_channel(&line.out))
        });
        if let Some(session) = own {
            session.line = None;
        }
    }

    fn identify(&mut self, line: &mut Line, data: &Value) {
        if line.session.is_some() {
            self.violation("gateway", "a second IDENTIFY on one socket");
            return line.close(4005);
        }
        if data["token"].as_str().map(bare_token) != Some(self.token.as_str()) {
            return line.close(4004);
        }
        let Some(asked) = data["intents"]
            .as_u64()
            .filter(|asked| asked & !intents::KNOWN == 0)
        else {
            self.violation("gateway", format!("invalid intents: {}", data["intents"]));
            return line.close(4013);
        };
        if asked & intents::PRIVILEGED & !self.privileged != 0 {
            return line.close(4014);
        }
        if !data["properties"].is_object() {
            self.violation("gateway", "an IDENTIFY without properties");
        }
        let shard = match self.shard_in(data) {
            Ok(shard) => shard,
            Err(Unfit::Wrong) => return line.close(4010),
            Err(Unfit::Needed) => return line.close(4011),
        };
        if self.is_hasty(shard.0) {
            return line.say(&bare(9, &json!(false)));
        }
        self.gateway.identifies += 1;
        let id = format!("session-{}", self.gateway.identifies);
        line.session = Some(id.clone());
        let mut session = Session::new(id, asked, shard, line.out.clone());
        self.welcome(&mut session);
        self.gateway.sessions.push(session);
    }

    fn welcome(&mut self, session: &mut Session) {
        let guilds: Vec<Id> = self
            .guilds
            .values()
            .filter(|guild| guild.has_bot && is_on_shard(Some(guild.id), session.shard))
            .map(|guild| guild.id)
            .collect();
        let unavailable: Vec<Value> = guilds
            .iter()
            .map(|guild| json!({ "id": guild, "unavailable": true }))
            .collect();
        let mut user = self.user_json(self.bot);
        user["mfa_enabled"] = json!(true);
        user["verified"] = json!(true);
        user["email"] = Value::Null;
        user["flags"] = json!(0);
        let ready = json!({
            "v": 10,
            "user": user,
            "guilds": unavailable,
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": format!("ws://{}/gateway", self.authority),
            "shard": [session.shard.0, session.shard.1],
            "application": { "id": self.app, "flags": 0 },
            "user_settings": {},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "geo_ordered_rtc_regions": [],
        });
        self.check_event("READY", &ready);
        session.send("READY", &ready, None, 1);
        if session.intents & intents::GUILDS == 0 {
            return;
        }
        for guild in guilds {
            if self
                .guilds
                .get(&guild)
                .is_some_and(|guild| guild.is_available)
            {
                let data = self.guild_create_json(guild);
                self.check_event("GUILD_CREATE", &data);
                session.send("GUILD_CREATE", &data, None, 1);
            }
        }
    }

    fn resume(&mut self, line: &mut Line, data: &Value) {
        if data["token"].as_str().map(bare_token) != Some(self.token.as_str()) {
            return line.close(4004);
        }
        let asked = data["session_id"].as_str().unwrap_or_default();
        let seq = data["seq"].as_u64();
        let may = !self.gateway.refuse_resume;
        let session = self.gateway.sessions.iter_mut().find(|session| {
            session.id == asked && session.can_resume && seq.is_some_and(|seq| session.knows(seq))
        });
        let (Some(session), true) = (session, may) else {
            return line.say(&bare(9, &json!(false)));
        };
        line.session = Some(session.id.clone());
        session.line = Some(line.out.clone());
        session.replay(seq.unwrap_or_default());
        session.send("RESUMED", &json!({ "_trace": [] }), None, 1);
        self.gateway.resumes += 1;
    }

    /// Members in one chunk, for who asks.
    fn chunk_members(&mut self, line: &Line, data: &Value) {
        let guild = data["guild_id"].as_str().and_then(|id| id.parse().ok());
        let Some(guild) = guild.filter(|id| self.guilds.contains_key(id)) else {
            return;
        };
        let members = self.guilds[&guild].members.keys();
        let members: Vec<Value> = members.map(|user| self.member_json(guild, *user)).collect();
        let mut chunk = json!({
            "guild_id": guild,
            "members": members,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        });
        if data["nonce"].is_string() {
            chunk["nonce"] = data["nonce"].clone();
        }
        self.check_event("GUILD_MEMBERS_CHUNK", &chunk);
        let own = self.gateway.sessions.iter_mut();
        let own = own.filter(|session| Some(&session.id) == line.session.as_ref());
        own.for_each(|session| session.send("GUILD_MEMBERS_CHUNK", &chunk, None, 1));
    }
}

fn bare_token(token: &str) -> &str {
    token.trim_start_matches("Bot ")
}
