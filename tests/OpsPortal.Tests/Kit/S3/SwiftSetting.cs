using System.Globalization;

namespace OpsPortal.Tests.Kit.S3;

/// <summary>The files that an OpenStack Swift of one disk needs, and the shell script that runs it.</summary>
internal sealed class SwiftSetting(string folder, int[] ports)
{
    private static readonly string[] BackEnds = ["account", "container", "object"];

    public IEnumerable<int> BackEndPorts => ports.Take(4);

    public int ProxyPort => ports[4];

    public string Script => Path.Combine(folder, "run.sh");

    public void Write()
    {
        Directory.CreateDirectory(Path.Combine(folder, "disks", "d1"));
        Write("swift.conf", """
            [swift-hash]
            swift_hash_path_suffix = tests
            swift_hash_path_prefix = tests

            [storage-policy:0]
            name = Policy-0
            default = yes
            """);
        foreach (var (name, port) in BackEnds.Zip(ports))
        {
            Write($"{name}.conf", $"""
                [DEFAULT]
                bind_ip = 127.0.0.1
                bind_port = {port}
                workers = 0
                user = {Environment.UserName}
                swift_dir = {folder}
                devices = {folder}/disks
                mount_check = false
                recon_cache_path = {folder}

                [pipeline:main]
                pipeline = {name}-server

                [app:{name}-server]
                use = egg:swift#{name}
                fallocate_reserve = 0
                """);
        }

        Write("proxy.conf", Proxy());
        Write("run.sh", RunScript());
    }

    /// <summary>What the servers said.</summary>
    public string ReadLogs() =>
        string.Join('\n', Directory.GetFiles(folder, "*.log").Select(file => $"{Path.GetFileName(file)}: {string.Join('\n', File.ReadLines(file).TakeLast(20))}"));

    // symlink: the S3 interface wants it. No pauses after errors: a test that lets a back end fail must not make the next one wait.
    private string Proxy() => $"""
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {ProxyPort}
        workers = 0
        user = {Environment.UserName}
        swift_dir = {folder}

        [pipeline:main]
        pipeline = catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth bulk copy slo dlo symlink proxy-server

        [app:proxy-server]
        use = egg:swift#proxy
        account_autocreate = true
        error_suppression_interval = 0

        [filter:cache]
        use = egg:swift#memcache
        memcache_servers = 127.0.0.1:{ports[3]}

        [filter:s3api]
        use = egg:swift#s3api
        location = {SwiftPeer.Region}

        [filter:tempauth]
        use = egg:swift#tempauth
        user_test_tester = {SwiftPeer.Secret} .admin

        {string.Join('\n', ((string[])["catch_errors", "gatekeeper", "healthcheck", "listing_formats", "bulk", "copy", "slo", "dlo", "symlink"]).Select(name => $"[filter:{name}]\nuse = egg:swift#{name}"))}
        """;

    // The servers die with the shell (pdeathsig), the shell with its standard input: nothing outlives the tests.
    private string RunScript()
    {
        var rings = string.Join('\n', BackEnds.Zip(ports, (name, port) => string.Create(
            CultureInfo.InvariantCulture,
            $"(swift-ring-builder {name}.builder create 4 1 1 && swift-ring-builder {name}.builder add r1z1-127.0.0.1:{port}/d1 1 && swift-ring-builder {name}.builder rebalance) >{name}-ring.log 2>&1 &")));
        var servers = string.Join('\n', BackEnds.Select(name => $"run swift-{name}-server {name}.conf -v >{name}.log 2>&1 &"));
        return $$"""
            cd {{folder}}
            PATH=$PATH:/usr/sbin:/usr/bin
            run() { exec setpriv --pdeathsig KILL -- "$@" </dev/null; }
            {{rings}}
            wait
            {{servers}}
            run memcached -u {{Environment.UserName}} -l 127.0.0.1 -p {{ports[3]}} >memcached.log 2>&1 &
            read -r _ || exit 1
            run swift-proxy-server proxy.conf -v >proxy.log 2>&1 &
            cat >/dev/null
            """;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text + "\n");
}
