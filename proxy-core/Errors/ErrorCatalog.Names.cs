namespace Tunnel.ProxyCore.Errors;

// Failures that are about names and domains.
public static partial class ErrorCatalog
{
    public static readonly ProxyError NameOwnedByAnother = new(
        7301,
        409,
        "Name belongs to somebody else",
        "pick another with --name, or leave --name out to keep your own"
    );

    public static readonly ProxyError NameNotValid = new(
        7302,
        400,
        "Name is not allowed",
        "3 to 63 of a-z 0-9 -, no hyphen first or last, no xn--, and not one of the names kept for the relay"
    );

    public static readonly ProxyError NameNotForToken = new(
        7303,
        403,
        "Token does not allow this name",
        "mcpr whoami tells which names it allows; pick one of them with --name"
    );

    public static readonly ProxyError NameBanned = new(
        7304,
        403,
        "Name is banned on this relay",
        "pick another with --name, or ask the operator of the relay why"
    );

    public static readonly ProxyError TooManyNames = new(
        7305,
        409,
        "You have as many names as you may have",
        "see mcpr names list, and give one up with mcpr names release"
    );

    public static readonly ProxyError NoFreeName = new(7306, 409, "No name is free", "pick one yourself with --name");

    public static readonly ProxyError NameNotOwned = new(
        7307,
        404,
        "Name is not yours",
        "mcpr names list tells which are; a name that you never had needs no release"
    );

    public static readonly ProxyError NameGivenUp = new(
        7308,
        409,
        "Name was given up while its tunnel was open",
        "somebody with your credential released it; start mcpr again to have it back, if nobody else took it"
    );

    public static readonly ProxyError DomainNotValid = new(
        7309,
        400,
        "Domain cannot be used",
        "a public host name such as mcp.example.com, in ASCII (xn--), and neither the relay's own nor below it"
    );

    public static readonly ProxyError DomainNotOwned = new(
        7310,
        404,
        "You have no such domain",
        "mcpr names list-domains tells which you have; mcpr names add-domain adds one"
    );

    public static readonly ProxyError DomainsNeedToken = new(
        7311,
        403,
        "Domains need a token",
        "ask the operator of the relay for one, and keep it with mcpr login"
    );

    public static readonly ProxyError TooManyOwnDomains = new(
        7312,
        409,
        "You have as many domains as you may have",
        "see mcpr names list-domains, and give one up with mcpr names remove-domain"
    );

    public static readonly ProxyError TooManyDomains = new(
        7313,
        503,
        "Relay has no room for another domain",
        "the operator can raise max-domains"
    );
}
