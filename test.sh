#!/usr/bin/env bash
# Installs what the tests need, then runs every test of the solution and the TypeScript tests.
#   ./test.sh           everything but the long fault runs
#   ./test.sh --long    with them
# REQUIRE_RECORDED_DATA=1 makes the absence of ../shared/data a failure instead of skipped tests.
# Up to three tests that fail are run once more, alone: what then passes is named as UNSTEADY, with what it failed on, and does not fail the run.
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

for name in OPENSEARCH_URL AWS_ENDPOINT_URL AWS_ENDPOINT_URL_S3 AWS_ENDPOINT_URL_IOT_DATA_PLANE AWS_ENDPOINT_URL_IOT_DATA IOT_ENDPOINT_URL REDSHIFT_URL; do
  [ -z "${!name:-}" ] || echo "$name is set: contracts run on the server that it names (README.md, Tests)."
done

passed=0 failed=0 skipped=0 broken=0 unsteady=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

echo "Building …"
dotnet build OpsPortal.sln --nologo -v quiet -clp:NoSummary || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

# run NAME [FILTER]: the tests of a project, or some of them; what came of it is written to NAME.trx.
run() {
  dotnet test "tests/$1" --no-build --nologo --results-directory "$results" --logger "trx;LogFileName=$1${2:+.again}.trx" --logger "console;verbosity=normal" ${2:+--filter "$2"}
}

# A whole machine's load makes one of thousands of tests late now and then. Whoever broke something sees it fail alone too, and every time.
again() {
  local names filter
  grep -q 'active test run was aborted' "$results/$1.trx" && return 1
  mapfile -t names < <(python3 tests/failures.py --names "$results/$1.trx")
  [ ${#names[@]} -gt 0 ] && [ $((unsteady + ${#names[@]})) -le 3 ] || return 1
  filter=$(printf '|FullyQualifiedName=%s' "${names[@]}")
  echo "Once more, alone: ${names[*]} …"
  run "$1" "${filter#|}" || return 1
  unsteady=$((unsteady + ${#names[@]}))
  python3 tests/failures.py "$results/$1.trx" | sed 's/^FAILED /UNSTEADY /' | tee -a "$results/unsteady"
}

for project in tests/*.Tests; do
  name=$(basename "$project")
  echo "Running $name …"
  is_well=1
  run "$name" || is_well=0
  # A test host that dies writes no counters, or fewer: that is a failure, not silence.
  counters=$(grep -o '<Counters [^>]*' "$results/$name.trx" 2>/dev/null) || { broken=1 failed=$((failed + 1)); continue; }
  count() { echo "$counters" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'; }
  bad=$(($(count failed) + $(count error) + $(count aborted)))
  if [ "$is_well" = 0 ] && [ "$bad" = "$(count failed)" ] && again "$name"; then
    passed=$((passed + bad)) bad=0 is_well=1
    rm "$results/$name.trx"
  fi
  [ "$is_well" = 1 ] || broken=1
  passed=$((passed + $(count passed))); failed=$((failed + bad))
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

[ "$broken" = 0 ] || python3 tests/failures.py "$results"/*.Tests.trx
[ ! -s "$results/unsteady" ] || { cat "$results/unsteady"; echo "Failed once and passed alone: $unsteady. Each is a defect, of the test or of the product."; }
[ -d ../shared/data ] || echo "Recorded data (../shared/data) is not there: the tests of that tier were skipped."
[ "$broken" = 1 ] && [ "$failed" = 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
