using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Policy.Facts;
using Gateway.Server.Inbound;

namespace Gateway.Server.Checking;

/// <summary>Writes the reports as one JSON document, each as soon as it is there.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static async Task<int> WriteAsync(
        TextWriter output, CheckRequest request, IAsyncEnumerable<CheckReport> reports, ProbeReport? probe, CancellationToken cancellationToken)
    {
        var code = ExitCode.Fine;
        var buffer = new ArrayBufferWriter<byte>();
        await using var json = new Utf8JsonWriter(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        Write(json, "servers", request.Servers.Select(static server => server.ToString()));
        Write(json, "assumed", request.Assumed.Select(TrailWording.LineOf));
        json.WriteString("receivers", request.Receivers.Kind);
        json.WriteStartArray("addresses");
        await foreach (var report in reports)
        {
            code = CheckReport.Worse(code, report.ExitCode);
            JsonSerializer.Serialize(json, ReportDocument.Of(report), Options);
            await FlushAsync();
        }
        json.WriteEndArray();
        if (probe is not null)
        {
            code = CheckReport.Worse(code, probe.ExitCode);
            json.WritePropertyName("probe");
            JsonSerializer.Serialize(json, ProbeDocument.Of(probe), Options);
        }
        json.WriteNumber("exitCode", code);
        json.WriteEndObject();
        await FlushAsync();
        await output.WriteLineAsync();
        return code;

        async Task FlushAsync()
        {
            await json.FlushAsync(cancellationToken);
            await output.WriteAsync(SafeText.VisibleJson(Encoding.UTF8.GetString(buffer.WrittenSpan)).AsMemory(), cancellationToken);
            buffer.ResetWrittenCount();
        }
    }

    private static void Write(Utf8JsonWriter json, string key, IEnumerable<string> values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
