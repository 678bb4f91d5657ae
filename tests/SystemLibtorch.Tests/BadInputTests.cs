using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>What makes no sense is an exception of TorchSharp's type with libtorch's sentence, and the process goes on.</summary>
public sealed class BadInputTests
{
    private sealed class Plain : nn.Module<Tensor, Tensor>
    {
        public Plain() : base(nameof(Plain)) => RegisterComponents();

        public override Tensor forward(Tensor input) => input;
    }

    [Fact]
    public void WrongShapes()
    {
        using var scope = NewDisposeScope();
        Throws(() => ones(2, 3).mm(ones(2, 3)), "mat1 and mat2 shapes cannot be multiplied");
        Throws(() => ones(2) + ones(3), "The size of tensor a (2) must match the size of tensor b (3)");
        Throws(() => ones(4).view(3), "shape '[3]' is invalid for input of size 4");
        Throws(() => cat([ones(2), ones(2, 2)]), "Tensors must have same number of dimensions");
        Throws(() => linalg.cholesky(ones(2, 3)), "must be batches of square matrices");
        Throws(() => linalg.cholesky(-eye(2)), "not positive-definite");
        Throws(() => einsum("ij,jk->ik", ones(2)), "");
        Throws(() => ones(2, 3).reshape(4, -1), "shape '[4, -1]' is invalid for input of size 6");
        Throws(() => zeros(-1), "negative");
        Throws(() => ones(2).expand(3), "must match the existing size (2)");
        Throws(() => stack([ones(2), ones(3)]), "stack expects each tensor to be equal size");
        Throws(() => linalg.solve(eye(2), ones(3)), "");
        Should.Throw<InvalidOperationException>(() => ones(2).dot(ones(3))).Message.ShouldBe("dot arguments must have the same shape.");
        Should.Throw<InvalidOperationException>(() => ones(2).vdot(ones(3))).Message.ShouldBe("vdot arguments must have the same shape.");
        Should.Throw<ArgumentException>(() => cat(Array.Empty<Tensor>()));
        Should.Throw<ArgumentException>(() => ones(2).trace());
        Should.Throw<ArgumentException>(() => ones(2).masked_select(ones(2)));
        Should.Throw<NotImplementedException>(() => ones(4).diff(2)).Message.ShouldBe("Tensor.diff with n != 1");
        Throws(() => nn.init.xavier_uniform_(ones(2)), "fewer than 2 dimensions");
        Throws(() => nn.init.kaiming_normal_(ones(2)), "fewer than 2 dimensions");
        Throws(() => nn.init.eye_(ones(2)), "2 dimensions");
        Throws(() => nn.init.orthogonal_(ones(2)), "2 or more dimensions");
        Throws(() => ones(2, requires_grad: true).backward(), "grad can be implicitly created only for scalar outputs");
    }

    [Fact]
    public void WrongInputsOfLayersAndLosses()
    {
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(3, 2);
        using var convolution = nn.Conv2d(3, 2, 3);
        using var norm = nn.BatchNorm2d(3);
        using var crossEntropy = nn.CrossEntropyLoss();
        using var margin = nn.MultiMarginLoss();
        Throws(() => linear.call(ones(1, 4)), "mat1 and mat2 shapes cannot be multiplied (1x4 and 3x2)");
        Throws(() => linear.call(ones(1, 3, dtype: float64)), "");
        Should.Throw<ArgumentException>(() => convolution.call(ones(1, 4, 8, 8))).Message.ShouldContain("input with 3 channels");
        Throws(() => convolution.call(ones(1, 3, 2, 2)), "Kernel size can't be greater than actual input size");
        Throws(() => norm.call(ones(2, 4, 2, 2)), "");
        Throws(() => crossEntropy.call(ones(2, 3), tensor(new long[] { 0, 3 })), "out of bounds");
        Throws(() => crossEntropy.call(ones(2, 3), tensor(new long[] { 0 })), "");
        Throws(() => margin.call(ones(2, 3), tensor(new long[] { 0, 3 })), "target");
        Throws(() => nn.functional.mse_loss(ones(2), ones(3)), "");
        linear.call(ones(1, 3)).shape.ShouldBe([1, 2]);
    }

