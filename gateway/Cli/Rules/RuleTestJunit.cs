using System.Globalization;
using System.Xml;
using IotEvents.Gateway.Rules.Testing;

namespace IotEvents.Gateway.Cli.Rules;

/// <summary>Writes the outcome of tests as JUnit XML, which build servers show.</summary>
internal static class RuleTestJunit
{
    /// <summary>One suite for each file, one case for each run of a test; a file with errors is a case that failed.</summary>
    public static void Write(Stream output, RuleTestSummary summary)
    {
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, CheckCharacters = false });
        var failed = summary.Results.Count(result => !result.Passed);
        xml.WriteStartElement("testsuites");
        WriteCounts(xml, summary.Results.Count, failed, summary.Errors.Count);
        xml.WriteAttributeString("time", summary.Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        foreach (var file in summary.Results.GroupBy(result => result.Test.File))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", file.Key);
            WriteCounts(xml, file.Count(), file.Count(result => !result.Passed), 0);
            foreach (var result in file)
            {
                WriteCase(xml, result);
            }

            xml.WriteEndElement();
        }

        foreach (var file in summary.Errors.GroupBy(error => error.File))
        {
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", file.Key);
            WriteCounts(xml, file.Count(), 0, file.Count());
            foreach (var error in file)
            {
                xml.WriteStartElement("testcase");
                xml.WriteAttributeString("classname", file.Key);
                xml.WriteAttributeString("name", $"line {error.Line}");
                WriteText(xml, "error", error.Message, error.ToString());
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, RuleTestResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", result.Test.File);
        xml.WriteAttributeString("name", result.Test.Name + (result.Seed is { } seed ? $" (shuffled, seed {seed})" : ""));
        if (result.Failure is { } failure)
        {
            var lines = result.Rows.Select(RuleTestReport.Plain).Concat(failure.Why);
            WriteText(xml, "failure", RuleTestReport.Plain(failure.First), string.Join('\n', lines));
        }

        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, int tests, int failures, int errors)
    {
        xml.WriteAttributeString("tests", tests.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", failures.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", errors.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteText(XmlWriter xml, string element, string message, string text)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", message);
        xml.WriteString(text);
        xml.WriteEndElement();
    }
}
