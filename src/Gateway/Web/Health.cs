using System.Net.Mime;
using Gateway.Inbound;

namespace Gateway.Web;

/// <summary>Answers <c>GET /health</c>: that the process lives and listens, and how many clients it has.</summary>
internal sealed class Health(ConnectionCounter connections, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (http.Request.Path != "/health")
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        http.Response.ContentType = MediaTypeNames.Application.Json;
        var seconds = (long)time.GetElapsedTime(_started).TotalSeconds;
        return http.Response.WriteAsync($$"""{"status":"healthy","connections":{{connections.Open}},"uptimeSeconds":{{seconds}}}""");
    }
}
