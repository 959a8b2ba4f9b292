using System.Reflection;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.SignalR;
using Microsoft.JSInterop;
using OpsPortal.Feed;
using OpsPortal.SignIn;

namespace OpsPortal.Tests.Door;

/// <summary>SEC-24: what a browser can call past every button is listed by reflection; something new must be looked at here first.</summary>
[Trait("Fault", "SEC-24")]
public sealed class HandlersTests
{
    private static readonly Type[] Types = typeof(SignInOptions).Assembly.GetTypes();

    [Fact]
    public void Scripts_can_call_no_method_of_a_page() =>
        Assert.DoesNotContain(Types.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)), method => method.GetCustomAttribute<JSInvokableAttribute>() is not null);

    [Fact]
    public void Hubs_take_one_call_and_it_asks_for_the_verb()
    {
        var hubs = Types.Where(type => typeof(Hub).IsAssignableFrom(type)).ToList();

        Assert.Equal([typeof(FeedHub)], hubs);
        Assert.Equal(["OnDisconnectedAsync", "Watch"], typeof(FeedHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(method => method.Name).Order());
    }

    [Fact]
    public void Pages_with_a_circuit_are_known_and_each_acts_through_a_book_or_desk_that_asks_for_the_verb() =>
        Assert.Equal(["AlertsPage"], Types.Where(type => typeof(IComponent).IsAssignableFrom(type) && type.GetCustomAttributes().Any(attribute => attribute is RenderModeAttribute)).Select(type => type.Name).Order());
}
