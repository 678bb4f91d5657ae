using System.Globalization;
using System.Runtime.CompilerServices;
using ArgminLayers.Generator.Diagnostics;
using ArgminLayers.Generator.Tests.Harness;

namespace ArgminLayers.Generator.Tests.Diagnostics;

/// <summary>Descriptors, the pages about them and the release file agree, and the pages' code does what they say.</summary>
public class RulePageTests
{
    public static TheoryData<string> Ids => new(Descriptors.All.Select(descriptor => descriptor.Id));

    [Fact]
    public void Ids_are_consecutive() =>
        Descriptors.All.Select(descriptor => descriptor.Id).ShouldBe(Enumerable.Range(1, Descriptors.All.Length).Select(k => $"ARGMIN{k:000}"));

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_descriptor_has_its_page_its_link_and_its_line_in_the_release_file(string id)
    {
        var descriptor = Descriptors.All.Single(d => d.Id == id);
        descriptor.HelpLinkUri.ShouldBe($"https://github.com/argminlayers/argminlayers/blob/main/generator/rules/{id}.md");
        var title = descriptor.Title.ToString(CultureInfo.InvariantCulture);
        Page(id).Split('\n')[0].ShouldBe($"# {id}: {title}");
        var line = $"{id} | {descriptor.Category} | {descriptor.DefaultSeverity} | {title}";
        File.ReadAllLines(Path.Combine(Root, "ArgminLayers.Generator", "AnalyzerReleases.Unshipped.md")).Count(l => l == line).ShouldBe(1);
    }

    [Fact]
    public void No_page_is_about_nothing() =>
        Directory.GetFiles(Path.Combine(Root, "rules")).Select(Path.GetFileNameWithoutExtension).Order().ShouldBe(Descriptors.All.Select(d => d.Id));

    [Theory]
    [MemberData(nameof(Ids))]
    public void The_invalid_code_is_diagnosed_and_the_fixed_code_makes_a_layer(string id)
    {
        var blocks = Page(id).Split("```csharp\n").Skip(1).Select(block => block.Split("```")[0]).ToList();
        if (id == "ARGMIN016")
        {
            Compiler.Analyze(Wrap(blocks.ShouldHaveSingleItem())).ShouldHaveSingleItem().Id.ShouldBe(id);
            return;
        }

        // What the layer is used for may be wrong too: the generated code is part of what is looked at.
        IEnumerable<string> Ids(string block) => Compiler.Analyze(Compiler.Compile(Wrap(block))).Select(d => d.Id).Distinct();
        blocks.Count.ShouldBe(2);
        Ids(blocks[0]).Where(found => found != "ARGMIN016").ShouldBe([id]);
        Ids(blocks[1]).ShouldBe(["ARGMIN016"]);
        Compiler.Load(Wrap(blocks[1]));
    }

    private static string Root => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "generator"));

    private static string Page(string id) => File.ReadAllText(Path.Combine(Root, "rules", id + ".md")).Replace("\r\n", "\n");

    private static string Wrap(string block) => block.Contains("class ", StringComparison.Ordinal)
        ? Sources.Usings + "#pragma warning disable CS1591\n" + block
        : Sources.Usings + "#pragma warning disable CS1591\npublic static class Objectives\n{\n" + block + "\n}\n";

    private static string Here([CallerFilePath] string file = "") => file;
}
