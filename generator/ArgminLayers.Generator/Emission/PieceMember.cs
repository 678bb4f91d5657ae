using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <summary>A piece as a static method.</summary>
internal static class PieceMember
{
    public static void Emit(LayerContext context, Piece piece, SourceWriter writer)
    {
        var isOptional = piece.Name.StartsWith("MixedVjp", System.StringComparison.Ordinal);
        Documentation.Element(writer, "summary", Documentation.Escape(piece.Summary));
        var parameters = new List<string>();
        var names = new List<string>();
        var tensors = new List<Input>();
        void Add(string declaration, string name, string documentation)
        {
            parameters.Add(declaration);
            names.Add(name);
            Documentation.Parameter(writer, name, documentation);
        }

        if (piece.TakesVariable)
        {
            Add(LayerContext.Declare(context.Variable), context.Variable.Name, ConstructorMember.Description(context.Variable));
            tensors.Add(PieceDerivation.ToInput(context.Variable));
        }

        foreach (var extra in piece.Extra)
        {
            Add("Tensor " + Identifiers.Escape(extra.Input.Name), extra.Input.Name, Documentation.Escape(extra.Documentation));
            tensors.Add(extra.Input);
        }

        foreach (var parameter in context.Others.Where(parameter => piece.Needed?.Contains(parameter.Name) ?? true))
        {
            Add(LayerContext.Declare(parameter), parameter.Name, ConstructorMember.Description(parameter));
            if (parameter.IsTensor)
            {
                tensors.Add(PieceDerivation.ToInput(parameter));
            }
        }

        if (isOptional)
        {
            Add("IReadOnlyList<bool> wanted", "wanted", "One entry an input: whether its product is asked for.");
        }

        Documentation.Element(writer, "returns", Documentation.Escape(piece.Returns));
        var type = isOptional ? "Tensor?[]" : piece.Name switch
        {
            "Factors" => "global::ArgminLayers.HessianFactors",
            "Kronecker" => "global::ArgminLayers.KroneckerFactors",
            "PhiDerivatives" => "global::ArgminLayers.PredictorDerivatives",
            _ => "Tensor",
        };
        writer.Line($"public static {type} {piece.Name}({string.Join(", ", parameters)})");
        using (writer.Indent())
        {
            var body = new BodyEmitter(piece.Program, tensors, names, context.Integers, context.Scalars, piece.HasOneBatch ? piece.Leading : null);
            var lines = isOptional ? Several(body, piece) : piece.Name switch
            {
                "Factors" => Factors(body, piece, tensors),
                "Kronecker" => Kronecker(context, body, piece, tensors),
                "PhiPieces" or "Pieces" => Pieces(context, body, piece),
                "PhiDerivatives" => Derivatives(body, piece),
                _ => Single(body, piece),
            };
            writer.Line("using var scope = torch.NewDisposeScope();");
            foreach (var line in body.Prologue().Concat(new[] { "" }).Concat(lines).SelectMany(LineBreaker.Break))
            {
                writer.Line(line);
            }
        }
    }

    private static List<string> Single(BodyEmitter body, Piece piece)
    {
        var output = piece.Program.Outputs[0];
        var result = piece.Name.StartsWith("Phi", System.StringComparison.Ordinal) ? OfPhi(body, piece, output)
            : piece.Name != "Blocks" ? body.Result(output, piece.Leading)
            : piece.Program.Nodes[output].Rank == 2 ? body.Result(output) + ".unsqueeze(-3)"
            : body.Result(output);
        return Ending(body, piece, result);
    }

    /// <summary>φ or a derivative of it. Solvers may evaluate it in a wider dtype than the inputs have.</summary>
    private static string OfPhi(BodyEmitter body, Piece piece, int output)
    {
        var result = body.Result(output, piece.Leading);
        return body.DependsThroughNumbers(output, piece.Leading[0]) ? result : result + $".to({Identifiers.Escape(piece.Leading[0].Name)}.dtype)";
    }

