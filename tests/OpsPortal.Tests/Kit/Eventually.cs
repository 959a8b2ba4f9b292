using System.Diagnostics;

namespace OpsPortal.Tests.Kit;

/// <summary>Waits for something that comes about by itself.</summary>
public static class Eventually
{
    /// <summary>Asks again and again until the answer is not null, and gives it.</summary>
    /// <param name="what">What is waited for, in words: said when it does not come.</param>
    public static async Task<T> GetAsync<T>(string what, TimeSpan limit, Func<Task<T?>> ask)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (watch.Elapsed > limit)
            {
                throw new TimeoutException($"It did not come about within {limit.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Asks again and again until the answer is yes.</summary>
    public static Task IsTrueAsync(string what, TimeSpan limit, Func<Task<bool>> ask) =>
        GetAsync(what, limit, async () => await ask() ? what : null);
}
