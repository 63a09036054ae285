using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

// bench-yarp PORT DESTINATION [CERTIFICATE KEY]: what YARP does with nothing added to it. It is what a hop of ours is measured against.
// With a certificate, callers speak TLS to it, and HTTP/2 if they like.
var port = int.Parse(args[0], CultureInfo.InvariantCulture);
var destination = args[1];
using var certificate = args is [_, _, var certificatePath, var keyPath]
    ? X509Certificate2.CreateFromPemFile(certificatePath, keyPath)
    : null;

var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
builder.WebHost.ConfigureKestrel(options =>
{
    options.Listen(
        IPAddress.Loopback,
        port,
        listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }
    );
    options.Limits.MaxRequestBodySize = null;
});
builder.Services.AddHttpForwarder();

// The handler that YARP's documentation gives for direct forwarding.
using var invoker = new HttpMessageInvoker(
    new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        EnableMultipleHttp2Connections = true,
    }
);

// Held streams are silent for longer than YARP allows by default (100 s).
var patient = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromHours(1) };

await using var app = builder.Build();
var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
app.Run(async context => await forwarder.SendAsync(context, destination, invoker, patient));
await app.RunAsync();
