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

need() { # need PROGRAM PACKAGE: Debian's package, installed when we are root. A PROGRAM with a slash is a pattern of paths.
  case "$1" in
    */*) compgen -G "$1" >/dev/null && return ;;
    *) command -v "$1" >/dev/null 2>&1 && return ;;
  esac
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $2 …"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2"; } >/tmp/opsportal-apt.log 2>&1 || { cat /tmp/opsportal-apt.log; exit 1; }
  else
    echo "The tests need $1: install Debian's package $2 (apt-get install $2) and run ./test.sh again." >&2
    exit 1
  fi
}
need chromium chromium
need python3 python3 # examples/notebook.py
need '/usr/lib/postgresql/*/bin/postgres' postgresql # plays Redshift
need swift-proxy-server swift-proxy # OpenStack Swift plays S3
need swift-account-server swift-account
need swift-container-server swift-container
need swift-object-server swift-object
need memcached memcached

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

[ -d ../shared/data ] || echo "Recorded data (../shared/data) is not there: the tests of that tier were skipped."
[ "$broken" = 1 ] && [ "$failed" = 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