    [Fact]
    public void WrongDevices()
    {
        using var scope = NewDisposeScope();
        var nowhere = ones(2, device: META);
        nowhere.is_meta.ShouldBeTrue();
        Throws(() => nowhere.to(CPU), "Cannot copy out of meta tensor");
        Should.Throw<Exception>(() => nowhere.item<float>());
        Should.Throw<Exception>(() => nowhere.data<float>().ToArray());
    }

    [Fact]
    public void WrongTypes()
    {
        using var scope = NewDisposeScope();
        Throws(() => ones(2, 2).mm(ones(2, 2, dtype: float64)), "");
        Throws(() => ones(2, dtype: int64).requires_grad_(), "Only Tensors of floating point");
        Throws(() => ones(2, dtype: int64).mean(), "");
        Throws(() => ones(3)[tensor(new float[] { 0, 1 })], "tensors used as indices must be long");
        Throws(() => ones(2).gather(0, tensor(new float[] { 0 })), "int64");
        Throws(() => ones(2).bitwise_and(ones(2)), "");
        Throws(() => ones(2, dtype: int64).add_(0.5), "can't be cast");
        Throws(() => linalg.cholesky(eye(2, dtype: int64)), "");
        Should.Throw<ArgumentException>(() => ones(2).data<double>()).Message.ShouldContain("not compatible with Float32");
        Should.Throw<ArgumentException>(() => ones(1).item<long>()).Message.ShouldContain("not compatible with Float32");
        Should.Throw<ArgumentException>(() => ones(2).item<float>());
        Should.Throw<ArgumentException>(() => new Plain().to(int64));
    }

