using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using RankPool.Data;
using RankPool.Networks;
using RankPool.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

public class WeightsTests
{
    private static readonly string Tiny = Path.Combine(AppContext.BaseDirectory, "Files", "tiny.safetensors");

    /// <summary>tiny.safetensors is written by make_weights.py, which knows the format and nothing of the reader.</summary>
    [Fact]
    public void A_file_by_another_writer_is_read_in_every_element_type()
    {
        using var scope = NewDisposeScope();
        using var network = new TinyNet(new FrameSize(8, 8, 1), 2);

        var report = WeightImport.Into(network, Tiny);

        report.Loaded.ShouldBe(8);
        report.Classifier.ShouldBe(["classifier.weight"]);
        report.Unknown.ShouldBe(["something.else"]);
        report.ToString().ShouldContain("unknown and not used: something.else");
        foreach (var (_, parameter) in network.named_parameters())
        {
            var values = parameter.detach().reshape(-1).data<float>().ToArray();
            values.ShouldBe(Enumerable.Range(0, values.Length).Select(i => (i % 17 - 8) / 4f));
        }
    }

    [Fact]
    public void What_is_written_by_one_network_is_read_by_another_in_both_formats()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var network = new TinyNet(new FrameSize(8, 8, 3), 5);
        using (var stream = File.Create(folder["x.safetensors"]))
            Safetensors.Write(stream, network.state_dict(), new Dictionary<string, string> { ["note"] = "über \"x\"" });
        network.save(folder["x.dat"]);
        using (var file = TensorFile.Read(folder["x.safetensors"]))
            file.Notes["note"].ShouldBe("über \"x\"");

