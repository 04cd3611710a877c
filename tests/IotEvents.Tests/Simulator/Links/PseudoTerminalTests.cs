using System.IO.Ports;
using System.Text;
using IotEvents.Simulator.Links;
using Xunit;

namespace IotEvents.Tests.Simulator.Links;

public sealed class PseudoTerminalTests
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    [Fact]
    public void Write_AllBytes_ArriveUnchanged()
    {
        using var terminal = PseudoTerminal.Open();
        using var port = Connect(terminal.SlavePath);
        Assert.Equal(WriteOutcome.Written, terminal.Write(AllBytes));
        Assert.Equal(AllBytes, Read(port, 256));
    }

    [Fact]
    public void Write_NobodyReads_IsSaidAndLost()
    {
        using var terminal = PseudoTerminal.Open();
        Assert.Equal(WriteOutcome.NobodyReads, terminal.Write("lost\n"u8));
        using (var port = Connect(terminal.SlavePath))
        {
            Assert.Equal(WriteOutcome.Written, terminal.Write("kept\n"u8));
            Assert.Equal("kept\n", Encoding.ASCII.GetString(Read(port, 5)));
        }

        Assert.Equal(WriteOutcome.NobodyReads, terminal.Write("lost\n"u8));
    }

    [Fact]
    public void Write_ReaderSleeps_FillsUpWithoutWaitingAndCutsNoLine()
    {
        using var terminal = PseudoTerminal.Open();
        using var port = Connect(terminal.SlavePath);
        var line = Encoding.ASCII.GetBytes(new string('x', 99) + "\n");
        var written = 0;
        while (terminal.Write(line) == WriteOutcome.Written)
        {
            Assert.True(++written < 10_000, "the line never fills up");
        }

        Assert.True(written > 10);
        Assert.Equal(WriteOutcome.Full, terminal.Write(line));
        var lines = new List<string>();
        while (lines.Count < written - 1)
        {
            lines.Add(port.ReadLine());
        }

        Assert.All(lines, text => Assert.Equal(99, text.Length));
    }

    [Fact]
    public void Write_ReaderTalksBack_DoesNotHang()
    {
        using var terminal = PseudoTerminal.Open();
        using var port = Connect(terminal.SlavePath);
        for (var i = 0; i < 100; i++)
        {
            port.Write(AllBytes, 0, AllBytes.Length);
            terminal.Write("ok\n"u8);
            Assert.Equal("ok", port.ReadLine());
        }
    }

    [Fact]
    public void Replug_UnderALink_ComesBackThere()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        var link = Path.Combine(folder, "tty");
        using (var terminal = PseudoTerminal.Open(link))
        {
            terminal.Unplug();
            Assert.False(File.Exists(link));
            Assert.Equal(WriteOutcome.Down, terminal.Write("x"u8));
            terminal.Replug();
            Assert.Equal(link, terminal.StablePath);
            using var port = Connect(link);
            terminal.Write("again\n"u8);
            Assert.Equal("again", port.ReadLine());
        }

        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(folder);
    }

    [Fact]
    public void Open_AFileStandsThere_LeavesItAlone()
    {
        var file = Path.GetTempFileName();
        Assert.Throws<IOException>(() => PseudoTerminal.Open(file));
        Assert.True(File.Exists(file));
        File.Delete(file);
    }

    private static SerialPort Connect(string path)
    {
        var port = new SerialPort(path, 115_200) { ReadTimeout = 5000, WriteTimeout = 5000, NewLine = "\n" };
        port.Open();
        return port;
    }

    private static byte[] Read(SerialPort port, int count)
    {
        var bytes = new byte[count];
        port.BaseStream.ReadExactly(bytes);
        return bytes;
    }
}
