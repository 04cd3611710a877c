namespace IotEvents.Gateway.Api.Views;

/// <summary>An override in force.</summary>
/// <param name="Device">The device.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="Value">What it is meanwhile, with its unit: <c>-10 °C</c>.</param>
/// <param name="Since">From when on, in milliseconds since 1970.</param>
/// <param name="Until">The first instant at which it holds no more, in milliseconds since 1970.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Who set it.</param>
public sealed record OverrideView(
    string Device, string Attribute, string Value, long Since, long Until, string Reason, string By);

/// <summary>The wish for an override, as it is sent.</summary>
/// <param name="Device">The device.</param>
/// <param name="Attribute">The attribute; the device need not have it otherwise.</param>
/// <param name="Value">What it is meanwhile, with its unit: <c>-10 °C</c>.</param>
/// <param name="For">For how long: <c>2h</c>.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record OverrideRequest(string? Device, string? Attribute, string? Value, string? For, string? Reason);
