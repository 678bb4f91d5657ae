using System.Globalization;
using System.Text;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>What a run of the fuzzer found, and what it exercised.</summary>
internal sealed class FuzzReport
{
    private readonly SortedDictionary<string, int> operations = new(RecipeTable.Operations.ToDictionary(operation => operation, _ => 0), StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> nodes = new(Makings.AllKinds().ToDictionary(kind => kind, _ => 0), StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> structures = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> refusals = new(StringComparer.Ordinal);

    /// <summary>Objectives compiled and compared.</summary>
    public int Programs { get; set; }

    /// <summary>Points that were thrown away: a value out of range, near a kink, or not finite.</summary>
    public int Redrawn { get; set; }

    /// <summary>Objectives without a regular point.</summary>
    public int Pointless { get; set; }

    /// <summary>Comparisons made.</summary>
    public long Comparisons { get; set; }

    public List<Mismatch> Mismatches { get; } = [];

    /// <summary>What there is to exercise and was not.</summary>
    public IEnumerable<string> NotExercised => operations.Concat(nodes).Where(pair => pair.Value == 0).Select(pair => pair.Key);

    public void CountRefusal(string id) => refusals[id] = refusals.GetValueOrDefault(id) + 1;

    /// <summary>Counts what an objective and the derivatives of its layer are made of.</summary>
    public void CountProgram(RandomObjective objective, Makings makings)
    {
        Programs++;
        foreach (var operation in objective.Operations.Distinct())
        {
            operations[operation] = operations.GetValueOrDefault(operation) + 1;
        }

        foreach (var kind in makings.Kinds)
        {
            nodes[kind] = nodes.GetValueOrDefault(kind) + 1;
        }

        structures[makings.Structure] = structures.GetValueOrDefault(makings.Structure) + 1;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Table(text, "operation", operations);
        Table(text, "node", nodes);
        Table(text, "structure", structures);
        Table(text, "refused", refusals);
        text.Append(CultureInfo.InvariantCulture, $"not exercised: {(NotExercised.Any() ? string.Join(", ", NotExercised) : "nothing")}\n");
        text.Append(CultureInfo.InvariantCulture, $"comparisons: {Comparisons}, points redrawn: {Redrawn}, programs without a regular point: {Pointless}, refused: {refusals.Values.Sum()}\n");
        text.Append(CultureInfo.InvariantCulture, $"programs: {Programs}, mismatches: {Mismatches.Count}\n");
        return text.ToString();
    }

    private static void Table(StringBuilder text, string title, SortedDictionary<string, int> counts)
    {
        const int Columns = 4;
        text.Append(CultureInfo.InvariantCulture, $"{title}, programs with it:\n");
        foreach (var row in counts.Chunk(Columns))
        {
            text.Append("  ").AppendJoin("  ", row.Select(pair => $"{pair.Key,-30} {pair.Value.ToString(CultureInfo.InvariantCulture),6}")).Append('\n');
        }
    }
}
