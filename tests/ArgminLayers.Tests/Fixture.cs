using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Problems solved elsewhere, with the Jacobian of the solution in every input.</summary>
internal sealed class Fixture
{
    private readonly JsonElement record;

    private Fixture(JsonElement record) => this.record = record;

    public Tensor Solution => Read(record.GetProperty("solution"));

    public Tensor Start => Read(record.GetProperty("start"));

    public static Fixture Load(int number, string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Fixtures", $"public-{number}.json");
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return new(document.RootElement.EnumerateArray().Single(record => record.GetProperty("name").GetString() == name).Clone());
    }

    public Tensor Input(string name) => Read(record.GetProperty("inputs").GetProperty(name));

    /// <summary>∂y/∂input, (n, size of the input).</summary>
    public Tensor Jacobian(string name) => Read(record.GetProperty("jacobian").GetProperty(name));

    private static Tensor Read(JsonElement element)
    {
        var shape = element.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()).ToArray();
        var data = element.GetProperty("data").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        return tensor(data).reshape(shape);
    }
}
