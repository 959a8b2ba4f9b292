using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>Where in a text SQLite found its mistake. The library knows; the wrapper around it has no call for it.</summary>
internal static class ErrorPlace
{
    /// <summary>The place in the text, in UTF-16 units; null when SQLite names none. To be asked at once: the connection's next call forgets it.</summary>
    public static int? Of(sqlite3 connection, string text)
    {
        var offset = ErrorOffset(connection.DangerousGetHandle());
        if (offset < 0)
        {
            return null;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        return Encoding.UTF8.GetCharCount(bytes, 0, Math.Min(offset, bytes.Length));
    }

    [DllImport("e_sqlite3", EntryPoint = "sqlite3_error_offset", CallingConvention = CallingConvention.Cdecl)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int ErrorOffset(IntPtr connection);
}
