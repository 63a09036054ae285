namespace Tunnel.Connector.Terminal;

/// <summary>
/// The colours of lines for people (ECMA-48 SGR, the 16 colours that every terminal has and every theme chooses). Nothing is told by colour
/// alone. Without colour every text stays as it is.
/// </summary>
internal sealed class Ink(bool isColored)
{
    public static Ink None { get; } = new(isColored: false);

    /// <summary>Decides once: by what was asked for, else by the terminal (https://no-color.org).</summary>
    /// <param name="choice">What was asked for.</param>
    /// <param name="isTerminal">Whether the lines go to one.</param>
    /// <param name="variable">The environment.</param>
    public static Ink For(ColorChoice choice, bool isTerminal, Func<string, string?> variable) =>
        new(
            choice switch
            {
                ColorChoice.Always => true,
                ColorChoice.Never => false,
                _ => isTerminal && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") != "dumb",
            }
        );

    public string Bold(string text) => Paint(text, "1");

    public string Dim(string text) => Paint(text, "2");

    public string Red(string text) => Paint(text, "31");

    public string Green(string text) => Paint(text, "32");

    public string Yellow(string text) => Paint(text, "33");

    public string Cyan(string text) => Paint(text, "36");

    private string Paint(string text, string code) => isColored ? $"\e[{code}m{text}\e[0m" : text;
}
