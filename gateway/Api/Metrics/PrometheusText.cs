using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace IotEvents.Gateway.Api.Metrics;

/// <summary>Collects what the gateway measures of itself and writes it in the Prometheus text format 0.0.4.</summary>
/// <remarks>
/// Listens to every meter whose name begins with <c>IotEvents</c>. Units become part of the name as Prometheus wants it
/// (<c>s</c> gives <c>_seconds</c>, <c>By</c> gives <c>_bytes</c>), counters end in <c>_total</c>. Safe from any thread.
/// </remarks>
public sealed class PrometheusText : IDisposable
{
    private readonly ConcurrentDictionary<string, PrometheusFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _writing = new();

    /// <summary>Begins to listen.</summary>
    /// <param name="scope">Meters made with another scope than this one are left out; those without a scope are always in.</param>
    public PrometheusText(object? scope = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name.StartsWith("IotEvents", StringComparison.Ordinal) &&
                (instrument.Meter.Scope is null || instrument.Meter.Scope == scope))
            {
                listener.EnableMeasurementEvents(instrument, Family(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => ((PrometheusFamily)family!).Record(value, tags));
        _listener.Start();
    }

    /// <summary>Measures what is observed, and writes everything.</summary>
    public string Write()
    {
        lock (_writing)
        {
            foreach (var family in _families.Values)
            {
                family.BeginObserving();
            }

            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal))
            {
                family.Write(text);
            }

            return text.ToString();
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    /// <summary>Two instruments of one name share a family: a name stands once in the text.</summary>
    private PrometheusFamily Family(Instrument instrument)
    {
        var bounds = instrument switch
        {
            Histogram<double> histogram => histogram.Advice?.HistogramBucketBoundaries?.ToArray(),
            Histogram<long> histogram => histogram.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
            _ => null,
        };
        var family = PrometheusFamily.Create(instrument, bounds);
        return _families.GetOrAdd(family.Name, family);
    }
}
