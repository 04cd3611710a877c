namespace IotEvents.Devices.Linux;

/// <summary>One kind of measurement of this computer.</summary>
internal interface IHostSource
{
    /// <summary>Adds what can be measured now. What this computer does not have adds nothing; a broken file is counted.</summary>
    void Read(HostSample sample);
}
