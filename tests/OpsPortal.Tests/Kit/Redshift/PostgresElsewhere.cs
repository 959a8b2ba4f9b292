namespace OpsPortal.Tests.Kit.Redshift;

/// <summary>
/// A PostgreSQL that the contract of the warehouse is run on in place of the tests' own: REDSHIFT_URL=postgresql://superuser:password@host:port, with TLS whose certificate
/// names the host, and REDSHIFT_CA_FILE, the PEM of its authority where this machine does not trust it; or with ?sslmode=disable behind it, on the loopback.
/// </summary>
internal sealed record PostgresElsewhere(string Host, int Port, string User, string Password, string? CaFile, bool IsPlain)
{
    /// <summary>Null where the environment names none.</summary>
    public static PostgresElsewhere? Find() =>
        Environment.GetEnvironmentVariable("REDSHIFT_URL") is { Length: > 0 } url ? Of(url, Environment.GetEnvironmentVariable("REDSHIFT_CA_FILE")) : null;

    /// <summary>What an address says.</summary>
    public static PostgresElsewhere Of(string url, string? caFile)
    {
        var address = new Uri(url);
        var user = address.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        Assert.True(address.Scheme is "postgresql" or "postgres" && user.Length == 2, "REDSHIFT_URL is postgresql://superuser:password@host:port.");
        return new PostgresElsewhere(address.Host, address.Port > 0 ? address.Port : 5432, user[0], user[1], string.IsNullOrEmpty(caFile) ? null : caFile, address.Query == "?sslmode=disable");
    }
}
