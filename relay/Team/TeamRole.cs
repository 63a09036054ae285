namespace Tunnel.Relay.Team;

/// <summary>What a member may do in its project.</summary>
internal enum TeamRole
{
    /// <summary>Send events and nothing else; for servers.</summary>
    Sender,

    /// <summary>Look.</summary>
    Viewer,

    /// <summary>Look, send, and change alerts.</summary>
    Editor,
}

internal static class TeamRoles
{
    public static bool MaySend(this TeamRole role) => role is TeamRole.Sender or TeamRole.Editor;

    public static bool MayLook(this TeamRole role) => role is TeamRole.Viewer or TeamRole.Editor;

    public static bool MayChange(this TeamRole role) => role is TeamRole.Editor;

    /// <summary>As commands, answers and stores have it: <c>viewer</c>.</summary>
    public static string NameOf(TeamRole role) =>
        role switch
        {
            TeamRole.Sender => "sender",
            TeamRole.Viewer => "viewer",
            _ => "editor",
        };

    public static TeamRole? Parse(string name) =>
        name switch
        {
            "sender" => TeamRole.Sender,
            "viewer" => TeamRole.Viewer,
            "editor" => TeamRole.Editor,
            _ => null,
        };
}
