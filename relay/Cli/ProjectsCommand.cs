using System.CommandLine;
using System.Globalization;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay projects create|list|keep|delete</c>: works on the store, whether the relay runs or not.</summary>
internal static class ProjectsCommand
{
    private static readonly Argument<string> s_name = new("name") { Description = "The name of the project, such as acme-prod" };
    private static readonly Option<string?> s_age = new("--age")
    {
        HelpName = "duration",
        Description = "How long events are kept, such as 90d [30d for a new project]",
    };
    private static readonly Option<string?> s_size = new("--size")
    {
        HelpName = "bytes",
        Description = "How much of them is kept, such as 5GiB [1GiB for a new project]",
    };

    public static Command Create(RelayStores stores)
    {
        var create = new Command("create", "Creates a project") { s_name, s_age, s_size };
        create.SetAction(
            (result, cancellationToken) => stores.UseTeamAsync(result, (teams, _) => CreateAsync(result, teams, cancellationToken))
        );

        var list = new Command("list", "Lists the projects: name, created, kept for, kept at most") { JsonOutput.Option };
        list.SetAction(
            (result, cancellationToken) => stores.UseTeamAsync(result, (teams, _) => ListAsync(result, teams, cancellationToken))
        );

        var keep = new Command("keep", "Changes how much of a project is kept") { s_name, s_age, s_size };
        keep.SetAction(
            (result, cancellationToken) => stores.UseTeamAsync(result, (teams, _) => KeepAsync(result, teams, cancellationToken))
        );

        var delete = new Command("delete", "Deletes a project with its members and all its events") { s_name };
        delete.SetAction(
            (result, cancellationToken) =>
                stores.UseTeamAsync(result, (teams, histories) => DeleteAsync(NameOf(result), teams, histories, cancellationToken))
        );
        return new Command("projects", "Manages the projects that teams look at, see docs/team.md") { create, list, keep, delete };
    }

    private static async Task<int> CreateAsync(ParseResult result, ITeamStore teams, CancellationToken cancellationToken)
    {
        var name = NameOf(result);
        if (!TeamProject.IsName(name))
        {
            return Say.Fail(
                ExitCodes.Usage,
                $"'{name}' cannot be the name of a project",
                $"{TeamProject.MinNameLength} to {TeamProject.MaxNameLength} of lower-case letters, digits and hyphens"
            );
        }

        if (ReadKeep(result, TeamProject.DefaultKeep, out var keep) is { } problem)
        {
            return problem;
        }

        return await teams.CreateProjectAsync(name, keep, cancellationToken) switch
        {
            TeamChange.Done => Say.Done($"created {name}; add somebody: mcpr-relay members add --project {name} --name NAME --role viewer"),
            TeamChange.Full => Say.Fail(ExitCodes.Failure, $"there are {ITeamStore.MaxProjects} projects already", "delete one first"),
            _ => Say.Fail(ExitCodes.Failure, $"there is a project {name} already", "see mcpr-relay projects list"),
        };
    }

    private static async Task<int> ListAsync(ParseResult result, ITeamStore teams, CancellationToken cancellationToken)
    {
        var projects = await teams.ListProjectsAsync(cancellationToken);
        if (result.GetValue(JsonOutput.Option))
        {
            return JsonOutput.Write(new ProjectList([.. projects.Select(ProjectEntry.Of)]), TeamJson.Default.ProjectList);
        }

        foreach (var project in projects)
        {
            var (age, size) = (Durations.Format(project.Keep.MaxAge), Sizes.Format(project.Keep.MaxBytes));
            await Console.Out.WriteLineAsync($"{project.Name}\t{Say.Time(project.CreatedAt)}\t{age}\t{size}");
        }

        return ExitCodes.Success;
    }

    private static async Task<int> KeepAsync(ParseResult result, ITeamStore teams, CancellationToken cancellationToken)
    {
        var name = NameOf(result);
        if (await teams.FindProjectAsync(name, cancellationToken) is not { } project)
        {
            return NoProject(name);
        }

        if (ReadKeep(result, project.Keep, out var keep) is { } problem)
        {
            return problem;
        }

        return await teams.KeepAsync(name, keep, cancellationToken) == TeamChange.Done
            ? Say.Done(
                $"{name} keeps {Durations.Format(keep.MaxAge)} and {Sizes.Format(keep.MaxBytes)} at most; a relay that runs deletes the rest"
            )
            : NoProject(name);
    }

    private static async Task<int> DeleteAsync(
        string name,
        ITeamStore teams,
        IProjectHistories histories,
        CancellationToken cancellationToken
    )
    {
        if (await teams.DeleteProjectAsync(name, cancellationToken) is not { } project)
        {
            return NoProject(name);
        }

        await histories.DeleteAsync(project.Id, cancellationToken);
        return Say.Done($"deleted {name}, its members and its events");
    }

    /// <returns>The exit code where an option is wrong, or null.</returns>
    private static int? ReadKeep(ParseResult result, HistoryOptions before, out HistoryOptions keep)
    {
        keep = before;
        if (result.GetValue(s_age) is { } age)
        {
            if (!Durations.TryParse(age, out var maxAge) || maxAge < TeamProject.LeastAge)
            {
                return Say.Fail(ExitCodes.Usage, $"--age '{age}' is not a duration of at least 1m", "such as 90d or 12h");
            }

            keep = keep with { MaxAge = maxAge };
        }

        if (result.GetValue(s_size) is { } size)
        {
            if (!Sizes.TryParse(size, out var maxBytes) || maxBytes < TeamProject.LeastBytes)
            {
                return Say.Fail(ExitCodes.Usage, $"--size '{size}' is not a size of at least 1MiB", "such as 512MiB or 5GiB");
            }

            keep = keep with { MaxBytes = maxBytes };
        }

        return null;
    }

    private static int NoProject(string name) => Say.Fail(ExitCodes.Failure, $"there is no project {name}", "see mcpr-relay projects list");

    private static string NameOf(ParseResult result) => result.GetValue(s_name)!;
}
