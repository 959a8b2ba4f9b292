using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Workbench;

/// <summary>Numbers on their way into the warehouse and out of it.</summary>
public sealed class ExactNumberTests
{
    [Fact]
    public async Task Numbers_are_numbers_where_a_double_keeps_them_and_texts_where_not()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync("SELECT 0.1 + 0.2 AS a, 1e300 / 3 AS b, -2.0 / 3e9 AS c, 9007199254740991 AS d, 9007199254740993 AS e, 1e999 AS f, 5 AS g");
        await caller.EndedAsync(id);

        var row = (await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{id}/rows")).GetProperty("rows")[0].EnumerateArray().ToList();
        var csv = await caller.GetStringAsync($"/api/queries/{id}/rows?format=csv");

        Assert.Equal([0.1 + 0.2, 1e300 / 3, -2.0 / 3e9], row.Take(3).Select(cell => cell.GetDouble()));
        Assert.Equal((9007199254740991, "9007199254740993", JsonValueKind.String, 5), (row[3].GetInt64(), row[4].GetString(), row[5].ValueKind, row[6].GetInt32()));
        Assert.StartsWith("a,b,c,d,e,f,g\r\n0.30000000000000004,", csv, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9223372036854775807", "9223372036854775807|integer")]
    [InlineData("0.5", "0.5|real")]
    [InlineData("1e300", "1E+300|real")]
    [InlineData("0.30000000000000004", "0.30000000000000004|real")]
    [InlineData("0.1234567890123456789", "0.12345678901234568|real")]
    [InlineData("0.12345678901234567890123456789012345", null)]
    [InlineData("123456789012345678901234567890123", null)]
    public async Task A_number_of_more_digits_than_can_be_kept_is_refused(string number, string? row)
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        foreach (var given in new object[] { JsonSerializer.Deserialize<JsonElement>(number), new { type = "number", value = number } })
        {
            if (row is null)
            {
                using var refused = await caller.AskAsync("SELECT :a", new { a = given });
                Assert.Equal(["Has more digits than can be kept: give it as a text and CAST it in the query."], (await refused.ProblemAsync(400))["parameters.a"]);
            }
            else
            {
                Assert.Equal([row], (await caller.RunAsync("SELECT :a, typeof(:a)", new { a = given })).Rows);
            }
        }
    }
}
