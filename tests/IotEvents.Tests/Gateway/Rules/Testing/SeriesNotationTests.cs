using System.Globalization;
using IotEvents.Devices.Contracts;
using IotEvents.Gateway.Rules.Testing;
using Xunit;

namespace IotEvents.Tests.Gateway.Rules.Testing;

public sealed class SeriesNotationTests
{
    private const int StepsMax = 1000;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("-18", "-18")]
    [InlineData("-18, -17.5, 1e3, +2", "-18 -17.5 1000 2")]
    [InlineData("-18 x3", "-18 -18 -18")]
    [InlineData("-18x3", "-18 -18 -18")]
    [InlineData("-18 × 3", "-18 -18 -18")]
    [InlineData("-18 for 3m", "-18 -18 -18")]
    [InlineData("-18..-16 x3", "-18 -17 -16")]
    [InlineData("5..10x6", "5 6 7 8 9 10")]
    [InlineData("1.5..0.5 for 3m", "1.5 1 0.5")]
    [InlineData("0..1 x11", "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1")]
    [InlineData("1e16..3e16 x3", "10000000000000000 20000000000000000 30000000000000000")]
    [InlineData("_", "_")]
    [InlineData("1, _x2, 2", "1 _ _ 2")]
    [InlineData("_ for 2m,3", "_ _ 3")]
    [InlineData("(5, 15 x2) x2", "5 15 15 5 15 15")]
    [InlineData("(1, (2, _) x2)", "1 2 _ 2 _")]
    [InlineData("(1, 2) for 4m", "1 2 1 2")]
    [InlineData("nan x2", "NaN NaN")]
    [InlineData("suspect 85", "Suspect:85")]
    [InlineData("retained suspect 3 x2", "Retained, Suspect:3 Retained, Suspect:3")]
    [InlineData("out-of-range (1, _)", "OutOfRange:1 _")]
    [InlineData("time-untrusted 1, 2", "TimeUntrusted:1 2")]
    [InlineData("-12 x2 late 20m", "-12+1200s -12+1200s")]
    [InlineData("(1 late 5s, 2) late 10s", "1+15s 2+10s")]
    public void Parse_Text_GivesItsSteps(string text, string steps)
    {
        var read = SeriesNotation.Parse(text, Minute, StepsMax, out var problem);
        Assert.Null(problem);
        Assert.Equal(steps, string.Join(' ', read.Select(Show)));
    }

    [Theory]
    [InlineData("", 0, "The series ends where a value belongs")]
    [InlineData("5,, 6", 2, "', 6' is no value")]
    [InlineData("five", 0, "'five' is no value")]
    [InlineData("5..", 3, "The end of the ramp is missing")]
    [InlineData("5..6 x1", 0, "A ramp needs a number of values, at least 2")]
    [InlineData("5 x99999999999", 0, "The series has more than 1,000 steps")]
    [InlineData("1..2 x1001", 0, "The series has more than 1,000 steps")]
    [InlineData("1 x600, 2 x600", 8, "The series has more than 1,000 steps")]
    [InlineData("(1 x100) x11", 0, "The series has more than 1,000 steps")]
    [InlineData("5 for", 5, "'for' needs a length of time")]
    [InlineData("5 for 0s", 2, "0s is no whole number of steps of 1m")]
    [InlineData("(1, 2) for 3m", 7, "3m is no whole number of rounds of 2 steps of 1m")]
    [InlineData("5 for forever", 6, "'for' needs a length of time")]
    [InlineData("((((((((((1))))))))))", 8, "Brackets nested deeper than 8")]
    [InlineData("5)", 1, "')' is not expected here")]
    [InlineData("1e999", 0, "'1e999' is no value")]
    [InlineData("suspect", 7, "The series ends where a value belongs")]
    public void Parse_WrongText_SaysWhere(string text, int position, string message)
    {
        var read = SeriesNotation.Parse(text, Minute, StepsMax, out var problem);
        Assert.NotNull(problem);
        Assert.Equal((position, message), (problem.Position, problem.Message));
        Assert.NotEmpty(problem.Mend);
        Assert.Empty(read);
    }

    [Fact]
    public void Parse_RandomSeries_ReadsWhatWasWritten()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (text, expected) = Write(random, depth: 0);
            var read = SeriesNotation.Parse(text, Minute, StepsMax, out var problem);
            if (expected.Count <= StepsMax)
            {
                Assert.True(problem is null, $"seed {seed}: {text}: {problem}");
                Assert.True(expected.SequenceEqual(read.Select(Show)), $"seed {seed}: {text}\n{string.Join(' ', read.Select(Show))}");
            }
            else
            {
                Assert.StartsWith("The series has more", problem?.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Parse_RandomCharacters_SaysWhereOrReads()
    {
        const string letters = "0159.-+ex×_,() forlatespcnm";
        for (var seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var text = new string([.. Enumerable.Range(0, random.Next(1, 25)).Select(_ => letters[random.Next(letters.Length)])]);
            var read = SeriesNotation.Parse(text, Minute, StepsMax, out var problem);
            Assert.True(problem is null ? read.Count is > 0 and <= StepsMax : problem.Position >= 0 && problem.Position <= text.Length,
                $"seed {seed}: '{text}'");
        }
    }

    private static (string Text, List<string> Steps) Write(Random random, int depth)
    {
        var texts = new List<string>();
        var steps = new List<string>();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var count = random.Next(1, 5);
            var times = random.Next(3) switch { 0 => $" x{count}", 1 => $"x {count}", _ => $" for {count}m" };
            var (text, body) = random.Next(depth < 3 ? 4 : 3) switch
            {
                0 => ("_", ["_"]),
                1 => ("nan", ["NaN"]),
                2 => Number(random),
                _ => Group(random, depth),
            };
            if (text == "nan")
            {
                // A word ends where a space is.
                times = $" {times}";
            }

            if (text[0] == '(' && times.Contains("for", StringComparison.Ordinal))
            {
                times = $" x{count}";
            }

            texts.Add(text + times);
            steps.AddRange(Enumerable.Repeat(body, count).SelectMany(it => it));
        }

        return (string.Join(random.Next(2) == 0 ? "," : " ,  ", texts), steps);
    }

    private static (string Text, List<string> Steps) Number(Random random)
    {
        var text = (random.Next(-2000, 2000) / 100m).ToString(CultureInfo.InvariantCulture);
        return (text, [double.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)]);
    }

    private static (string Text, List<string> Steps) Group(Random random, int depth)
    {
        var (text, steps) = Write(random, depth + 1);
        return ($"({text})", steps);
    }

    private static string Show(SeriesStep step) => step.IsSilent ? "_" : string.Create(CultureInfo.InvariantCulture,
        $"{(step.Quality == Quality.Good ? "" : $"{step.Quality}:")}{step.Value}{(step.Late > TimeSpan.Zero ? $"+{step.Late.TotalSeconds}s" : "")}");
}
