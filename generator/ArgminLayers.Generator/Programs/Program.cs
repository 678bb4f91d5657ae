using System.Collections.Generic;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <summary>A flat list of instructions, each using earlier ones only, and which of them are the results. Equal programs are equal values.</summary>
/// <param name="Nodes">The instructions.</param>
/// <param name="Outputs">The indices of the results.</param>
/// <param name="Names">What the source calls each value; empty where it has no name.</param>
internal sealed record Program(EquatableArray<Node> Nodes, EquatableArray<int> Outputs, EquatableArray<string> Names)
{
    /// <summary>The index of the input of that name, or −1.</summary>
    public int InputIndex(string name)
    {
        for (var i = 0; i < Nodes.Count; i++)
        {
            if (Nodes[i] is Input input && input.Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>How many instructions work on tensors: what is neither a parameter nor a number.</summary>
    public int CountOperations() => Nodes.Count(node => node is not Leaf && !node.IsHost);

    /// <summary>For every value, whether it is or is computed from the given one.</summary>
    public bool[] DependsOn(int source) => Dependence.On(Nodes, source);

    /// <summary>For every value, how often instructions and results use it, those that contribute to no result left out.</summary>
    public int[] CountUses()
    {
        var uses = new int[Nodes.Count];
        foreach (var output in Outputs)
        {
            uses[output]++;
        }

        for (var i = Nodes.Count - 1; i >= 0; i--)
        {
            if (uses[i] > 0)
            {
                foreach (var operand in Nodes[i].Operands)
                {
                    uses[operand]++;
                }
            }
        }

        return uses;
    }
}

/// <summary>Who is computed from whom.</summary>
internal static class Dependence
{
    /// <summary>For every instruction, whether it is or is computed from the given one.</summary>
    public static bool[] On(IReadOnlyList<Node> nodes, int source)
    {
        var depends = new bool[nodes.Count];
        for (var i = source; i < nodes.Count; i++)
        {
            depends[i] = i == source || nodes[i].Operands.Any(operand => depends[operand]);
        }

        return depends;
    }

    /// <summary>Whether a value is or is computed from the given one otherwise than through conditions.</summary>
    public static bool ThroughNumbers(IReadOnlyList<Node> nodes, int value, int source)
    {
        var depends = new bool[nodes.Count];
        for (var i = source; i <= value; i++)
        {
            depends[i] = i == source || (nodes[i].Domain != Domain.Mask && nodes[i].Operands.Any(operand => depends[operand]));
        }

        return value >= source && depends[value];
    }

    /// <summary>For every instruction, whether one of the given results is computed from it.</summary>
    public static bool[] Of(IReadOnlyList<Node> nodes, IEnumerable<int> outputs)
    {
        var needed = new bool[nodes.Count];
        foreach (var output in outputs)
        {
            needed[output] = true;
        }

        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            if (needed[i])
            {
                foreach (var operand in nodes[i].Operands)
                {
                    needed[operand] = true;
                }
            }
        }

        return needed;
    }
}
