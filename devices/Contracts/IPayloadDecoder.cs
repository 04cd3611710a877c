namespace IotEvents.Devices.Contracts;

/// <summary>Turns the bytes of one payload family into readings. Pure: no clock, no I/O, no state between messages.</summary>
/// <remarks>Called from many threads at once; the buffer belongs to the caller and is empty at the call.</remarks>
public interface IPayloadDecoder
{
    /// <summary>The name settings use, lower case: <c>json</c>, <c>number</c>, <c>csv</c>.</summary>
    string Name { get; }

    /// <summary>Adds what the message says to <paramref name="output"/>, and counts there what it had to leave out.</summary>
    /// <returns>
    /// <see cref="RejectReason.None"/> when the payload is of this family, even when single values were left out;
    /// otherwise why nothing could be read. Never throws for any bytes.
    /// </returns>
    RejectReason Decode(in Message message, ReadingBuffer output);
}
