using System.Text.Json.Serialization;

namespace Tunnel.Relay.Team;

/// <summary>All projects.</summary>
internal sealed record ProjectList(IReadOnlyList<ProjectEntry> Projects);

/// <param name="Id">Its number, by which its history is found.</param>
/// <param name="Name">Its name.</param>
/// <param name="Created">When it was made.</param>
/// <param name="MaxAgeS">How long its events are kept, in seconds.</param>
/// <param name="MaxBytes">How much of them is kept.</param>
internal sealed record ProjectEntry(long Id, string Name, DateTimeOffset Created, double MaxAgeS, long MaxBytes)
{
    public static ProjectEntry Of(TeamProject project) =>
        new(project.Id, project.Name, project.CreatedAt, project.Keep.MaxAge.TotalSeconds, project.Keep.MaxBytes);
}

/// <summary>The members of a project.</summary>
internal sealed record MemberList(string Project, IReadOnlyList<MemberEntry> Members);

internal sealed record MemberEntry(string Name, string Role, DateTimeOffset Created)
{
    public static MemberEntry Of(TeamMember member) => new(member.Name, TeamRoles.NameOf(member.Role), member.CreatedAt);
}

/// <summary>What commands about projects print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProjectList))]
[JsonSerializable(typeof(MemberList))]
internal sealed partial class TeamJson : JsonSerializerContext;
