#!/usr/bin/env bash
# Sets up what the tests need, builds the solution and runs every test; arguments go to 'dotnet test'.
# The last line counts; the exit code is 0 only when every test project ran and nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
. runtime/setup.sh
require_torchsharp
require_ffmpeg
require_liblinear

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

dotnet build RankPool.sln || fail "The solution did not build, so no test ran."
dotnet test RankPool.sln --no-build --results-directory "$results" --logger "trx;LogFilePrefix=tests" "$@"
status=$?

# sum ATTRIBUTE: over the counters of all result files.
sum() { cat "$results"/*.trx 2> /dev/null | grep -o "<Counters [^>]*" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*' | awk '{ n += $1 } END { print n + 0 }'; }
projects=$(ls -d tests/*.Tests | wc -l)
files=$(ls "$results"/*.trx 2> /dev/null | wc -l)
total=$(sum total) executed=$(sum executed) passed=$(sum passed)
failed=$((executed - passed))

if [ "$files" -lt "$projects" ]; then
    say "Only $files of $projects test projects left results."
    status=1
fi
[ "$executed" -gt 0 ] || status=1
[ "$failed" -eq 0 ] || status=1
echo "$passed passed, $failed failed, $((total - executed)) skipped"
exit "$status"
