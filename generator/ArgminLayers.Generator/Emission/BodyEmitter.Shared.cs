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

    /// <summary>Declares what several results need.</summary>
    public void Declare(SharedValues shared)
    {
        foreach (var matrix in shared.Matrices.Keys)
        {
            Factors(matrix);
        }

        foreach (var value in shared.Values)
        {
            var isMask = program.Nodes[value].Domain == Domain.Mask;
            if (!isMask || !shared.OnlySelects(value))
            {
                Local(value, Wish(value));
            }

            if (isMask)
            {
                Complement(value);
            }
        }
    }
}
