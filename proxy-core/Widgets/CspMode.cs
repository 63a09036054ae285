namespace Tunnel.ProxyCore.Widgets;

/// <summary>What becomes of the sources that were there before.</summary>
public enum CspMode
{
    /// <summary>They stay, and those of the rule are added.</summary>
    Extend,

    /// <summary>Those of the rule take their place.</summary>
    Replace,
}
