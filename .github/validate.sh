#!/usr/bin/env bash
# What action.yml runs: SOURCE, FAIL_ON, BASELINE and REPORTS come by the environment, so that no input becomes code.
set -euo pipefail
mkdir -p "$REPORTS"
options=(--fail-on "$FAIL_ON")
if [ -n "$BASELINE" ]; then
    options+=(--baseline "$BASELINE")
fi
# The reports as files never fail; what the tool cannot do (2) still does.
diplodata validate "${options[@]}" --fail-on never --format json --limit 0 --output "$REPORTS/report.json" -- "$SOURCE"
diplodata validate "${options[@]}" --fail-on never --format sarif --output "$REPORTS/report.sarif" -- "$SOURCE"
echo "report=$REPORTS/report.json" >> "$GITHUB_OUTPUT"
exec diplodata validate "${options[@]}" -- "$SOURCE"
