#!/usr/bin/env bash
# The whole product on real peers instead of its embedded stores, without Docker (with it: docker compose up):
#   ./on-peers.sh http://localhost:9200 [any option of the product, such as --Trains:Count=40]
# Portal and trains in one process, the detector in another. OpenSearch is the one whose address is given; PostgreSQL plays Redshift, OpenStack Swift S3,
# and the embedded shadow service, behind signed REST, IoT Core: these are started here, with nothing in them, and stopped at the end. Data: ./data-on-peers,
# and indices in OpenSearch that begin with opsportal-peers-.
set -euo pipefail
cd "$(dirname "$0")"
[[ "${1:-}" =~ ^https?:// ]] || { echo "usage: ./on-peers.sh ADDRESS-OF-OPENSEARCH [options of the product]" >&2; exit 2; }
opensearch=$1; shift
source tests/need.sh
need_peers

if [ -z "${ALREADY_BUILT:-}" ]; then
  echo "Building …"
  dotnet build OpsPortal.sln --nologo -v quiet -clp:NoSummary
fi

data=${DATA_FOLDER:-./data-on-peers}
coproc PEERS { exec dotnet artifacts/bin/OpsPortal.Tests/debug/OpsPortal.Tests.dll peers --data "$data/shadows"; }
peers=$PEERS_PID
trap 'kill ${detector:-} ${portal:-} 2>/dev/null || true; wait ${detector:-} ${portal:-} 2>/dev/null || true; eval "exec ${PEERS[1]:-9}>&-"; wait $peers 2>/dev/null || true' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
while IFS= read -r line <&"${PEERS[0]}"; do
  [ "$line" = ready ] && break
  export "$line"
done
[ "${line:-}" = ready ] || { echo "The peers did not start." >&2; exit 1; }
export Adapters__Operations=OpenSearch OpenSearch__Endpoint=$opensearch OpenSearch__IndexPrefix=${INDEX_PREFIX:-opsportal-peers-} Data__Folder=$data

dotnet artifacts/bin/OpsPortal/debug/OpsPortal.dll --Parts=Detector "$@" --Urls=http://127.0.0.1:0 &
detector=$!
dotnet artifacts/bin/OpsPortal/debug/OpsPortal.dll --Parts=Portal,Trains "$@" &
portal=$!
# Whichever ends first ends all.
wait -n "$detector" "$portal"
