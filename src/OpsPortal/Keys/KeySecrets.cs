using System.Security.Cryptography;

namespace OpsPortal.Keys;

/// <summary>Secrets that keys are encrypted with: AES-256 in Galois/counter mode, the first for writing, each for reading.</summary>
internal sealed class KeySecrets
{
    private const int SecretBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly IReadOnlyList<byte[]> _secrets;

    private KeySecrets(IReadOnlyList<byte[]> secrets) => _secrets = secrets;

    /// <summary>Reads the file.</summary>
    /// <exception cref="FormatException">It holds something else than secrets.</exception>
    public static KeySecrets Read(string path)
    {
        var lines = File.ReadAllLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToList();
        var secrets = lines.Select(line => Secret(line, path)).ToList();
        return secrets.Count > 0 ? new KeySecrets(secrets) : throw new FormatException($"{path} is empty; make a secret with: openssl rand -base64 32");
    }

    public string Encrypt(byte[] plain)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_secrets[0], TagBytes);
        aes.Encrypt(sealedBytes.AsSpan(0, NonceBytes), plain, sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes));
        return Convert.ToBase64String(sealedBytes);
    }

    /// <exception cref="CryptographicException">None of the secrets fits.</exception>
    public byte[] Decrypt(string text)
    {
        var sealedBytes = Convert.FromBase64String(text);
        foreach (var secret in _secrets)
        {
            var plain = new byte[sealedBytes.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(secret, TagBytes);
            try
            {
                aes.Decrypt(sealedBytes.AsSpan(0, NonceBytes), sealedBytes.AsSpan(NonceBytes + TagBytes), sealedBytes.AsSpan(NonceBytes, TagBytes), plain);
                return plain;
            }
            catch (AuthenticationTagMismatchException)
            {
                // Encrypted with another of them.
            }
        }

        throw new CryptographicException("None of the secrets in Keys:EncryptedWith opens this key.");
    }

    private static byte[] Secret(string line, string path)
    {
        var secret = new byte[SecretBytes];
        return Convert.TryFromBase64String(line, secret, out var written) && written == SecretBytes
            ? secret
            : throw new FormatException($"{path} must hold 32 bytes in base64 on each line; make a secret with: openssl rand -base64 32");
    }
}
