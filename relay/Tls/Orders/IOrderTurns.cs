namespace Tunnel.Relay.Tls.Orders;

/// <summary>Whose turn it is to order a certificate, and what others have ordered.</summary>
internal interface IOrderTurns
{
    /// <summary>Whether relays order for each other. Then one without lego waits for the others.</summary>
    bool AreShared { get; }

    /// <summary>What somebody has ordered since the caller looked last, or null where there is no such thing or it cannot be had now.</summary>
    /// <param name="subject">What it is for.</param>
    /// <param name="known">The revision that the caller got last, 0 before the first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<SharedCertificate?> ReadNewAsync(CertificateSubject subject, long known, CancellationToken cancellationToken);

    /// <returns>The turn, or how long to wait until asking again.</returns>
    ValueTask<(IOrderTurn? Turn, TimeSpan Wait)> TryBeginAsync(CertificateSubject subject, CancellationToken cancellationToken);

    /// <summary>Which other relay orders for this domain now, by its node address.</summary>
    ValueTask<string?> FindOrdererAsync(string domain, CancellationToken cancellationToken);

    /// <summary>The account that orders are made with, or null where there is none yet.</summary>
    ValueTask<string?> ReadAccountAsync(CancellationToken cancellationToken);

    /// <summary>Leaves an account to the others, unless they have one.</summary>
    ValueTask OfferAccountAsync(string account, CancellationToken cancellationToken);
}

/// <summary>The right to order, for as long as it is held. To dispose of it without a result lets somebody else try.</summary>
internal interface IOrderTurn : IAsyncDisposable
{
    /// <summary>How often it has failed by now.</summary>
    int Failures { get; }

    /// <summary>What there is for the subject, as PEM: the turn before may have ended with a result a moment ago.</summary>
    ValueTask<string?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Cancelled when the turn is lost: somebody else may be ordering by now.</summary>
    CancellationToken Lost { get; }

    /// <summary>Leaves the result to the others.</summary>
    Task CompleteAsync(string pem, DateTimeOffset notAfter);

    /// <summary>Nobody tries again before <paramref name="pause"/> is over.</summary>
    Task FailAsync(TimeSpan pause);
}
