using System.IO.Pipelines;
using System.Text;

namespace OpsPortal.Workbench;

/// <summary>Rows of CSV on their way out, gathered as bytes. While one piece is sent the next is gathered; then a slow reader is waited for, and the query waits too.</summary>
internal sealed class CsvText(PipeWriter to)
{
    private const int SendAt = 128 * 1024;

    private byte[] _bytes = new byte[SendAt * 2];
    private byte[] _spare = new byte[SendAt * 2];
    private Task _sending = Task.CompletedTask;
    private int _length;
    private int _row;
    private bool _isInRow;

    /// <summary>Adds a value to the row.</summary>
    public void Add(string? text)
    {
        var cell = Cells.Csv(text);
        // As bytes at most three for each character, and the comma.
        MakeRoom((3 * cell.Length) + 1);
        if (_isInRow)
        {
            _bytes[_length++] = (byte)',';
        }

        _isInRow = true;
        _length += Encoding.UTF8.GetBytes(cell, _bytes.AsSpan(_length));
    }

    /// <summary>Ends the row. One that has nothing in it but a null gets quotes: an empty line is no row to most readers.</summary>
    public void EndRow()
    {
        MakeRoom(4);
        if (_length == _row)
        {
            _bytes[_length++] = (byte)'"';
            _bytes[_length++] = (byte)'"';
        }

        _bytes[_length++] = (byte)'\r';
        _bytes[_length++] = (byte)'\n';
        _row = _length;
        _isInRow = false;
    }

    /// <summary>Sends what has gathered, if it is worth it or all are there.</summary>
    public ValueTask SendAsync(bool isEnd, CancellationToken cancellationToken) => _length >= SendAt || isEnd ? SendAllAsync(isEnd, cancellationToken) : ValueTask.CompletedTask;

    private async ValueTask SendAllAsync(bool isEnd, CancellationToken cancellationToken)
    {
        await _sending;
        (_bytes, _spare) = (_spare, _bytes);
        _sending = to.WriteAsync(_spare.AsMemory(0, _length), cancellationToken).AsTask();
        (_length, _row) = (0, 0);
        if (isEnd)
        {
            await _sending;
        }
    }

    private void MakeRoom(int bytes)
    {
        if (_bytes.Length - _length < bytes)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        }
    }
}