    private static List<string> Derivatives(BodyEmitter body, Piece piece)
    {
        var outputs = piece.Program.Outputs;
        var gradient = OfPhi(body, piece, outputs[0]);
        var curvature = outputs[1] == outputs[0] ? gradient + ".alias()" : OfPhi(body, piece, outputs[1]);
        var pieces = outputs.Skip(2).Select(body.Condition).ToList();
        var lines = body.TakeLines().ToList();
        if (lines.Count > 0)
        {
            lines.Add("");
        }

        lines.Add("return new global::ArgminLayers.PredictorDerivatives(");
        lines.Add($"    // φ′: {body.Formula(outputs[0])}");
        lines.Add($"    {gradient}.MoveToOuterDisposeScope(),");
        lines.Add($"    // φ″: {body.Formula(outputs[1])}");
        lines.Add($"    {curvature}.MoveToOuterDisposeScope(),");
        if (pieces.Count == 0)
        {
            lines.Add("    null);");
            return lines;
        }

        lines.Add($"    // {string.Join(", ", outputs.Skip(2).Select(body.Formula))}; of each the condition or its opposite");
        lines.Add($"    torch.stack(new[] {{ {string.Join(", ", pieces)} }}, dim: -1).MoveToOuterDisposeScope());");
        return lines;
    }

    private static List<string> Ending(BodyEmitter body, Piece piece, string result)
    {
        var lines = body.TakeLines().ToList();
        var locals = lines.Count;
        if (locals > 0)
        {
            lines.Add("");
        }

        lines.Add($"// {body.Formula(piece.Program.Outputs[0])}");
        lines.Add($"return {result}.MoveToOuterDisposeScope();");
        return lines;
    }

    private static List<string> Factors(BodyEmitter body, Piece piece, IReadOnlyList<Input> tensors)
    {
        var outputs = piece.Program.Outputs;
        var isSingle = outputs.Count == 3 && piece.Program.Nodes[outputs[2]].Rank == 1;
        var texts = outputs.Select((output, k) => k == 0 || (isSingle && k == 2) ? body.Result(output, piece.Leading) : body.Result(output, tensors)).ToList();
        var lines = body.TakeLines().ToList();
        if (isSingle)
        {
            lines.Add("return new global::ArgminLayers.HessianFactors(");
            lines.AddRange(outputs.SelectMany((output, k) => new[]
            {
                $"    // {"dUw"[k]}: {body.Formula(output)}",
                $"    {texts[k]}.MoveToOuterDisposeScope(){(k == 2 ? ");" : ",")}",
            }));
            return lines;
        }

