using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Files of parameters and of optimizer states, byte for byte as TorchSharp 0.107.1 wrote them.</summary>
public sealed class StateFileTests
{
    private const string SmallFile =
        "090462617265070102000000000000E03F000000000000D0BF0B6C696E652E776569676874060201020000C03F000000C0096C696E652E6269617306" +
        "01010000003E107461696C2E6E6F726D2E7765696768740601010000803F0E7461696C2E6E6F726D2E6269617306010100000000057461626C650402" +
        "020101000000000000002C01000000000000167461696C2E6E6F726D2E72756E6E696E675F6D65616E06010100000000157461696C2E6E6F726D2E72" +
        "756E6E696E675F7661720601010000803F1D7461696C2E6E6F726D2E6E756D5F626174636865735F747261636B656404000000000000000000";

    private const string MomentumFile =
        "035347440101000000000000E03F000000000000E03F000000000000E03F00000000000000000000000000000000000001070102000000000000F03F" +
        "0000000000001040";

    private const string AdamFile =
        "044164616D0101000000000000E03F000000000000E03FCDCCCCCCCCCCEC3F2B8716D9CEF7EF3F3A8C30E28E79453E00000000000000000100010000" +
        "0000000000070102989999999999B93F989999999999D93F07010200AAF1D24D62503F00AAF1D24D62903F0107010200AAF1D24D62503F00AAF1D24D" +
        "62903F";

    private const string AdamWFile =
        "054164616D570101000000000000E03F000000000000E03FCDCCCCCCCCCCEC3F2B8716D9CEF7EF3F3A8C30E28E79453E000000000000000000000100" +
        "000000000000070102989999999999B93F989999999999D93F07010200AAF1D24D62503F00AAF1D24D62903F00";

    [Fact]
    public void AModuleIsWrittenAsTorchSharpWritesIt()
    {
        using var scope = NewDisposeScope();
        using var module = new Small();
        using var stream = new MemoryStream();
        module.save(stream);
        Convert.ToHexString(stream.ToArray()).ShouldBe(SmallFile);
    }

    [Fact]
    public void AModuleReadsWhatTorchSharpWrote()
    {
        using var scope = NewDisposeScope();
        using var module = new Small();
        using (no_grad())
        {
            foreach (var parameter in module.parameters())
                parameter.fill_(9);
        }
        var loaded = new Dictionary<string, bool>();
        module.load(new MemoryStream(Convert.FromHexString(SmallFile)), loadedParameters: loaded);
        loaded.Keys.ShouldBe(module.state_dict().Keys);
        module.get_parameter("line.weight")!.data<float>().ToArray().ShouldBe([1.5f, -2]);
        module.get_parameter("bare")!.data<double>().ToArray().ShouldBe([0.5, -0.25]);
        module.get_buffer("table")!.data<long>().ToArray().ShouldBe([1, 300]);
    }

    [Fact]
    public void ATensorComesBackFromAStream()
    {
        using var scope = NewDisposeScope();
        var tensor = arange(6, dtype: float64).reshape(2, 3);
        var stream = new MemoryStream();
        tensor.Save(stream);
        var back = Tensor.Load(new MemoryStream(stream.ToArray()));
        back.dtype.ShouldBe(float64);
        back.shape.ShouldBe([2, 3]);
        back.data<double>().ToArray().ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public void AnotherModulesFileIsRefused()
    {
        using var scope = NewDisposeScope();
        using var other = nn.Linear(2, 1);
        Should.Throw<ArgumentException>(() => other.load(new MemoryStream(Convert.FromHexString(SmallFile)))).Message.ShouldContain("Mismatched state_dict sizes");
    }

    [Theory]
    [InlineData("momentum", MomentumFile)]
    [InlineData("adam", AdamFile)]
    [InlineData("adamw", AdamWFile)]
    public void AnOptimizerIsWrittenAsTorchSharpWritesIt(string kind, string file)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(tensor(new double[] { 1, 2 }));
        using var optimizer = Create(kind, parameter);
        (parameter * tensor(new double[] { 1, 4 })).sum().backward();
        optimizer.step();
        Written(optimizer).ShouldBe(file);

        using var second = Create(kind, parameter);
        using var reader = new BinaryReader(new MemoryStream(Convert.FromHexString(file)));
        second.load_state_dict(reader);
        Written(second).ShouldBe(file);
    }

    private static OptimizerHelper Create(string kind, Parameter parameter) => kind switch
    {
        "momentum" => optim.SGD([parameter], 0.5, momentum: 0.5),
        "adam" => optim.Adam([parameter], 0.5, amsgrad: true),
        _ => optim.AdamW([parameter], 0.5),
    };

    private static string Written(OptimizerHelper optimizer)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        optimizer.save_state_dict(writer);
        writer.Flush();
        return Convert.ToHexString(stream.ToArray());
    }

    /// <summary>A linear layer, a normalisation, a bare parameter and a buffer, with numbers set by hand.</summary>
    private sealed class Small : nn.Module<Tensor, Tensor>
    {
        private readonly Linear line = nn.Linear(2, 1);
        private readonly Sequential tail = nn.Sequential(("norm", nn.BatchNorm1d(1)));
        private readonly Parameter bare = new(tensor(new double[] { 0.5, -0.25 }));
        private readonly Tensor table = tensor(new long[,] { { 1 }, { 300 } });

        public Small() : base(nameof(Small))
        {
            RegisterComponents();
            using var quiet = no_grad();
            line.weight.copy_(tensor(new float[,] { { 1.5f, -2 } }));
            line.bias!.copy_(tensor(new float[] { 0.125f }));
        }

        public override Tensor forward(Tensor input) => tail.call(line.call(input)) * bare.sum().to(float32) + table.sum();
    }
}
