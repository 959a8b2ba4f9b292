using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>User and password, for a private OpenSearch. A refused password is asked for once more: it may have been exchanged.</summary>
internal sealed class BasicHandler(BasicAccess access) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var password = await access.Password(cancellationToken);
        var response = await SendAsync(request, password, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        access.Forget();
        var again = await access.Password(cancellationToken);
        if (again == password)
        {
            return response;
        }

        response.Dispose();
        return await SendAsync(request, again, cancellationToken);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string password, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{access.User}:{password}")));
        return base.SendAsync(request, cancellationToken);
    }
}

/// <summary>User, and where the password is got.</summary>
/// <param name="Forget">Called when the password was refused: the next asking must not answer from memory.</param>
internal sealed record BasicAccess(string User, Func<CancellationToken, ValueTask<string>> Password, Action Forget);
