using System.Globalization;
using Microsoft.AspNetCore.Components;
using OpsPortal.Api;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.Core.Mail;
using OpsPortal.Core.Reports;
using OpsPortal.Core.Reports.Mail;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Reports.Mail;

/// <summary>One's own reports by mail; administrators see everybody's.</summary>
public sealed partial class MailPage
{
    private static readonly (string Word, string Words)[] Rhythms = [("day", "day, about the day before"), ("week", "Monday, about the week before"), ("month", "1st, about the month before")];

    private IReadOnlyList<MailedReport> _mails = [];
    private User? _user;
    private string? _problem;
    private string? _done;
    private bool _all;
    private DateTimeOffset _now;

    [CascadingParameter]
    public HttpContext? Context { get; set; }

    [SupplyParameterFromForm(FormName = "make")]
    public MakingForm? Making { get; set; }

    /// <summary>What is done to which: "end 0123abcd".</summary>
    [SupplyParameterFromForm(FormName = "change")]
    public string? Changing { get; set; }

    [SupplyParameterFromQuery(Name = "report")]
    public string? Report { get; set; }

    [SupplyParameterFromQuery(Name = "line")]
    public string? Line { get; set; }

    [SupplyParameterFromQuery(Name = "class")]
    public string? Class { get; set; }

    [SupplyParameterFromQuery(Name = "train")]
    public string? Train { get; set; }

    [Inject]
    internal Mailer Mailer { get; set; } = null!;

    [Inject]
    internal Refusals Refusals { get; set; } = null!;

    // What was sent and refused is shown again as it was.
    private MakingForm Shown => _problem is not null && Making is not null ? Making : new MakingForm { Report = Report, Line = Line, Class = Class, Train = Train };

    private string Caption => _all ? "Everybody's reports by mail" : "Your reports by mail";

    protected override async Task OnInitializedAsync()
    {
        _user = Context!.User.ToUser();
        _all = _user.May(Verb.EndSessions);
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        _now = Time.GetUtcNow();
        _mails = _user!.May(Verb.MailReports) ? await Desk.FindAsync(_user, _all, Context!.RequestAborted) : [];
    }

    private async Task MakeAsync()
    {
        if (await RefusesAsync())
        {
            return;
        }

        _problem = !Desk.IsSetUp ? MailDesk.NotSetUp : await AuditWriting.OrRefusalAsync(MakeOrSayAsync);
        _done = _problem is null ? "It will be sent." : null;
        await ReadAsync();
    }

    private async Task<string?> MakeOrSayAsync()
    {
        var (reader, form) = (new QueryReader(), Making ?? new MakingForm());
        var request = new MailRequest(form.Report, form.Every, form.At, form.Zone, form.To, form.Line, form.Class, form.Train);
        if (MailForm.Read(reader, Desk.Options, request) is not { } wish)
        {
            return string.Join(" ", reader.Problems);
        }

        return await Desk.MakeAsync(_user!, wish, CallerTrace.Of(Context!), Context!.RequestAborted) is null ? $"You have {Desk.Options.MostPerUser} reports by mail; end one first." : null;
    }

    private async Task ChangeAsync()
    {
        if (Changing is null || await RefusesAsync())
        {
            return;
        }

        _problem = await AuditWriting.OrRefusalAsync(() => ChangeAsync(Changing.Split(' ', 2)));
        await ReadAsync();
    }

    private async Task<string?> ChangeAsync(string[] act)
    {
        var mine = act.Length == 2 ? await Desk.GetAsync(_user!, act[1], act[0] == "end", Context!.RequestAborted) : null;
        if (mine is null)
        {
            return "There are no such mails of yours.";
        }

        switch (act[0])
        {
            case "end":
                await Desk.DeleteAsync(_user!, mine, CallerTrace.Of(Context!), Context!.RequestAborted);
                _done = "No more of these are sent.";
                return null;
            case "prolong":
                await Desk.ExtendAsync(_user!, mine, CallerTrace.Of(Context!), Context!.RequestAborted);
                _done = "They go on.";
                return null;
            default:
                return await SendAsync(mine);
        }
    }

    private async Task<string?> SendAsync(MailedReport mail)
    {
        try
        {
            await Mailer.SendNowAsync(mail, Context!.RequestAborted);
            _done = $"The mail server has taken it, to {mail.To}.";
            return null;
        }
        catch (MailNotTakenException e)
        {
            return e.Message;
        }
    }

    private async Task<bool> RefusesAsync()
    {
        if (_user!.May(Verb.MailReports))
        {
            return false;
        }

        await Refusals.NoteAsync(Context!, MailDesk.MayNot);
        return true;
    }

    private static string Title(MailedReport mail) => (ReportKind.Find(mail.Report)?.Title ?? mail.Report) + ReportQuestion.Narrowed(mail.Line, mail.Class, mail.TrainId);

    private static string When(MailedReport mail)
    {
        var rhythm = mail.Times.Every switch { MailRhythm.Day => "every day", MailRhythm.Week => "Mondays", _ => "the 1st of a month" };
        return string.Create(CultureInfo.InvariantCulture, $"{rhythm}, {mail.Times.At:HH:mm} {mail.Times.Zone.Id}");
    }

    /// <summary>What the form sends.</summary>
    public sealed class MakingForm
    {
        public string? Report { get; set; }

        public string? Every { get; set; }

        public string? At { get; set; }

        public string? Zone { get; set; }

        public string? To { get; set; }

        public string? Line { get; set; }

        public string? Class { get; set; }

        public string? Train { get; set; }
    }
}
