using IotEvents.Gateway.Cli.Terminal;
using Xunit;

namespace IotEvents.Tests.Gateway.Cli;

public class SparklineTests
{
    [Fact]
    public void Draw_Rising_ClimbsFromFloorToCeiling() =>
        // Dots 7 and 6 of the first, 5... heights 0 1 | 2 3: two characters.
        Assert.Equal("\u2860\u280a", Sparkline.Draw([0, 1, 2, 3], 2));

    [Fact]
    public void Draw_Gap_StaysAGap() => Assert.Equal("\u2840\u2808", Sparkline.Draw([0, double.NaN, double.NaN, 1], 2));

    [Fact]
    public void Draw_Flat_IsALineAboveTheFloor() => Assert.Equal("\u2824", Sparkline.Draw([5, 5], 1));

    [Fact]
    public void Draw_FewerValuesThanRoom_IsRightAligned() => Assert.Equal("\u2800\u2824", Sparkline.Draw([5, 5], 2));

    [Fact]
    public void Draw_NoValues_IsBlank() => Assert.Equal("\u2800\u2800", Sparkline.Draw([], 2));
}
