#!/usr/bin/env bash
# Measures search on the judged sets: all of it, then with one part taken out at a time, and whether that makes a difference.
# Prints the tables of docs/search.md. Takes the folder of shared data, by default ../shared beside the project.
set -euo pipefail

shared=$(realpath "${1:-${STOA_SHARED:-../shared}}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo build --quiet --release --bin stoa
cargo build --quiet --release --package relevance
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
stoa() { STOA__STORAGE__DIR="$work/run" "$target/release/stoa" --forum "$forum" "$@"; }
relevance() { "$target/release/relevance" "$@"; }

# Searches for the queries by a recipe; then its measures, and the change of MAP and P@1 that it makes.
run() {
    stoa search --batch "$set/queries.tsv" --limit 100 --recipe "$1" > "$work/$forum-$2"
}
ablate() {
    run "$1" "$2"
    relevance compare "${own[@]}" "$set/qrels.tsv" "$work/$forum-all" "$work/$forum-$2" |
        awk -v name="$2" '$2 ~ /^[+-]/ && ($1 == "MAP" || $1 == "P@1") { printf "  %-12s %-4s %s  better %3d  worse %3d  p %s\n", name, $1, $2, $3, $4, $5 }'
}
measure() {
    echo "$forum"
    run "" all
    relevance score "${own[@]}" "$set/qrels.tsv" "$work/$forum-all" | sed "s|$work/$forum-all|all of it|"
    ablate title=0 no-title
    ablate stop=0 no-stop
    ablate proximity=0 no-proximity
    ablate likeness=0 no-likeness
    ablate reranked=0 no-rerank
    ablate spelling=0 no-spelling
    ablate compounds=0 no-compounds
    ablate rarest=1000 all-words
    ablate rarest=15 15-words
    ablate times=1 no-counts
    echo
}

forum=stackfaq set="$shared/data/judged/stackfaq" own=()
stoa import jsonl "$set/corpus.jsonl" > "$work/import.txt" 2>&1
measure
# Every second word of five letters and more with two letters swapped, in the same queries.
awk -F '\t' '{ n = split($2, words, " "); line = ""; k = 0
    for (i = 1; i <= n; i++) { w = words[i]
        if (length(w) >= 6 && w ~ /^[A-Za-z]+$/ && ++k % 2 == 0) w = substr(w, 1, 2) substr(w, 4, 1) substr(w, 3, 1) substr(w, 5)
        line = line (i > 1 ? " " : "") w }
    print $1 "\t" line }' "$set/queries.tsv" > "$work/misspelt.tsv"
for recipe in "" spelling=0; do
    stoa search --batch "$work/misspelt.tsv" --limit 100 --recipe "$recipe" > "$work/misspelt-${recipe:-all}"
done
echo "stackfaq, misspelt"
relevance compare "$set/qrels.tsv" "$work/misspelt-spelling=0" "$work/misspelt-all" | sed "s|$work/misspelt-||"
echo

forum=beer set="$shared/data/judged/beer-links" own=(--own q)
stoa import stackexchange "$shared/data/stackexchange-beer" > "$work/import.txt" 2>&1
measure

forum=half set="$shared/data/judged/stackfaq"
relevance halve "$set/qrels.tsv" "$set/corpus.jsonl" > "$work/half.jsonl"
stoa import jsonl "$work/half.jsonl" > "$work/import.txt" 2>&1
stoa search --similar --batch "$set/queries.tsv" --limit 10 > "$work/similar"
echo "similar questions, stackfaq without half of its answers"
# What was left out answers nothing: judged by what is there.
relevance calibration "$set/qrels.tsv" "$set/queries.tsv" "$work/similar"
echo
STOA_SHARED=$shared cargo bench --quiet --package bot-core --bench relevance
