#!/usr/bin/env python3
"""Measures every budget, in whole runs of every bench, and writes the figures with their spread into docs/performance.md.

    python3 benches/performance.py            every bench three times, at the sizes that the budgets name; takes hours
    python3 benches/performance.py --quick    small forums and short loads, once: whether all of it works; writes nothing
    python3 benches/performance.py --only store,discord --runs 5

A bench prints a budget as `budget: WHAT: VALUE UNIT (at most LIMIT)`, or `at least`. What a run printed is kept in target/performance.
What was measured before of a budget that no bench of this run prints stays in the table, with its own day and commit.
"""

import argparse
import datetime
import os
import pathlib
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
# Between these two lines of the page is what this writes.
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
LINE = re.compile(r"^budget: (?P<what>.+): (?P<value>-?[\d.]+) ?(?P<unit>\S*) \((?P<way>at most|at least) (?P<limit>[\d.]+)\)$")
ROW = re.compile(r"^\| (?P<what>[^|]+) \| (?P<rest>[^|]+\|[^|]+\|[^|]+\|[^|]+) \|$")

CORE = ["cargo", "bench", "--locked", "-p", "bot-core", "--bench"]
WHOLE = ["cargo", "bench", "--locked", "--bench"]
# What is set for a bench, and what besides for a quick run. Benches that are not named here run as they are.
SETTINGS = {
    "views": ({"STOA_BENCH_POSTS": "51000,1000000"}, {"STOA_BENCH_POSTS": "3000"}),
    "search": ({"STOA_BENCH_POSTS": "17000,1000000"}, {"STOA_BENCH_POSTS": "1000"}),
    "complete": ({"STOA_BENCH_POSTS": "1000000"}, {"STOA_BENCH_POSTS": "1000"}),
    "import": ({}, {"STOA_DUMP_MB": "5"}),
    "discord": ({}, {"STOA_BENCH_SECONDS": "5"}),
    "matrix": ({"STOA_BENCH_ROUNDS": "3"}, {"STOA_BENCH_ROUNDS": "1"}),
    "size": ({"STOA_BENCH_POSTS": "1000000"}, {"STOA_BENCH_POSTS": "3000"}),
    "peer": (
        {},
        {"STOA_BENCH_QUESTIONS": "1000", "STOA_BENCH_RATES": "50,100", "STOA_BENCH_SECONDS": "3", "STOA_BENCH_COMMANDS": "10"},
    ),
}
# How long a release takes from nothing, and how large it is: minutes of processor time, megabytes. Measured once.
RELEASE = "release"
MINUTES, MEGABYTES = 25, 50


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small and once; writes nothing unless --write")
    parser.add_argument("--runs", type=int, help="how many whole runs (3; quick: 1)")
    parser.add_argument("--only", help="these benches, with commas between them")
    parser.add_argument("--write", action="store_true", help="write the page after a quick run too")
    options = parser.parse_args()
    benches = there_are()
    every = [*benches] if options.quick else [*benches, RELEASE]
    names = options.only.split(",") if options.only else every
    if unknown := [name for name in names if name not in (*benches, RELEASE)]:
        parser.error(f"no bench is called {', '.join(unknown)}; there are {', '.join((*benches, RELEASE))}")
    runs = options.runs or (1 if options.quick else 3)
    kept = ROOT / "target" / "performance"
    kept.mkdir(parents=True, exist_ok=True)
    figures, failed = {}, []
    for run in range(1, runs + 1):
        for name in names:
            if name == RELEASE and run > 1:
                continue
            output, succeeded = release() if name == RELEASE else bench(name, benches[name], options.quick)
            (kept / f"{name}-{run}.txt").write_text(output)
            if not succeeded:
                failed.append(f"{name}, run {run}")
            for figure in filter(None, map(LINE.match, output.splitlines())):
                figures.setdefault(figure["what"], []).append(figure)
    rows = {what: row(measured) for what, measured in figures.items()}
    print("\n" + table(rows))
    if not options.quick or options.write:
        write(rows)
        print(f"\n{PAGE.relative_to(ROOT)} has them")
    if failed:
        sys.exit(f"failed: {'; '.join(failed)} (what they printed is in {kept.relative_to(ROOT)})")


