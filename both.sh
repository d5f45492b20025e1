#!/usr/bin/env bash
# One forum in both chats: starts a fake Discord, a real Matrix homeserver and the bot, lets people ask and answer across, and prints what
# both sides see. What it needs is what the tests need.
set -euo pipefail
cd "$(dirname "$0")"
seen=$(mktemp)
trap 'rm -f "$seen"' EXIT
STOA_SHOW_BOTH=$seen cargo test --quiet --package stoa --test it both::session:: >&2
cat "$seen"
