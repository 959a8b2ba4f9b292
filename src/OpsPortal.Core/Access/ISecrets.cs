namespace OpsPortal.Core.Access;

/// <summary>Secrets kept by a service that exists for it: AWS Secrets Manager.</summary>
public interface ISecrets
{
    /// <summary>The secret of that name or ARN; with <c>#field</c> behind it a field of a JSON object.</summary>
    /// <exception cref="InvalidOperationException">It is not there; says where it was looked for, never what was found.</exception>
    ValueTask<string> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>The secret was refused: it is read anew when next asked for.</summary>
    void Forget(string name);
}