        foreach (var name in (string[])["x.safetensors", "x.dat"])
        {
            using var other = new TinyNet(new FrameSize(8, 8, 3), 5);
            WeightImport.Into(other, folder[name]).Loaded.ShouldBe(8);
            foreach (var (parameter, copy) in network.parameters().Zip(other.parameters()))
                copy.detach().data<float>().ToArray().ShouldBe(parameter.detach().data<float>().ToArray());
        }
    }

    [Fact]
    public void The_state_dict_of_torchvisions_alexnet_goes_into_alexnet()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        (string, long[])[] layers =
        [
            ("features.0", [64, 3, 11, 11]), ("features.3", [192, 64, 5, 5]), ("features.6", [384, 192, 3, 3]), ("features.8", [256, 384, 3, 3]),
            ("features.10", [256, 256, 3, 3]), ("classifier.1", [4096, 9216]), ("classifier.4", [4096, 4096]), ("classifier.6", [1000, 4096]),
        ];
        string[] own = ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7"];
        WriteMarked(folder["alexnet.safetensors"], layers.SelectMany(layer => Layer(layer.Item1, layer.Item2)));
        using var network = AlexNet.Torchvision();

        var report = WeightImport.Into(network, folder["alexnet.safetensors"]);

        (report.Loaded, report.Unknown.Count).ShouldBe((14, 0));
        report.Classifier.ShouldBe(["classifier.6.weight", "classifier.6.bias"]);
        // The first value of the n-th tensor in the file is n.
        own.Select(name => First(network, name + ".weight")).ShouldBe([0f, 2, 4, 6, 8, 10, 12]);
        own.Select(name => First(network, name + ".bias")).ShouldBe([1f, 3, 5, 7, 9, 11, 13]);

        using var caffe = AlexNet.Caffe();
        var refusal = Should.Throw<DataException>(() => WeightImport.Into(caffe, folder["alexnet.safetensors"])).Message;
        refusal.ShouldContain("features.0.weight is (64, 3, 11, 11) and should be (96, 3, 11, 11)");
        refusal.ShouldContain("features.8.bias is (256) and should be (384)");
        refusal.ShouldNotContain("classifier.4");
        First(caffe, "conv5.bias").ShouldNotBe(9f);
    }

    [Fact]
    public void The_state_dict_of_torchvisions_resnet18_goes_into_resnet18()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var entries = new List<(string, long[])> { ("conv1.weight", [64, 3, 7, 7]) };
        entries.AddRange(Normalisation("bn1", 64));
        foreach (var (stage, channels) in ((int, long)[])[(1, 64), (2, 128), (3, 256), (4, 512)])
        {
            for (var block = 0; block < 2; block++)
            {
                var name = $"layer{stage}.{block}.";
                var before = block == 0 && stage > 1 ? channels / 2 : channels;
                entries.Add((name + "conv1.weight", [channels, before, 3, 3]));
                entries.AddRange(Normalisation(name + "bn1", channels));
                entries.Add((name + "conv2.weight", [channels, channels, 3, 3]));
                entries.AddRange(Normalisation(name + "bn2", channels));
                if (before == channels)
                    continue;
                entries.Add((name + "downsample.0.weight", [channels, before, 1, 1]));
                entries.AddRange(Normalisation(name + "downsample.1", channels));
            }
        }
        entries.AddRange(Layer("fc", [1000, 512]));
        WriteMarked(folder["resnet.safetensors"], entries);
        using var network = new ResNet18();

        var report = WeightImport.Into(network, folder["resnet.safetensors"]);

        report.Loaded.ShouldBe(100);
        report.Unknown.ShouldBeEmpty();
        report.Classifier.ShouldBe(["fc.weight", "fc.bias"]);
        foreach (var name in (string[])["layer2.0.downsample.1.running_var", "layer4.1.bn2.weight", "bn1.running_mean"])
            First(network, name).ShouldBe(entries.FindIndex(entry => entry.Item1 == name));
    }

    [Fact]
    public void A_file_that_does_not_fit_is_refused_by_name_and_nothing_is_changed()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var network = new TinyNet(new FrameSize(8, 8, 1), 2);
        var before = First(network, "conv1.weight");
        WriteMarked(folder["x.safetensors"], [("conv1.weight", [8, 1, 3, 3]), ("conv1.bias", [9]), ("conv2.weight", [16, 8, 3, 3])]);

        var refusal = Should.Throw<DataException>(() => WeightImport.Into(network, folder["x.safetensors"])).Message;

        refusal.ShouldContain(folder["x.safetensors"]);
        refusal.ShouldContain("conv1.bias is (9) and should be (8)");
        refusal.ShouldContain("there is no conv2.bias, conv3.weight, conv3.bias, features.weight, features.bias");
        First(network, "conv1.weight").ShouldBe(before);
    }

    public static TheoryData<string, byte[], string> Broken { get; } = new()
    {
        { "empty.safetensors", [], "ends too early" },
        { "text.safetensors", "this is no file of weights"u8.ToArray(), "no safetensors file" },
        { "header.safetensors", [9, 0, 0, 0, 0, 0, 0, 0, .. "{\"a\":[1]}"u8], "header" },
        { "cut.safetensors", [54, 0, 0, 0, 0, 0, 0, 0, .. "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"u8, 0, 0, 0], "ends too early" },
        { "place.safetensors", [54, 0, 0, 0, 0, 0, 0, 0, .. "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}}"u8, .. new byte[9]], "place" },
        { "type.safetensors", [54, 0, 0, 0, 0, 0, 0, 0, .. "{\"a\":{\"dtype\":\"Q32\",\"shape\":[2],\"data_offsets\":[0,8]}}"u8, .. new byte[8]], "Q32" },
        { "negative.safetensors", Header("""{"a":{"dtype":"F32","shape":[-2,-1],"data_offsets":[0,8]}}""", 8), "place" },
        { "huge.safetensors", Header("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,16],"data_offsets":[0,8]}}""", 8), "place" },
        { "far.safetensors", Header("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[9223372036854775799,9223372036854775807]}}""", 8), "ends too early" },
        { "empty.dat", [], "ends too early" },
        { "pickle.pt", "PK\u0003\u0004 and so on"u8.ToArray(), "torch.save" },
        { "text.dat", "this is no file of weights"u8.ToArray(), "cannot be read" },
        { "cut.dat", [1, 1, (byte)'a', 6, 1, 2, 0, 0, 0], "ends too early" },
        { "more.dat", [1, 1, (byte)'a', 6, 1, 1, 0, 0, 0, 0, 7], "1 more bytes" },
    };

    private static byte[] Header(string json, int data) => [(byte)json.Length, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(json), .. new byte[data]];

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_file_is_named_with_what_is_wrong(string name, byte[] content, string reason)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder[name], content);

        var refusal = Should.Throw<DataException>(() => TensorFile.Read(folder[name])).Message;

        refusal.ShouldContain(folder[name]);
        refusal.ShouldContain(reason);
        refusal.ShouldNotContain("\n");
    }

    private static IEnumerable<(string, long[])> Layer(string name, long[] shape) => [(name + ".weight", shape), (name + ".bias", [shape[0]])];

    private static IEnumerable<(string, long[])> Normalisation(string name, long channels) =>
        [(name + ".weight", [channels]), (name + ".bias", [channels]), (name + ".running_mean", [channels]), (name + ".running_var", [channels]), (name + ".num_batches_tracked", [])];

    private static float First(nn.Module module, string name) => module.state_dict()[name].detach().reshape(-1).data<float>()[0];

    /// <summary>A file in which the first value of the n-th tensor is n and every other is 0: a hole in the file, which takes no space on the disk.</summary>
    private static void WriteMarked(string file, IEnumerable<(string Name, long[] Shape)> entries)
    {
        var header = new Dictionary<string, object>();
        var places = new List<(long Place, bool Counter)>();
        long end = 0;
        foreach (var (name, shape) in entries)
        {
            var counter = name.EndsWith("num_batches_tracked", StringComparison.Ordinal);
            var size = shape.Aggregate(1L, (product, extent) => product * extent) * (counter ? 8 : 4);
            header[name] = new { dtype = counter ? "I64" : "F32", shape, data_offsets = new[] { end, end + size } };
            places.Add((end, counter));
            end += size;
        }
        var text = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        using var stream = File.Create(file);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, text.Length);
        stream.Write(prefix);
        stream.Write(text);
        stream.SetLength(8 + text.Length + end);
        foreach (var (n, (place, counter)) in places.Index())
        {
            stream.Position = 8 + text.Length + place;
            if (!counter)
                stream.Write(BitConverter.GetBytes((float)n));
        }
    }
}
