#!/usr/bin/env bash
# Installs what the tests need, then runs every test of the solution and the TypeScript tests.
#   ./test.sh           everything but the long fault runs
#   ./test.sh --long    with them
# REQUIRE_RECORDED_DATA=1 makes the absence of ../shared/data a failure instead of skipped tests.
# Last line, alone: "N passed, N failed, N skipped". Exit code non-zero on any failure.
set -uo pipefail
cd "$(dirname "$0")"

for argument in "$@"; do
  case "$argument" in
    --long) export LONG_TESTS=1 ;;
    *) echo "test.sh: unknown argument $argument (known: --long)" >&2; exit 2 ;;
  esac
done
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

source tests/need.sh
need chromium chromium
need python3 python3 # examples/notebook.py
need_peers

passed=0 failed=0 skipped=0 broken=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

echo "Building …"
dotnet build OpsPortal.sln --nologo -v quiet -clp:NoSummary || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

for project in tests/*.Tests; do
  name=$(basename "$project")
  echo "Running $name …"
  dotnet test "$project" --no-build --nologo --results-directory "$results" --logger "trx;LogFileName=$name.trx" --logger "console;verbosity=normal" || broken=1
  # A test host that dies writes no counters, or fewer: that is a failure, not silence.
  counters=$(grep -o '<Counters [^>]*' "$results/$name.trx" 2>/dev/null) || { failed=$((failed + 1)); continue; }
  count() { echo "$counters" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'; }
  passed=$((passed + $(count passed))); failed=$((failed + $(count failed) + $(count error) + $(count aborted)))
  skipped=$((skipped + $(count total) - $(count executed)))
done

echo "Checking and running the TypeScript tests …"
npx --no-install tsc --noEmit || { broken=1; failed=$((failed + 1)); }
npx --no-install vitest run --reporter=default --reporter=json --outputFile="$results/vitest.json" || broken=1
if [ -s "$results/vitest.json" ]; then
  number() { node -e "console.log(JSON.parse(require('fs').readFileSync('$results/vitest.json')).$1)"; }
  passed=$((passed + $(number numPassedTests))); failed=$((failed + $(number numFailedTests))); skipped=$((skipped + $(number numPendingTests)))
else
  failed=$((failed + 1))
fi

[ "$broken" = 0 ] || python3 tests/failures.py "$results"/*.trx
[ -d ../shared/data ] || echo "Recorded data (../shared/data) is not there: the tests of that tier were skipped."
[ "$broken" = 1 ] && [ "$failed" = 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
