#!/usr/bin/env bash
# What action.yml runs: extract, check with annotations, compare with the golden extraction where there is one.
# Settings come as environment variables, never as text of this script, so that no file name can run as a command.
set -uo pipefail
read -r -d '' -a files <<< "$FILES" || true # words of all lines; read ends with 1 where its text ends
code=0
"$JIXIAO" extract "${files[@]}" -o "$OUT" || code=$?
case $code in 0 | 4) ;; *) exit $code ;; esac # 4: some documents failed, the others are looked at all the same
known=()
[ -z "${BASELINE:-}" ] || known=(--baseline "$BASELINE")
[ -z "${SARIF:-}" ] || "$JIXIAO" check "$OUT" --fail-on never "${known[@]}" --output-format sarif -o "$SARIF" || code=$?
"$JIXIAO" check "$OUT" --fail-on "$FAIL_ON" "${known[@]}" --output-format github || code=$?
if [ -n "${GOLDEN:-}" ]; then
  "$JIXIAO" diff "$GOLDEN" "$OUT" --fail-on "$DIFF_FAIL_ON" --output-format github || code=$?
  "$JIXIAO" diff "$GOLDEN" "$OUT" --fail-on never --format markdown >> "${GITHUB_STEP_SUMMARY:-/dev/null}" || code=$?
fi
exit $code
