using System.Net;

namespace IotEvents.Gateway.Ingest.Mqtt;

/// <summary>Counts connections, in total and by address. Loopback is bounded by the total only. Safe from any thread.</summary>
internal sealed class ConnectionSlots
{
    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _byAddress = [];
    private readonly int _max;
    private readonly int _maxPerAddress;
    private int _count;

    /// <summary>Makes slots that are all free.</summary>
    public ConnectionSlots(int max, int maxPerAddress) => (_max, _maxPerAddress) = (max, maxPerAddress);

    /// <summary>Takes a slot.</summary>
    /// <param name="address">Where the connection comes from; null when unknown.</param>
    /// <returns>False when there is none.</returns>
    public bool TryEnter(IPAddress? address)
    {
        lock (_gate)
        {
            if (_count >= _max)
            {
                return false;
            }

            if (IsCounted(address))
            {
                var held = _byAddress.GetValueOrDefault(address!);
                if (held >= _maxPerAddress)
                {
                    return false;
                }

                _byAddress[address!] = held + 1;
            }

            _count++;
            return true;
        }
    }

    /// <summary>Gives a slot back.</summary>
    public void Leave(IPAddress? address)
    {
        lock (_gate)
        {
            _count--;
            if (IsCounted(address) && --_byAddress[address!] == 0)
            {
                _byAddress.Remove(address!);
            }
        }
    }

    private static bool IsCounted(IPAddress? address) => address is not null && !IPAddress.IsLoopback(address);
}
