using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <content>What several results share.</content>
internal sealed partial class BodyEmitter
{
    /// <summary>Whether a value depends on an input otherwise than through conditions, so that it has the wider of their dtypes.</summary>
    public bool DependsThroughNumbers(int value, Input input) =>
        program.InputIndex(input.Name) is >= 0 and var source && Dependence.ThroughNumbers(program.Nodes, value, source);

    /// <summary>The formula of a value in terms of the locals so far.</summary>
    public string Formula(int value)
    {
        var printer = new FormulaPrinter(program.Nodes, other => other != value && locals.TryGetValue(other, out var local) ? local : null);
        return printer.Print(value);
    }

    /// <summary>Declares every value that several results need and some instruction of one of them uses.</summary>
    public void DeclareShared()
    {
        var reach = new HashSet<int>[program.Nodes.Count];
        for (var i = 0; i < reach.Length; i++)
        {
            reach[i] = new HashSet<int>();
        }

        for (var k = 0; k < program.Outputs.Count; k++)
        {
            reach[program.Outputs[k]].Add(k);
        }

        var users = new List<int>[reach.Length];
        for (var i = 0; i < users.Length; i++)
        {
            users[i] = new List<int>();
        }

        for (var i = reach.Length - 1; i >= 0; i--)
        {
            foreach (var operand in program.Nodes[i].Operands.Distinct())
            {
                reach[operand].UnionWith(reach[i]);
                users[operand].Add(i);
            }
        }

        FactorShared(reach);
        for (var i = 0; i < reach.Length; i++)
        {
            var node = program.Nodes[i];
            var isFrontier = reach[i].Count > 1 && (program.Outputs.Contains(i) || users[i].Any(user => reach[user].Count < reach[i].Count));
            if (!isFrontier || node is Leaf || node.IsHost)
            {
                continue;
            }

            if (node.Domain == Domain.Mask && users[i].All(user => program.Nodes[user] is Select select && program.Nodes[select.Otherwise.Value] is Constant { Value: 0 }))
            {
                Complement(i);
                continue;
            }

            Local(i, Wish(i));
            if (node.Domain == Domain.Mask)
            {
                Complement(i);
            }
        }
    }
}
