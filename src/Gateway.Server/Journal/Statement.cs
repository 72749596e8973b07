using Microsoft.Data.Sqlite;

namespace Gateway.Server.Journal;

/// <summary>A prepared statement whose parameters are <c>?1</c>, <c>?2</c> …: compiled once, run often.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of ours; values are parameters.
        _command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 1; i <= parameters; i++)
            _command.Parameters.Add(new SqliteParameter { ParameterName = $"?{i}" });
    }

    /// <summary>How many rows it changed.</summary>
    public int Run(SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return _command.ExecuteNonQuery();
    }

    public long Number(SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        Bind(transaction, values);
        return (long)_command.ExecuteScalar()!;
    }

    private void Bind(SqliteTransaction transaction, ReadOnlySpan<object?> values)
    {
        _command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++)
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }

    public void Dispose() => _command.Dispose();
}

/// <summary>Statements that are run once.</summary>
internal static class SqliteConnectionExtensions
{
    public static void Execute(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.Command(sql, values);
        // Some pragmas do a step for each row that is fetched.
        using var reader = command.ExecuteReader();
        do
        {
            while (reader.Read())
            {
            }
        }
        while (reader.NextResult());
    }

    public static long Number(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.Command(sql, values);
        return command.ExecuteScalar() is long number ? number : 0;
    }

    /// <summary>Values are <c>?1</c>, <c>?2</c> …</summary>
    public static SqliteCommand Command(this SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is a constant of ours; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"?{i + 1}", values[i]);
        return command;
    }
}
