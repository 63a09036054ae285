using Microsoft.AspNetCore.Http;

namespace WeatherServer;

/// <summary>The answer to one request: plain JSON, or an event stream from the first notification on.</summary>
internal sealed class Reply(HttpResponse response)
{
    private bool _isStream;

    public Task NotifyAsync(string notification, CancellationToken cancellationToken)
    {
        if (!_isStream)
        {
            _isStream = true;
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-cache";
        }

        return SendEventAsync(notification, cancellationToken);
    }

    /// <summary>Ends the answer. The status code counts only where no notification went before.</summary>
    public Task CompleteAsync(int statusCode, string message, CancellationToken cancellationToken)
    {
        if (_isStream)
        {
            return SendEventAsync(message, cancellationToken);
        }

        response.StatusCode = statusCode;
        response.ContentType = "application/json";
        return response.WriteAsync(message, cancellationToken);
    }

    private async Task SendEventAsync(string message, CancellationToken cancellationToken)
    {
        await response.WriteAsync($"event: message\ndata: {message}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
