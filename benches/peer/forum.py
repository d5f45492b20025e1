"""The forum of the plain bots: questions, answers and votes in SQLite, searched with FTS5.

`python forum.py DATABASE < LINES` fills one from what `stoa demo --to -` writes. It is as durable as Stoa's: a write-ahead log that
is synced for each commit, and one commit a vote.
"""

import json
import re
import sqlite3
import sys

SCHEMA = """
CREATE TABLE question (
    number INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL,
    tags TEXT NOT NULL, accepted INTEGER, ups INTEGER NOT NULL, downs INTEGER NOT NULL, card INTEGER
);
CREATE TABLE answer (
    id INTEGER PRIMARY KEY, question INTEGER NOT NULL, body TEXT NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL, score INTEGER NOT NULL
);
CREATE INDEX answers ON answer (question);
CREATE TABLE vote (question INTEGER, person TEXT, vote INTEGER, PRIMARY KEY (question, person)) WITHOUT ROWID;
CREATE TABLE person (key TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (title, body, content = '', tokenize = 'porter unicode61', prefix = '2 3');
"""
PAGE = 10


class Forum:
    def __init__(self, path):
        self.db = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")

    def ask(self, title, body, author):
        self.db.execute("BEGIN")
        number = self.db.execute(
            "INSERT INTO question VALUES (NULL, ?, ?, ?, datetime('now'), '', NULL, 0, 0, NULL)", (title, body, author)
        ).lastrowid
        self.db.execute("INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)", (number, title, body))
        self.db.execute("COMMIT")
        return number

    def has_card(self, number, message):
        self.db.execute("UPDATE question SET card = ? WHERE number = ?", (message, number))

    def card(self, number):
        row = self.db.execute("SELECT card FROM question WHERE number = ?", (number,)).fetchone()
        return row and row[0]

    def vote(self, number, person, vote, presses=False):
        """Sets a vote; pressing the one that stands takes it back. Gives the score, or nothing where there is no such question."""
        self.db.execute("BEGIN")
        row = self.db.execute("SELECT vote FROM vote WHERE question = ? AND person = ?", (number, person)).fetchone()
        before = row[0] if row else 0
        if presses and before == vote:
            vote = 0
        self.db.execute("INSERT OR REPLACE INTO vote VALUES (?, ?, ?)", (number, person, vote))
        changed = self.db.execute(
            "UPDATE question SET ups = ups + ?2, downs = downs + ?3 WHERE number = ?1 RETURNING ups - downs",
            (number, (vote > 0) - (before > 0), (vote < 0) - (before < 0)),
        ).fetchone()
        self.db.execute("COMMIT")
        return changed and changed[0]

    def search(self, words):
        """The best ten questions: those with all of the words, else with any of the longer ones."""
        words = re.findall(r"\w+", words)
        if not words:
            return []
        wide = [word for word in words if len(word) > 3] or words
        for terms, how in ((words, " AND "), (wide, " OR ")):
            found = self.db.execute(
                "SELECT number, question.title, ups - downs FROM text JOIN question ON number = text.rowid"
                " WHERE text MATCH ? ORDER BY rank LIMIT ?",
                (how.join(f'"{term}"' for term in terms), PAGE),
            ).fetchall()
            if found:
                return found
        return []

    def complete(self, typed):
        """The newest questions whose titles have these words, the last one only begun."""
        words = re.findall(r"\w+", typed)
        if not words:
            return []
        terms = " AND ".join(f'title : "{word}"' for word in words) + " *"
        return self.db.execute(
            "SELECT number, question.title FROM text JOIN question ON number = text.rowid"
            " WHERE text MATCH ? ORDER BY text.rowid DESC LIMIT 25",
            (terms,),
        ).fetchall()

    def show(self, number):
        """A question and its answers, the accepted one first, then the best."""
        question = self.db.execute(
            "SELECT title, body, author, at, ups - downs, accepted, tags FROM question WHERE number = ?", (number,)
        ).fetchone()
        answers = self.db.execute(
            "SELECT id, body, author, at, score FROM answer WHERE question = ?1 ORDER BY id = ?2 DESC, score DESC, id LIMIT ?3",
            (number, question and question[5], PAGE),
        ).fetchall()
        return question, answers


def shown(number, question, answers, length):
    """All of a question as text, each post in short."""
    title, body, author, at, score, accepted, tags = question
    lines = [f"**#{number} {title}**", f"{votes(score)} · by {author} · {at} · {tags}", body[:length]]
    for answer, text, by, when, points in answers:
        mark = "✅ " if answer == accepted else ""
        lines += ["", f"{mark}{votes(points)} · by {by} · {when}", text[:length]]
    return "\n".join(lines)


def found(questions):
    lines = [f"{votes(score)} · #{number} {title}" for number, title, score in questions]
    return "\n".join(lines) or "Nothing found."


def votes(score):
    return f"{score:+} vote" if abs(score) == 1 else f"{score:+} votes"


def fill(path, lines):
    db = Forum(path).db
    db.executescript("PRAGMA synchronous = OFF;" + SCHEMA)
    db.execute("BEGIN")
    answer = 0
    for line in map(json.loads, lines):
        if "person" in line:
            people = [(account["key"], account["name"]) for account in line["person"]]
            db.executemany("INSERT OR IGNORE INTO person VALUES (?, ?)", people)
            continue
        accepted = line.get("accepted")
        number = db.execute(
            "INSERT INTO question VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (line["title"], *post(line), " ".join(line["tags"]), accepted and answer + accepted["answer"], *carried(line)),
        ).lastrowid
        for said in line["answers"]:
            answer += 1
            ups, downs = carried(said)
            db.execute("INSERT INTO answer VALUES (?, ?, ?, ?, ?, ?)", (answer, number, *post(said), ups - downs))
        posts = [line, *line["answers"]]
        texts = [text["body"] for said in posts for text in (said, *said["comments"])]
        db.execute("INSERT INTO text (rowid, title, body) VALUES (?, ?, ?)", (number, line["title"], "\n".join(texts)))
    db.execute("COMMIT")
    db.execute("INSERT INTO text (text) VALUES ('optimize')")
    db.execute("ANALYZE")


def post(line):
    return line["body"], line["author"]["name"], line["at"]


def carried(line):
    return line["carried"]["ups"], line["carried"]["downs"]


if __name__ == "__main__":
    fill(sys.argv[1], sys.stdin)
