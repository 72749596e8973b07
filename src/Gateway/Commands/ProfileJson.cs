using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Server.Checking;
using Gateway.Server.Configuration;

namespace Gateway.Commands;

/// <summary>Prints profiles as JSON: the content of their files (docs/profiles.md) with the name added and without comments.</summary>
internal static class ProfileJson
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An array of all profiles.</summary>
    public static int Write(TextWriter output, ProfileLibrary library) =>
        Print(output, new JsonArray([.. library.Names.Select(name => Named(library, name))]));

    /// <summary>One profile, which exists.</summary>
    public static int Write(TextWriter output, ProfileLibrary library, string name) => Print(output, Named(library, name));

    private static JsonObject Named(ProfileLibrary library, string name)
    {
        var profile = JsonNode.Parse(library.TextOf(name)!, documentOptions: Lenient)!.AsObject();
        profile.Remove("$schema");
        profile.Insert(0, "name", name);
        return profile;
    }

    private static int Print(TextWriter output, JsonNode node)
    {
        output.WriteLine(node.ToJsonString(Indented));
        return ExitCode.Fine;
    }
}
