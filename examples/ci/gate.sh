#!/usr/bin/env bash
# Re-extracts forms/ and holds it against golden/: a new finding or a change in meaning fails.
#   ./gate.sh           extract, check, compare
#   ./gate.sh --accept  take the new extraction and its findings as the ones to hold against
set -euo pipefail
cd "$(dirname "$0")"
jixiao=${JIXIAO:-jixiao}
rm -rf out
"$jixiao" extract forms -o out -q
if [ "${1:-}" = --accept ]; then
  "$jixiao" check out --baseline baseline.json --update-baseline
  rm -rf golden
  mkdir golden
  find out -mindepth 1 -maxdepth 1 -type d -exec cp -R {} golden/ \;
  exit
fi
code=0
"$jixiao" check out --baseline baseline.json --output-format sarif -o out/check.sarif || code=$?
"$jixiao" check out --baseline baseline.json || code=$?
"$jixiao" diff golden out --output-format sarif -o out/diff.sarif || code=$?
"$jixiao" diff golden out || code=$?
exit $code
