using System.IO.Compression;

namespace IotEvents.Gateway.Alerts;

/// <summary>Evidence as it is stored: a byte that says how, then the bytes; compressed where that pays.</summary>
public static class EvidenceRows
{
    /// <summary>The room of the keyed state that holds the evidence, by the alert's id.</summary>
    public const string Room = "evidence";

    private const byte Plain = 0;
    private const byte Brotli = 1;
    private const int CompressFrom = 1024;

    /// <summary>No evidence is larger, unpacked: 16 MiB. A row that claims more is damaged.</summary>
    private const int BytesMax = 16 * 1024 * 1024;

    /// <summary>The row.</summary>
    /// <param name="json">The evidence.</param>
    public static byte[] Write(ReadOnlySpan<byte> json)
    {
        if (json.Length >= CompressFrom)
        {
            var packed = new byte[BrotliEncoder.GetMaxCompressedLength(json.Length) + 1];
            packed[0] = Brotli;

            // A low effort: it is done on the journal's thread, and text such as this shrinks to a fifth even so.
            if (BrotliEncoder.TryCompress(json, packed.AsSpan(1), out var length, quality: 3, window: 18) && length < json.Length)
            {
                return packed[..(length + 1)];
            }
        }

        return [Plain, .. json];
    }

    /// <summary>The evidence in a row.</summary>
    /// <exception cref="InvalidDataException">Not a row this version can read.</exception>
    public static byte[] Read(ReadOnlySpan<byte> row)
    {
        if (row.IsEmpty || row[0] > Brotli)
        {
            throw new InvalidDataException("The row is no evidence that this program can read.");
        }

        if (row[0] == Plain)
        {
            return row[1..].ToArray();
        }

        using var packed = new MemoryStream(row[1..].ToArray());
        using var brotli = new BrotliStream(packed, CompressionMode.Decompress);
        using var json = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = brotli.Read(buffer)) > 0;)
        {
            json.Write(buffer, 0, count);
            if (json.Length > BytesMax)
            {
                throw new InvalidDataException("The row unpacks to more than evidence can be.");
            }
        }

        return json.ToArray();
    }
}