def there_are():
    """The benches of the project by name, and what runs each."""
    benches = {}
    for manifest, command in ((ROOT / "bot-core" / "Cargo.toml", CORE), (ROOT / "Cargo.toml", WHOLE)):
        with manifest.open("rb") as file:
            benches.update({bench["name"]: command for bench in tomllib.load(file).get("bench", [])})
    return benches


def bench(name, command, is_quick):
    """What a whole run prints, and whether it succeeded."""
    settings, quick = SETTINGS.get(name, ({}, {}))
    settings = {**settings, **(quick if is_quick else {})}
    said = " ".join([f"{key}={value}" for key, value in settings.items()] + command + [name])
    print(f"== {said}", flush=True)
    begun = time.monotonic()
    ran = subprocess.run(
        [*command, name], cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    lines = [line for line in ran.stdout.splitlines() if LINE.match(line)]
    print("\n".join(lines + [f"   {time.monotonic() - begun:.0f} s, exit status {ran.returncode}"]), flush=True)
    if ran.returncode != 0:
        print("\n".join(ran.stderr.splitlines()[-15:]), flush=True)
    return f"{said}\n\n{ran.stdout}\n--- besides ---\n{ran.stderr}", ran.returncode == 0


def release():
    """Builds a release in a folder of its own, from nothing but the packages' sources."""
    print("== a release from nothing", flush=True)
    subprocess.run(["cargo", "fetch", "--locked"], cwd=ROOT, check=True)
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ran = subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, env={**os.environ, "CARGO_TARGET_DIR": folder})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        built = pathlib.Path(folder, "release", "stoa")
        size = built.stat().st_size / 1e6 if built.exists() else 0
    minutes = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 60
    said = (
        f"budget: a release from nothing, processor time: {minutes:.1f} min (at most {MINUTES})\n"
        f"budget: the executable: {size:.1f} MB (at most {MEGABYTES})"
    )
    print(said, flush=True)
    return said, ran.returncode == 0


def row(measured):
    """The cells of a budget: median, spread, limit, when and of what."""
    values = [float(figure["value"]) for figure in measured]
    first = measured[-1]
    limit, unit = float(first["limit"]), first["unit"]
    median = statistics.median(values)
    holds = median <= limit if first["way"] == "at most" else median >= limit
    spread = f"{min(values):g} – {max(values):g}, {len(values)} run{'s' if len(values) > 1 else ''}"
    stamp = f"{datetime.date.today()}, {commit()}"
    return [f"{median:g} {unit}".strip(), spread, f"{first['way']} {limit:g}: {'kept' if holds else '**missed**'}", stamp]


def commit():
    said = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    changed = subprocess.run(["git", "status", "--porcelain", "-uno"], cwd=ROOT, capture_output=True, text=True)
    return said.stdout.strip() + (" with changes" if changed.stdout.strip() else "")


def table(rows):
    head = ["| | median | spread | budget | day, commit |", "|---|---|---|---|---|"]
    return "\n".join(head + [f"| {what} | {' | '.join(cells)} |" for what, cells in rows.items()])


def write(rows):
    """Puts the rows into the page, beside those of other benches that are there."""
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    old, after = rest.split(END)
    kept = {}
    for line in old.splitlines():
        if (found := ROW.match(line)) and found["what"].strip():
            kept[found["what"]] = [cell.strip() for cell in found["rest"].split("|")]
    kept.update(rows)
    machine = f"Measured on: {processor()}, {os.cpu_count()} cores, {memory()} of memory, {platform.system()} {platform.release()}."
    PAGE.write_text(f"{before}{BEGIN}\n{machine}\n\n{table(kept)}\n{END}{after}")


def processor():
    lines = read("/proc/cpuinfo").splitlines()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def memory():
    found = re.search(r"MemTotal:\s+(\d+) kB", read("/proc/meminfo"))
    return f"{int(found[1]) / 1024**2:.0f} GiB" if found else "an unknown amount"


def read(path):
    try:
        return pathlib.Path(path).read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    main()
