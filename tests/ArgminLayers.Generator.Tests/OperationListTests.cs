using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ArgminLayers.Generator.Lowering;

namespace ArgminLayers.Generator.Tests;

/// <summary>The list of operations in the documentation is that of the code, and the cases of the tests use all of it.</summary>
public class OperationListTests
{
    /// <summary>What lowering knows without the table: operators, indexers and sizes.</summary>
    private static readonly string[] Syntax =
        ["+", "-", "*", "/", ">", ">=", "<", "<=", "==", "!=", "&", "|", "~", "y[i]", "y[^1]", "y[1..]", "y[.., 0]", "shape[…]"];

    [Fact]
    public void The_documentation_lists_what_the_table_holds() =>
        Documented().Except(Syntax).Order(StringComparer.Ordinal).ShouldBe(Offered().Order(StringComparer.Ordinal));

    [Fact]
    public void Every_operation_has_a_case()
    {
        var source = Harness.OperationCases.Source + string.Concat(Harness.Objectives.All.Select(objective => objective.Source));
        Offered().Select(name => name.Split('(')[0]).Where(name => !Regex.IsMatch(source, $@"\b{Regex.Escape(name)}\b")).ShouldBeEmpty();
    }

    private static IEnumerable<string> Offered() => OperationTable.All.Select(operation => operation.Name.Replace("this.", "", StringComparison.Ordinal))
        .Select(name => name.Replace(".Item1", "(…).values", StringComparison.Ordinal).Replace(".Item2", "(…).logabsdet", StringComparison.Ordinal))
        .Concat(NumberFunctions.Names.Select(name => "Math." + name))
        .Distinct();

    private static List<string> Documented([CallerFilePath] string here = "")
    {
        var page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "generator", "operations.md"));
        return [.. Regex.Matches(page, @"^\| (`.*?`) \| ", RegexOptions.Multiline).SelectMany(row => Regex.Matches(row.Groups[1].Value, "`([^`]+)`")
            .Select(match => match.Groups[1].Value.Replace("\\|", "|", StringComparison.Ordinal))).Distinct()];
    }
}
