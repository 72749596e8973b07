using System.Net.Mime;
using System.Text.Json;
using Gateway.Server.Inbound;

namespace Gateway.Server.Web;

/// <summary>
/// Answers <c>GET /health/live</c>: that the process lives and listens, and how many clients it has; and <c>GET /health/ready</c>: whether all that mail
/// depends on answers, too. <c>/health</c> is <c>/health/live</c>.
/// </summary>
internal sealed class Health(ConnectionCounter connections, Readiness readiness, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();

    public Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return http.Request.Path.Value switch
        {
            "/health" or "/health/live" => WriteAsync(http, StatusCodes.Status200OK, Live),
            "/health/ready" => ReadyAsync(http),
            _ => NotFoundAsync(http),
        };
    }

    private static Task NotFoundAsync(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private void Live(Utf8JsonWriter json)
    {
        json.WriteString("status", "healthy");
        json.WriteNumber("connections", connections.Open);
        json.WriteNumber("uptimeSeconds", (long)time.GetElapsedTime(_started).TotalSeconds);
    }

    private async Task ReadyAsync(HttpContext http)
    {
        var findings = await readiness.LookAsync();
        var isReady = findings.All(static finding => finding.Trouble is null);
        await WriteAsync(http, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteString("status", isReady ? "ready" : "not ready");
            json.WriteStartArray("checks");
            foreach (var (name, trouble) in findings)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteBoolean("ready", trouble is null);
                if (trouble is not null)
                    json.WriteString("reason", trouble);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
    }

    private static async Task WriteAsync(HttpContext http, int status, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        await http.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), http.RequestAborted);
    }
}
