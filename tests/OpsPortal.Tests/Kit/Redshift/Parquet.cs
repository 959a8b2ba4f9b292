using System.Diagnostics;
using System.Text.Json;

namespace OpsPortal.Tests.Kit.Redshift;

/// <summary>A column of a Parquet file that is written.</summary>
/// <param name="Type">INT64, DOUBLE, BOOLEAN or STRING.</param>
internal sealed record ParquetColumn(string Name, string Type, IReadOnlyList<string?> Values);

/// <summary>Parquet by npm's <c>hyparquet-writer</c> and <c>hyparquet</c>, as a process of node.</summary>
internal static class Parquet
{
    public static Task<byte[]> WriteAsync(IReadOnlyList<ParquetColumn> columns) => RunAsync("write", JsonSerializer.SerializeToUtf8Bytes(columns, JsonSerializerOptions.Web));

    /// <summary>The rows of a file, as they are.</summary>
    public static async Task<IReadOnlyList<JsonElement>> ReadAsync(byte[] file) => [.. JsonDocument.Parse(await RunAsync("read", file)).RootElement.EnumerateArray()];

    private static async Task<byte[]> RunAsync(string what, byte[] input)
    {
        var script = Path.Combine(RunningProduct.Root, "tests", "OpsPortal.Tests", "Kit", "Redshift", "parquet.mjs");
        using var node = Process.Start(new ProcessStartInfo("node", [script, what]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = node.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var reading = node.StandardOutput.BaseStream.CopyToAsync(output);
        await node.StandardInput.BaseStream.WriteAsync(input);
        node.StandardInput.Close();
        await reading;
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await said);
        return output.ToArray();
    }
}
