using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Windows;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Windows;

/// <summary>The ring beside a plain list, under seeded random calls. A failure prints its seed.</summary>
public sealed class PointRingPropertyTests
{
    private const int Seeds = 400;

    private static readonly double[] Special =
        [0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, double.MinValue];

    [Fact]
    public void Ring_AnyCalls_HoldsWhatAListHolds()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var play = new Play(seed);
            for (var step = 0; step < 120; step++)
            {
                play.Step(mayRestart: false);
            }
        }
    }

    [Fact]
    public void SaveChanges_AnyCallsBetween_RestoreTheSamePoints()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var play = new Play(seed);
            for (var step = 0; step < 120; step++)
            {
                play.Step(mayRestart: true);
            }

            play.Save();
            play.Restore();
            play.CheckNothingToSave();
        }
    }

    [Fact]
    public void TryRestore_WithRoomForFewer_KeepsTheNewest()
    {
        var ring = new PointRing();
        for (var i = 0; i < 500; i++)
        {
            ring.Add(new Timestamp(i), i);
        }

        var smaller = new PointRing(100);
        Assert.True(smaller.TryRestore(ring.SaveChanges().Select(it => (it.Chunk, it.Bytes!))));
        Assert.Equal(100, smaller.Count);
        Assert.Equal(400, smaller.All.Values[0]);
        Assert.Equal(400, smaller.Dropped);
        Assert.Contains(smaller.SaveChanges(), it => it is (0, null));
    }

    /// <summary>One seed's calls, on the ring and on a list of the same points.</summary>
    private sealed class Play
    {
        private readonly int _seed;
        private readonly Random _random;
        private readonly int _most;
        private readonly List<(long Time, double Value)> _points = [];
        private readonly SortedDictionary<long, byte[]> _stored = [];
        private PointRing _ring;
        private long _time;
        private long _dropped;

        public Play(int seed)
        {
            (_seed, _random) = (seed, new Random(seed));
            _most = _random.Next(3) switch { 0 => _random.Next(1, 70), 1 => _random.Next(60, 400), _ => 100_000 };
            _ring = new PointRing(_most);
            _time = _random.Next(2) == 0 ? _random.NextInt64(1L << 60) : -_random.NextInt64(1L << 40);
        }

        public void Step(bool mayRestart)
        {
            switch (_random.Next(mayRestart ? 6 : 3))
            {
                case 0 or 4:
                    for (var i = _random.Next(_random.Next(4) == 0 ? 150 : 8); i >= 0; i--)
                    {
                        Add();
                    }

                    break;
                case 1:
                    Trim();
                    break;
                case 2:
                    Compare();
                    break;
                case 3:
                    Save();
                    break;
                default:
                    Save();
                    Restore();
                    break;
            }

            CheckPoints(_ring.All, _points);
        }

        public void Save()
        {
            var seen = new HashSet<long>();
            foreach (var (chunk, bytes) in _ring.SaveChanges())
            {
                Assert.True(seen.Add(chunk), $"seed {_seed}: chunk {chunk} twice");
                if (bytes is null)
                {
                    Assert.True(_stored.Remove(chunk), $"seed {_seed}: chunk {chunk} was not there");
                }
                else
                {
                    _stored[chunk] = bytes;
                }
            }
        }

        public void Restore()
        {
            var order = _stored.Select(it => (it.Key, it.Value)).ToArray();
            _random.Shuffle(order);
            _ring = new PointRing(_most);
            Assert.True(_ring.TryRestore(order), $"seed {_seed}");
            CheckPoints(_ring.All, _points);
            _dropped = _points.Count == 0 ? 0 : _dropped;
            Assert.True(_ring.Dropped == _dropped, $"seed {_seed}: {_ring.Dropped} dropped instead of {_dropped}");
        }

        public void CheckNothingToSave() => Assert.True(!_ring.SaveChanges().Any(), $"seed {_seed}");

        private void Add()
        {
            _time += _random.Next(5) switch { 0 => 0, 1 => _random.NextInt64(1L << 45), _ => 1_000_000_000 };
            var value = _random.Next(10) switch
            {
                0 => Special[_random.Next(Special.Length)],
                1 => BitConverter.Int64BitsToDouble(_random.NextInt64()),
                _ => Math.Round(_random.NextDouble() * 40, 1),
            };
            _ring.Add(new Timestamp(_time), value);
            _points.Add((_time, value));
            if (_points.Count > _most)
            {
                _points.RemoveAt(0);
                _dropped++;
            }
        }

        private void Trim()
        {
            var time = Instant();
            _ring.TrimBefore(new Timestamp(time));
            _points.RemoveAll(it => it.Time < time);
        }

        private void Compare()
        {
            var (after, upTo) = (Instant(), Instant());
            CheckPoints(_ring.Between(new Timestamp(after), new Timestamp(upTo)),
                [.. _points.Where(it => it.Time > after && it.Time <= upTo)]);
        }

        private long Instant()
        {
            if (_points.Count == 0 || _random.Next(10) == 0)
            {
                return _random.Next(2) == 0 ? long.MinValue : _time;
            }

            // Low numbers more often, so that the ring is not empty most of the time.
            var index = (int)(_points.Count * _random.NextDouble() * _random.NextDouble());
            return _points[index].Time + _random.Next(-1, 2);
        }

        private void CheckPoints(PointSpan found, List<(long Time, double Value)> expected)
        {
            Assert.True(found.Count == expected.Count, $"seed {_seed}: {found.Count} points instead of {expected.Count}");
            for (var i = 0; i < expected.Count; i++)
            {
                var same = found.Times[i] == expected[i].Time && BitConverter.DoubleToInt64Bits(found.Values[i])
                    == BitConverter.DoubleToInt64Bits(expected[i].Value);
                Assert.True(same, $"seed {_seed}: point {i} is {found.Times[i]} {found.Values[i]} instead of {expected[i]}");
            }
        }
    }
}
