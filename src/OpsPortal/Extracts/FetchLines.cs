namespace OpsPortal.Extracts;

/// <summary>
/// Lines to copy that fetch an extract whole: they go on where a download was cut, ask for a new address each time, and check every
/// file. The token is never in them: they read it from OPSPORTAL_TOKEN.
/// </summary>
internal static class FetchLines
{
    /// <summary>For a shell with curl.</summary>
    /// <param name="address">The extract's, <c>https://portal/api/extracts/id</c>.</param>
    public static string Curl(string address) => CurlLines.Replace("ADDRESS", address, StringComparison.Ordinal);

    /// <summary>For Python 3 and its standard library.</summary>
    /// <param name="address">The extract's, <c>https://portal/api/extracts/id</c>.</param>
    public static string Python(string address) => PythonLines.Replace("ADDRESS", address, StringComparison.Ordinal);

    // The portal's link and the signed address are asked for one after the other: the token must not go to another server.
    private const string CurlLines = """
        # export OPSPORTAL_TOKEN=opx_…
        ask() { curl -fsS --retry 3 -H "Authorization: Bearer $OPSPORTAL_TOKEN" "$@"; }
        ask -o manifest.csv "ADDRESS/manifest?format=csv" && tr -d '\r' < manifest.csv | tail -n +2 | grep -v '^#' | {
          failed=0
          while IFS=, read -r key bytes algorithm checksum class trains from to url; do
            mkdir -p "${key%/*}"; tries=0
            until [ "$(wc -c < "$key" 2>/dev/null || echo 0)" -ge "$bytes" ] || [ $((tries += 1)) -gt 5 ]; do
              link=$(ask -o /dev/null -w '%{redirect_url}' "$url") && curl -fsS -C - -o "$key" "$link" < /dev/null || sleep 1
            done
            if [ "$algorithm" = SHA-256 ] && ! echo "$checksum  $key" | sha256sum -c --status; then
              echo "not as catalogued, removed: $key" >&2; rm -f "$key"; failed=1
            elif [ "$algorithm" != SHA-256 ]; then echo "fetched, not checked (${algorithm:-no checksum}): $key" >&2; fi
          done
          [ $failed = 0 ]
        }
        """;

    private const string PythonLines = """
        import hashlib, http.client, json, os, shutil, sys, time, urllib.request

        def ask(url, start=0):
            request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})
            # Not sent on to the server that the link leads to.
            request.add_unredirected_header("Authorization", "Bearer " + os.environ["OPSPORTAL_TOKEN"])
            return urllib.request.urlopen(request, timeout=60)

        failed = 0
        for item in json.load(ask("ADDRESS/manifest"))["items"]:
            path = item["key"]
            os.makedirs(os.path.dirname(path), exist_ok=True)
            for attempt in range(6):
                have = os.path.getsize(path) if os.path.exists(path) else 0
                if have >= item["bytes"]:
                    break
                try:
                    with ask(item["url"], have) as answer, open(path, "ab" if answer.status == 206 else "wb") as file:
                        shutil.copyfileobj(answer, file)
                except (OSError, http.client.HTTPException) as problem:
                    print(f"{path}: {problem}; again", file=sys.stderr)
                    time.sleep(1)
            checksum = item["checksum"]
            if not checksum or checksum["algorithm"] != "SHA-256" or checksum["ofParts"]:
                print(f"fetched, not checked: {path}", file=sys.stderr)
            elif not os.path.exists(path) or hashlib.sha256(open(path, "rb").read()).hexdigest() != checksum["value"]:
                print(f"not as catalogued, removed: {path}", file=sys.stderr)
                if os.path.exists(path):
                    os.remove(path)
                failed = 1
        sys.exit(failed)
        """;
}
