namespace IotEvents.Gateway.Alerts;

/// <summary>Where an alert is in its life.</summary>
public enum AlertState
{
    /// <summary>Not given.</summary>
    None = 0,

    /// <summary>Raised, and not ended.</summary>
    Active,

    /// <summary>Over; <see cref="Alert.Reason"/> says why.</summary>
    Ended,
}

/// <summary>Names as users see them.</summary>
public static class AlertStateNames
{
    private static readonly string[] Names = ["none", "active", "ended"];

    /// <summary>As in <c>/api/alerts?state=</c>.</summary>
    public static string Name(this AlertState state) => Names[(int)state];
}