    [Fact]
    public void IndicesOutOfRange()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, 3);
        Throws(() => x[5], "index 5");
        Throws(() => x.select(7, 0), "Dimension out of range (expected to be in range of [-2, 1], but got 7)");
        Throws(() => x.sum(dim: 4), "Dimension out of range");
        Throws(() => x.index_select(0, tensor(new long[] { 9 })), "index out of range");
        Throws(() => x[0, 0, 0, 0], "");
        Throws(() => x[-3], "index -3");
        Throws(() => x[TensorIndex.Colon, TensorIndex.Single(3)], "index 3");
        Throws(() => x[tensor(new long[] { 0, 2 })], "index 2 is out of bounds for dimension 0 with size 2");
        Throws(() => x.gather(1, tensor(new long[,] { { 3 } })), "index 3 is out of bounds");
        Throws(() => x.narrow(0, 1, 2), "");
        Throws(() => x.permute(0, 0), "");
        Throws(() => x.transpose(0, 2), "Dimension out of range");
        Throws(() => x.topk(4, 1), "");
        Throws(() => x.size(5), "Dimension out of range");
        Should.Throw<IndexOutOfRangeException>(() => x.data<float>()[0, 9]);
    }

    [SkippableFact]
    public void SlicesWithStepZero()
    {
        SystemLibtorchOnly.Promise("a slice with step 0 is an exception");
        using var scope = NewDisposeScope();
        Throws(() => ones(4)[TensorIndex.Slice(0, 4, 0)], "step must be");
        Throws(() => ones(4).slice(0, 0, 4, 0), "slice step must be positive");
    }

    [Fact]
    public void EmptyAndZeroDimensionalTensors()
    {
        using var scope = NewDisposeScope();
        var empty = zeros(0, 3);
        empty.sum().item<float>().ShouldBe(0);
        empty.mean().item<float>().ShouldBe(float.NaN);
        empty.mm(ones(3, 2)).shape.ShouldBe([0, 2]);
        Throws(() => empty.max(), "");
        var number = tensor(2.5);
        number.shape.ShouldBeEmpty();
        number.sum(dim: 0).item<double>().ShouldBe(2.5);
        number.item<double>().ShouldBe(2.5);
        Throws(() => number[0], "cannot be applied to a 0-dim tensor");
        Throws(() => number.size(0), "");
        (ones(0) + ones(1)).shape.ShouldBe([0]);
        (ones(0, 3) * number).shape.ShouldBe([0, 3]);
        cat([ones(0, 2), ones(1, 2)]).shape.ShouldBe([1, 2]);
        zeros(0, 0).det().item<float>().ShouldBe(1);
        linalg.cholesky(zeros(0, 0)).shape.ShouldBe([0, 0]);
        empty.prod().item<float>().ShouldBe(1);
        empty.any().item<bool>().ShouldBeFalse();
        empty.reshape(3, 0).t().shape.ShouldBe([0, 3]);
        Throws(() => empty.argmax(), "");
        Should.Throw<ArgumentException>(() => ones(0).item<float>());
        var leaf = zeros(0, requires_grad: true);
        leaf.sum().backward();
        leaf.grad!.shape.ShouldBe([0]);
        Throws(() => number.mm(number), "");
        (number + number).shape.ShouldBeEmpty();
        number.reshape(1, 1).shape.ShouldBe([1, 1]);
    }

    [Fact]
    public void DisposedTensors()
    {
        var x = ones(2);
        x.Dispose();
        x.Dispose();
        x.IsInvalid.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => x.Handle);
        Should.Throw<InvalidOperationException>(() => x.sum());
        Should.Throw<InvalidOperationException>(() => ones(2).add(x));
        Should.Throw<InvalidOperationException>(() => x.shape);
    }

    [SkippableFact]
    public void AnEmptyTensorHasAnEmptyArray()
    {
        SystemLibtorchOnly.Promise("the data of empty tensors");
        using var scope = NewDisposeScope();
        zeros(0, 3).data<float>().ToArray().ShouldBeEmpty();
    }

    [SkippableFact]
    public void DisposedObjectsSaySo()
    {
        SystemLibtorchOnly.Promise("ObjectDisposedException");
        var x = ones(2);
        x.Dispose();
        Should.Throw<ObjectDisposedException>(() => x.sum());
        Should.Throw<ObjectDisposedException>(() => x.item<float>());
        Should.Throw<ObjectDisposedException>(() => x.requires_grad);
        Should.Throw<ObjectDisposedException>(() => x.grad);
        Scalar scalar = 1.5;
        scalar.Dispose();
        Should.Throw<ObjectDisposedException>(() => ones(2).mul(scalar));
        var generator = new Generator(1);
        generator.Dispose();
        Should.Throw<ObjectDisposedException>(() => randn([2], generator: generator));
    }

    [SkippableFact]
    public void NullArgumentsAreNamed()
    {
        SystemLibtorchOnly.Promise("null arguments are named");
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentNullException>(() => ones(2).add((Tensor)null!)).ParamName.ShouldBe("other");
        Should.Throw<ArgumentNullException>(() => ones(2).mul((Scalar)null!)).ParamName.ShouldBe("other");
        Should.Throw<ArgumentNullException>(() => cat([ones(2), null!])).ParamName.ShouldBe("tensors");
        Should.Throw<ArgumentNullException>(() => zeros((long[])null!)).ParamName.ShouldBe("size");
        Should.Throw<ArgumentNullException>(() => ones(2).index_put_((Tensor)null!, TensorIndex.Single(0)));
    }

    [Fact]
    public void CudaWithoutCuda()
    {
        if (cuda.is_available())
            return;
        cuda.device_count().ShouldBe(0);
        using var scope = NewDisposeScope();
        Should.Throw<Exception>(() => ones(2).cuda());
        Should.Throw<Exception>(() => ones(2, device: new Device("cuda:0")));
        Should.Throw<InvalidOperationException>(() => nn.Linear(2, 2).cuda());
        Should.Throw<ArgumentException>(() => new Device("no such device"));
    }

    [Fact]
    public void FilesThatAreNoStateDictionaries()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Linear(2, 2);
        Should.Throw<FileNotFoundException>(() => net.load("/no/such/file"));
        foreach (byte[] content in new byte[][] { [], [0], "a text, and no state dictionary"u8.ToArray(), [2, 255, 255, 255, 255], [2, 6, .. "weight"u8, 6, 2, 2] })
            Should.Throw<Exception>(() => net.load(new MemoryStream(content)));
        net.call(ones(1, 2)).shape.ShouldBe([1, 2]);
    }

    private static void Throws(Action action, string message) => Should.Throw<ExternalException>(action).Message.ShouldContain(message);

    private static void Throws(Func<object> action, string message) => Throws(() => { _ = action(); }, message);
}
