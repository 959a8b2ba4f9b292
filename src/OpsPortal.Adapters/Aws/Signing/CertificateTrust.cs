using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Trust in the system's certificate authorities and, beside them, in those of a file.</summary>
internal static class CertificateTrust
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>The policy; null when no file is named: then the system's own holds.</summary>
    public static X509ChainPolicy? With(string? caFile)
    {
        if (string.IsNullOrEmpty(caFile))
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        policy.CustomTrustStore.ImportFromPemFile(caFile);
        return policy;
    }
}
