using System.Security.Cryptography;

namespace OpsPortal.Core.Audit;

/// <summary>
/// The keys of heads, from a PEM file: the first signs, all verify. ECDSA (P-256 and larger) or RSA (2,048 bits and more). A file of
/// public keys alone verifies: that is all another machine needs.
/// </summary>
public sealed class HeadKeys : IDisposable
{
    private const int SmallestRsa = 2_048;
    private const int SmallestCurve = 256;

    private readonly List<(string Id, AsymmetricAlgorithm Key)> _keys = [];
    private readonly Lock _lock = new();

    private HeadKeys()
    {
    }

    /// <summary>Id of the key that signs.</summary>
    public string Id => _keys[0].Id;

    /// <summary>Whether the first key is a whole one, not a public half.</summary>
    public bool CanSign { get; private set; }

    /// <summary>The public half of the key that signs, for who verifies elsewhere.</summary>
    public string PublicPem => PemEncoding.WriteString("PUBLIC KEY", _keys[0].Key.ExportSubjectPublicKeyInfo());

    /// <summary>Reads keys.</summary>
    /// <exception cref="FormatException">There is none, or one that cannot be used. The message repeats nothing of them.</exception>
    public static HeadKeys Read(string pem)
    {
        var keys = new HeadKeys();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            keys.Add(rest[found.Label].ToString(), rest[found.Location].ToString());
            rest = rest[found.Location.End..];
        }

        return keys._keys.Count > 0 ? keys : throw new FormatException("holds no key in PEM form; make one with: openssl ecparam -genkey -name prime256v1 -noout");
    }

    /// <summary>A new key, as PEM.</summary>
    public static string New()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <summary>Signs a head with the first key.</summary>
    public AuditHead Sign(AuditHead draft)
    {
        var head = draft with { Key = Id };
        lock (_lock)
        {
            var signature = _keys[0].Key switch
            {
                ECDsa key => key.SignData(head.ToSigned(), HashAlgorithmName.SHA256),
                RSA key => key.SignData(head.ToSigned(), HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
                _ => throw new InvalidOperationException("Keys are ECDSA or RSA."),
            };
            return head with { Signature = Convert.ToBase64String(signature) };
        }
    }

    /// <summary>Whether the head is signed by one of these keys.</summary>
    public HeadSignature Verify(AuditHead head)
    {
        lock (_lock)
        {
            var (_, key) = _keys.Find(known => known.Id == head.Key);
            if (key is null)
            {
                return HeadSignature.Foreign;
            }

            var bytes = new byte[head.Signature.Length];
            return Convert.TryFromBase64String(head.Signature, bytes, out var length) && IsBy(key, head.ToSigned(), bytes.AsSpan(0, length)) ? HeadSignature.Good : HeadSignature.Bad;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _keys.ForEach(known => known.Key.Dispose());

    private static bool IsBy(AsymmetricAlgorithm key, byte[] signed, ReadOnlySpan<byte> signature) => key switch
    {
        ECDsa curve => curve.VerifyData(signed, signature, HashAlgorithmName.SHA256),
        RSA rsa => rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => false,
    };

    private void Add(string label, string pem)
    {
        // Written before an EC key by openssl: says the curve, which the key says too.
        if (label == "EC PARAMETERS")
        {
            return;
        }

        var key = Import<ECDsa>(ECDsa.Create(), (curve, text) => curve.ImportFromPem(text), pem) ?? (AsymmetricAlgorithm?)Import<RSA>(RSA.Create(), (rsa, text) => rsa.ImportFromPem(text), pem)
            ?? throw new FormatException($"holds a {label} that is no key of ECDSA or RSA, or is encrypted");
        if (key.KeySize < (key is RSA ? SmallestRsa : SmallestCurve))
        {
            throw new FormatException($"holds a key of {key.KeySize} bits; RSA needs {SmallestRsa}, ECDSA {SmallestCurve}");
        }

        CanSign |= _keys.Count == 0 && label.EndsWith("PRIVATE KEY", StringComparison.Ordinal);
        _keys.Add((Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..32], key));
    }

    private static T? Import<T>(T key, Action<T, string> import, string pem)
        where T : AsymmetricAlgorithm
    {
        try
        {
            import(key, pem);
            return key;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }
}

/// <summary>What a signature is worth.</summary>
public enum HeadSignature
{
    /// <summary>Of a known key, over just this.</summary>
    Good,

    /// <summary>Said to be of a known key, and is not, or is over something else.</summary>
    Bad,

    /// <summary>Of a key that nobody here knows.</summary>
    Foreign,
}