        // J and w of every term, the axes of w as one: rows and weights of U.
        lines.Add("return global::ArgminLayers.HessianFactors.Stack(");
        lines.Add($"    // d: {body.Formula(outputs[0])}");
        lines.Add($"    {texts[0]},");
        for (var k = 1; k < outputs.Count; k += 2)
        {
            var rank = piece.Program.Nodes[outputs[k + 1]].Rank;
            var (rows, weights) = rank switch
            {
                0 => (".unsqueeze(-2)", ".unsqueeze(-1)"),
                1 => ("", ""),
                _ => ($".flatten({Axes.Back(rank + 1)}, -2)", $".flatten({Axes.Back(rank)}, -1)"),
            };
            lines.Add($"    // J: {body.Formula(outputs[k])}");
            lines.Add($"    // w: {body.Formula(outputs[k + 1])}");
            lines.Add($"    ({texts[k]}{rows}, {texts[k + 1]}{weights}){(k == outputs.Count - 2 ? ");" : ",")}");
        }

        return lines;
    }

    private static List<string> Kronecker(LayerContext context, BodyEmitter body, Piece piece, IReadOnlyList<Input> tensors)
    {
        var outputs = piece.Program.Outputs;
        var texts = outputs.Select(output => body.Result(output, tensors)).ToList();
        var lines = body.TakeLines().ToList();
        lines.Add("return new global::ArgminLayers.KroneckerFactors(");
        lines.Add($"    {(context.Analysis.Structure == Structure.HessianStructure.KroneckerSum ? "true" : "false")},");
        lines.AddRange(outputs.SelectMany((output, k) => new[]
        {
            $"    // {"SRμ"[k]}: {body.Formula(output)}",
            $"    {texts[k]}.MoveToOuterDisposeScope(){(k == outputs.Count - 1 ? ");" : ",")}",
        }));
        return lines;
    }

    /// <summary>The conditions of a vector of predictors side by side, for each of them; other conditions one behind the other.</summary>
    private static List<string> Pieces(LayerContext context, BodyEmitter body, Piece piece)
    {
        var isByPredictor = context.Analysis.Predictor is { IsSeparable: true };
        var texts = piece.Program.Outputs.Select(output => (isByPredictor, piece.Program.Nodes[output].Rank) switch
        {
            (true, _) or (_, 1) => body.Value(output),
            (_, 0) => body.Value(output) + ".unsqueeze(-1)",
            (_, var rank) => body.Value(output) + $".flatten({Axes.Back(rank)}, -1)",
        }).ToList();
        var lines = body.TakeLines().ToList();
        if (lines.Count > 0)
        {
            lines.Add("");
        }

        lines.Add($"// {string.Join(", ", piece.Program.Outputs.Select(body.Formula))}");
        var call = isByPredictor ? "stack" : "cat";
        lines.Add($"return torch.{call}(new[] {{ {string.Join(", ", texts)} }}, dim: -1).MoveToOuterDisposeScope();");
        return lines;
    }

    /// <summary>Results that are asked for one by one, each under its condition: those first that share nothing with others, then, where one of them is asked for, what the rest share.</summary>
    private static List<string> Several(BodyEmitter body, Piece piece)
    {
        var shared = new SharedValues(piece.Program);
        var sharing = shared.Results.OrderBy(k => k).ToList();
        var alone = Enumerable.Range(0, piece.Results.Count).Except(sharing).ToList();
        var results = $"var results = new Tensor?[{piece.Results.Count.ToString(CultureInfo.InvariantCulture)}];";
        var lines = new List<string>();
        if (alone.Count > 0)
        {
            lines.Add(results);
            lines.AddRange(alone.SelectMany(k => Asked(body, piece, k)));
            if (sharing.Count > 0)
            {
                lines.AddRange(new[] { "", $"if (!({Wanted(sharing)}))", "{", "    return results;", "}", "" });
            }
        }

        body.Declare(shared);
        lines.AddRange(body.TakeLines());
        if (alone.Count == 0)
        {
            lines.AddRange(new[] { "", results });
        }

        lines.AddRange(sharing.SelectMany(k => Asked(body, piece, k)));
        lines.Add("");
        lines.Add("return results;");
        return lines;
    }

    /// <summary>A result under its condition.</summary>
    private static List<string> Asked(BodyEmitter body, Piece piece, int k)
    {
        var output = piece.Program.Outputs[k];
        var index = k.ToString(CultureInfo.InvariantCulture);
        var result = body.Result(output, piece.Leading);
        var lines = new List<string> { "", $"// ∂{piece.Results[k]}: {body.Formula(output)}", $"if (wanted[{index}])", "{" };
        lines.AddRange(body.TakeLines().Select(line => "    " + line));
        lines.Add($"    results[{index}] = {result}.MoveToOuterDisposeScope();");
        lines.Add("}");
        return lines;
    }

    /// <summary>The condition that some of the results are asked for.</summary>
    public static string Wanted(IEnumerable<int> results) => string.Join(" || ", results.Select(k => $"wanted[{k.ToString(CultureInfo.InvariantCulture)}]"));
}
