using System.CommandLine;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Team;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay members add|list|remove</c>: works on the store, whether the relay runs or not.</summary>
internal static class MembersCommand
{
    private static readonly Option<string> s_project = new("--project")
    {
        HelpName = "name",
        Description = "The project",
        Required = true,
    };
    private static readonly Option<string> s_name = new("--name")
    {
        HelpName = "name",
        Description = "Whom the token is for",
        Required = true,
    };
    private static readonly Option<string> s_role = new("--role")
    {
        HelpName = "sender|viewer|editor",
        Description = "sender sends events, viewer looks at them, editor does both and changes alerts",
        Required = true,
    };

    public static Command Create(RelayStores stores)
    {
        var add = new Command("add", "Adds a member to a project and prints its token, this once") { s_project, s_name, s_role };
        add.SetAction((result, cancellationToken) => stores.UseTeamAsync(result, (teams, _) => AddAsync(result, teams, cancellationToken)));

        var list = new Command("list", "Lists the members of a project: name, role, added") { s_project, JsonOutput.Option };
        list.SetAction(
            (result, cancellationToken) => stores.UseTeamAsync(result, (teams, _) => ListAsync(result, teams, cancellationToken))
        );

        var remove = new Command("remove", "Removes a member; its token is worthless at once") { s_project, s_name };
        remove.SetAction(
            (result, cancellationToken) => stores.UseTeamAsync(result, (teams, _) => RemoveAsync(result, teams, cancellationToken))
        );
        return new Command("members", "Manages who sends to projects and looks at them, see docs/team.md") { add, list, remove };
    }

    private static async Task<int> AddAsync(ParseResult result, ITeamStore teams, CancellationToken cancellationToken)
    {
        var (project, name) = (result.GetValue(s_project)!, result.GetValue(s_name)!);
        if (!HolderName.IsOne(name))
        {
            return Say.Fail(ExitCodes.Usage, $"'{name}' cannot be the name of a member", HolderName.Hint);
        }

        if (TeamRoles.Parse(result.GetValue(s_role)!) is not { } role)
        {
            return Say.Fail(ExitCodes.Usage, $"'{result.GetValue(s_role)}' is no role", "sender, viewer or editor");
        }

        var token = MemberToken.New();
        var member = new TeamMember(project, name, role, TimeProvider.System.GetUtcNow());
        switch (await teams.AddMemberAsync(member, Credential.HashOf(token), cancellationToken))
        {
            case TeamChange.Done:
                await Console.Out.WriteLineAsync(token);
                return Say.Done(
                    role == TeamRole.Sender
                        ? "it cannot be shown again; it goes into a file that cloud.token_file of an mcpr.toml names"
                        : "it cannot be shown again; hand it over for signing in to the dashboard"
                );
            case TeamChange.Missing:
                return NoProject(project);
            case TeamChange.Full:
                return Say.Fail(ExitCodes.Failure, $"{project} has {ITeamStore.MaxMembers} members already", "remove one first");
            default:
                return Say.Fail(
                    ExitCodes.Failure,
                    $"{project} has a member {name} already",
                    $"remove it first: mcpr-relay members remove --project {project} --name {name}"
                );
        }
    }

    private static async Task<int> ListAsync(ParseResult result, ITeamStore teams, CancellationToken cancellationToken)
    {
        var project = result.GetValue(s_project)!;
        if (await teams.FindProjectAsync(project, cancellationToken) is null)
        {
            return NoProject(project);
        }

        var members = await teams.ListMembersAsync(project, cancellationToken);
        if (result.GetValue(JsonOutput.Option))
        {
            return JsonOutput.Write(new MemberList(project, [.. members.Select(MemberEntry.Of)]), TeamJson.Default.MemberList);
        }

        foreach (var member in members)
        {
            await Console.Out.WriteLineAsync($"{member.Name}\t{TeamRoles.NameOf(member.Role)}\t{Say.Time(member.CreatedAt)}");
        }

        return ExitCodes.Success;
    }

    private static async Task<int> RemoveAsync(ParseResult result, ITeamStore teams, CancellationToken cancellationToken)
    {
        var (project, name) = (result.GetValue(s_project)!, result.GetValue(s_name)!);
        return await teams.RemoveMemberAsync(project, name, cancellationToken) == TeamChange.Done
            ? Say.Done($"removed {name} from {project}; its token is worthless now")
            : Say.Fail(ExitCodes.Failure, $"{project} has no member {name}", $"see mcpr-relay members list --project {project}");
    }

    private static int NoProject(string name) => Say.Fail(ExitCodes.Failure, $"there is no project {name}", "see mcpr-relay projects list");
}
