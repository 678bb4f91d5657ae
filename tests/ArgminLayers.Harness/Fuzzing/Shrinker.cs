namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Makes a failing objective smaller for as long as it fails.</summary>
internal static class Shrinker
{
    private const int Rounds = 40;

    public static Mismatch Shrink(Mismatch mismatch, int seed)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var candidates = Smaller(mismatch.Objective).Select((objective, k) => objective with { Name = $"F{k}" }).ToList();
            var found = new FuzzReport();
            if (candidates.Count > 0)
            {
                Fuzzer.Check(candidates, seed, found);
            }

            // A refusal is another matter.
            if (found.Mismatches.Where(one => IsSameKind(one, mismatch)).MinBy(one => one.Objective.Size) is not { } smaller)
            {
                break;
            }

            mismatch = smaller;
        }

        return mismatch;
    }

    private static bool IsSameKind(Mismatch one, Mismatch other) => Kind(one.What) == Kind(other.What);

    private static string Kind(string what) => what.Split(':')[0].Split(' ')[0];

    private static IEnumerable<RandomObjective> Smaller(RandomObjective objective)
    {
        for (var k = 0; k < objective.Terms.Count && objective.Terms.Count > 1; k++)
        {
            yield return objective with { Terms = objective.Terms.Where((_, i) => i != k).ToList() };
        }

        for (var k = 0; k < objective.Terms.Count; k++)
        {
            if (objective.Terms[k].Coefficient.Text != "1")
            {
                yield return objective with { Terms = objective.Terms.Select((term, i) => i == k ? (new Number("1", _ => 1, true, []), term.Step) : term).ToList() };
            }
        }

        var used = objective.Used();
        for (var k = objective.Steps.Count - 1; k >= 0; k--)
        {
            if (used[k] == 0)
            {
                continue;
            }

            // One of its operands in the place of an operation, or a parameter.
            var parameters = objective.Steps[k].Operands.Count == 0 ? [] : Enumerable.Range(0, objective.Steps.Count).Where(i => objective.Steps[i].Operands.Count == 0);
            foreach (var other in objective.Steps[k].Operands.Concat(parameters).Distinct())
            {
                var target = k;
                int Map(int operand) => operand == target ? other : operand;
                yield return objective with
                {
                    Steps = objective.Steps.Select(step => step with { Operands = step.Operands.Select(Map).ToList() }).ToList(),
                    Terms = objective.Terms.Select(term => (term.Coefficient, Map(term.Step))).ToList(),
                };
            }
        }

        foreach (var parameter in objective.Parameters.Where(parameter => !parameter.IsVariable))
        {
            var step = objective.Steps.ToList().FindIndex(one => one.Format == parameter.Name && one.Operands.Count == 0);
            var isUsed = step >= 0 ? used[step] > 0 : objective.Method().Split(["=>", ")\n"], 2, StringSplitOptions.None)[1].Contains(parameter.Name, StringComparison.Ordinal);
            if (!isUsed)
            {
                yield return Without(objective, parameter, step);
            }
        }
    }

    private static RandomObjective Without(RandomObjective objective, Parameter parameter, int step)
    {
        int Map(int operand) => step >= 0 && operand > step ? operand - 1 : operand;
        return objective with
        {
            Parameters = objective.Parameters.Where(one => one != parameter).ToList(),
            Steps = objective.Steps.Where((_, k) => k != step).Select(one => one with { Operands = one.Operands.Select(Map).ToList() }).ToList(),
            Terms = objective.Terms.Select(term => (term.Coefficient, Map(term.Step))).ToList(),
        };
    }
}
