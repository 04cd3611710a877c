using System.Text;

namespace IotEvents.Simulator.Recordings;

/// <summary>Cuts one line of a CSV file into fields (RFC 4180 quotes; a field does not reach over the end of its line).</summary>
internal static class CsvLine
{
    public static List<string> Split(string line, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (quoted && c == '"' && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (c == '"' && (quoted || field.Length == 0))
            {
                quoted = !quoted;
            }
            else if (c == separator && !quoted)
            {
                fields.Add(Take(field));
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(Take(field));
        return fields;
    }

    private static string Take(StringBuilder field)
    {
        var text = field.ToString().Trim();
        field.Clear();
        return text;
    }
}
