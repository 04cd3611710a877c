using System.Buffers;
using System.Runtime.CompilerServices;

namespace IotEvents.Gateway.Cli.Client;

/// <summary>Splits a stream into lines as they come. A line that is too long ends it, so that no answer fills the memory.</summary>
internal static class JsonLines
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Reads to the end of the stream; empty lines are left out.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="GatewayClient.AnswerBytesMax"/>.</exception>
    public static async IAsyncEnumerable<byte[]> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken stop)
    {
        var line = new ArrayBufferWriter<byte>(PieceBytes);
        var piece = new byte[PieceBytes];
        while (await stream.ReadAsync(piece, stop) is var read and > 0)
        {
            for (var from = 0; from < read;)
            {
                var length = piece.AsSpan(from, read - from).IndexOf((byte)'\n');
                line.Write(piece.AsSpan(from, length < 0 ? read - from : length));
                if (line.WrittenCount > GatewayClient.AnswerBytesMax)
                {
                    throw new InvalidDataException($"A line of the answer is longer than {GatewayClient.AnswerBytesMax / 1_000_000} MB.");
                }

                from += length < 0 ? read - from : length + 1;
                if (length >= 0 && line.WrittenCount > 0)
                {
                    yield return line.WrittenSpan.ToArray();
                    line.ResetWrittenCount();
                }
            }
        }

        if (line.WrittenCount > 0)
        {
            yield return line.WrittenSpan.ToArray();
        }
    }
}
