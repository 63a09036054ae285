namespace Tunnel.Bench.Run.Report;

/// <summary>All that was measured, and what could not be. Bounded by the rounds of the run.</summary>
internal sealed class Results
{
    private readonly List<Sample> _samples = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<(string Stage, string Path, string Workload)> _failed = [];

    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>Sentences about what is missing.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public void Add(Sample sample) => _samples.Add(sample);

    public void Note(string text)
    {
        if (!_notes.Contains(text, StringComparer.Ordinal))
        {
            _notes.Add(text);
        }
    }

    /// <summary>A measurement that failed once is not tried again: it would fail again, and take its time limit.</summary>
    public void Fail(string stage, string path, string workload, string reason)
    {
        _failed.Add((stage, path, workload));
        Note($"{stage}, {path}, {workload}: {reason}");
    }

    public bool HasFailed(string stage, string path, string workload) => _failed.Contains((stage, path, workload));

    /// <summary>The paths of a stage in the order in which they were started.</summary>
    public IReadOnlyList<string> PathsOf(string stage) =>
        [.. _samples.Where(sample => sample.Stage == stage).Select(sample => sample.Path).Distinct(StringComparer.Ordinal)];

    /// <summary>A row of a table for each of them: its name and these cells.</summary>
    public IReadOnlyList<IReadOnlyList<string>> RowsOf(string stage, Func<string, IEnumerable<string>> cells) =>
        [.. PathsOf(stage).Select(path => (IReadOnlyList<string>)[path, .. cells(path)])];

    /// <summary>The names of a sample's values that begin so, without that beginning.</summary>
    public IReadOnlyList<string> NamesOf(string stage, string path, string workload, string prefix) =>
        [
            .. Of(stage, path, workload)
                .SelectMany(sample => sample.Values.Keys)
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Select(name => name[prefix.Length..])
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>A value of every round that has it.</summary>
    public IReadOnlyList<double> ValuesOf(string stage, string path, string workload, string value) =>
        [.. Of(stage, path, workload).Where(sample => sample.Values.ContainsKey(value)).Select(sample => sample.Values[value])];

    /// <summary>The middle of the rounds; null if it was not measured.</summary>
    public double? Median(string stage, string path, string workload, string value)
    {
        List<double> values = [.. ValuesOf(stage, path, workload, value)];
        return values.Count == 0 ? null : MedianOf(values);
    }

    /// <summary>Round by round; null if there is no round that has both.</summary>
    public Ratio? RatioOf(string stage, string path, string reference, string workload, string value) =>
        RatioOf(stage, (path, workload), (reference, workload), value);

    /// <summary>The same where the loads differ too.</summary>
    public Ratio? RatioOf(string stage, (string Path, string Workload) of, (string Path, string Workload) to, string value)
    {
        var references = Of(stage, to.Path, to.Workload).ToDictionary(sample => sample.Round, sample => sample.Values);
        var ratios = new List<double>();
        foreach (var sample in Of(stage, of.Path, of.Workload))
        {
            if (
                references.TryGetValue(sample.Round, out var reference)
                && reference.TryGetValue(value, out var divisor)
                && sample.Values.TryGetValue(value, out var number)
                && divisor > 0
            )
            {
                ratios.Add(number / divisor);
            }
        }

        return ratios.Count == 0 ? null : new Ratio(MedianOf(ratios), ratios.Min(), ratios.Max());
    }

    private static double MedianOf(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private IEnumerable<Sample> Of(string stage, string path, string workload) =>
        _samples.Where(sample => sample.Stage == stage && sample.Path == path && sample.Workload == workload);
}
