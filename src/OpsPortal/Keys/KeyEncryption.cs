using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace OpsPortal.Keys;

/// <summary>Encrypts a key before it is kept.</summary>
internal sealed class KeyEncryption(KeySecrets secrets) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var text = secrets.Encrypt(Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(new XElement("encryptedKey", new XComment(" AES-256-GCM with a secret of Keys:EncryptedWith "), new XElement("value", text)), typeof(KeyDecryption));
    }
}

/// <summary>Decrypts it again; made by the framework, which finds its name beside the key.</summary>
internal sealed class KeyDecryption(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var file = services.GetRequiredService<IOptions<KeyOptions>>().Value.EncryptedWith
            ?? throw new InvalidOperationException("The key is encrypted, and Keys:EncryptedWith names no file of secrets.");
        return XElement.Parse(Encoding.UTF8.GetString(KeySecrets.Read(file).Decrypt(encryptedElement.Element("value")!.Value)));
    }
}
