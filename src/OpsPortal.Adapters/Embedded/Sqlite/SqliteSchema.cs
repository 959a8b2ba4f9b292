namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>What is in a file, and how it came to be: the n-th text leads from version n-1 to n (user_version).</summary>
internal sealed record SqliteSchema(string Store, string FileName, params IReadOnlyList<string> Migrations)
{
    /// <summary>Brings the file to the newest version, in one transaction; two processes that start together take turns.</summary>
    public void Migrate(SqliteSession session)
    {
        if (session.Number("PRAGMA user_version") == Migrations.Count)
        {
            return;
        }

        session.InTransaction(
            inside =>
            {
                var version = (int)inside.Number("PRAGMA user_version")!.Value;
                if (version > Migrations.Count)
                {
                    throw new SchemaTooNewException($"{FileName} was written by a newer version (schema {version}, this one knows {Migrations.Count})");
                }

                foreach (var migration in Migrations.Skip(version))
                {
                    inside.RunScript(migration);
                }

                inside.RunScript($"PRAGMA user_version={Migrations.Count}");
                return true;
            },
            writes: true);
    }
}

/// <summary>The file was written by a newer version of the product.</summary>
internal sealed class SchemaTooNewException(string message) : Exception(message);
