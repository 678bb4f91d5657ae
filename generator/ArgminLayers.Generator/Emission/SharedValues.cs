using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <summary>What several results of a program need.</summary>
internal sealed class SharedValues
{
    private readonly Program program;
    private readonly HashSet<int>[] reach;
    private readonly List<int>[] users;

    public SharedValues(Program program)
    {
        this.program = program;
        reach = program.Nodes.Select(_ => new HashSet<int>()).ToArray();
        users = program.Nodes.Select(_ => new List<int>()).ToArray();
        for (var k = 0; k < program.Outputs.Count; k++)
        {
            reach[program.Outputs[k]].Add(k);
        }

        for (var i = reach.Length - 1; i >= 0; i--)
        {
            foreach (var operand in program.Nodes[i].Operands.Distinct())
            {
                reach[operand].UnionWith(reach[i]);
                users[operand].Add(i);
            }
        }

        Values = Enumerable.Range(0, reach.Length).Where(IsShared).ToList();
        Matrices = Enumerable.Range(0, reach.Length).Where(i => program.Nodes[i] is Solve && reach[i].Count > 0)
            .GroupBy(i => MatrixOf(program, (Solve)program.Nodes[i]).Matrix, i => reach[i])
            .Where(group => group.SelectMany(results => results).Distinct().Count() > 1)
            .ToDictionary(group => group.Key, group => new HashSet<int>(group.SelectMany(results => results)));
        Results = new HashSet<int>(Values.SelectMany(value => reach[value]).Concat(Matrices.Values.SelectMany(results => results)));
    }

    /// <summary>The values that several results need and some instruction of one of them uses.</summary>
    public IReadOnlyList<int> Values { get; }

    /// <summary>The matrices that the systems of several results have, with these results.</summary>
    public IReadOnlyDictionary<int, HashSet<int>> Matrices { get; }

    /// <summary>The results, by their places, that need any of these.</summary>
    public IReadOnlyCollection<int> Results { get; }

    /// <summary>The results that read an input if they are asked for: with the first of <see cref="Results"/> that is, all that they share is evaluated.</summary>
    public IEnumerable<int> ReadersOf(Input input)
    {
        var source = program.InputIndex(input.Name);
        var depends = source < 0 ? new bool[program.Nodes.Count] : program.DependsOn(source);
        var sharedDepend = Values.Concat(Matrices.Keys).Any(value => depends[value]);
        return Enumerable.Range(0, program.Outputs.Count).Where(k => depends[program.Outputs[k]] || (sharedDepend && Results.Contains(k)));
    }

    /// <summary>Whether all that uses a value selects by it, with zero elsewhere.</summary>
    public bool OnlySelects(int value) => users[value].All(user => program.Nodes[user] is Select select && program.Nodes[select.Otherwise.Value] is Constant { Value: 0 });

    /// <summary>The matrix of a system, and whether it is the transpose of that.</summary>
    public static (int Matrix, bool IsTransposed) MatrixOf(Program program, Solve solve) =>
        program.Nodes[solve.Matrix] is Contraction { Coefficient: 1, Rank: 2, Summed.Count: 0, Factors: { Count: 1 } single } && single[0].Labels.SequenceEqual(new[] { 1, 0 })
            ? (single[0].Value, true)
            : (solve.Matrix, false);

    private bool IsShared(int i) => reach[i].Count > 1 && program.Nodes[i] is { IsHost: false } and not Leaf
        && (program.Outputs.Contains(i) || users[i].Any(user => reach[user].Count < reach[i].Count));
}
