using System.Runtime.InteropServices;
using TorchSharp.Interop;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Start values of parameters, written in place.</summary>
        public static class init
        {
            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + param * param)),
                _ => 1,
            };

            public static Tensor zeros_(Tensor tensor) => constant_(tensor, 0);

            public static Tensor ones_(Tensor tensor) => constant_(tensor, 1);

            public static Tensor constant_(Tensor tensor, Scalar val) => Quietly(() => Aten.fill__Scalar.Update(tensor, val));

            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.ndim != 2)
                    throw new ExternalException("Only tensors with 2 dimensions are supported");
                return Quietly(() => Aten.eye_m_out.Update(tensor, tensor.shape[0], tensor.shape[1]));
            }

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator generator = null!) =>
                Quietly(() => Aten.uniform_.Update(tensor, low, high, generator));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator generator = null!) =>
                Quietly(() => Aten.normal_.Update(tensor, mean, std, generator));

            /// <summary>A normal distribution cut off at a and b, through the inverse of its distribution function.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2, Generator generator = null!) => Quietly(() =>
            {
                using var lower = torch.tensor((a - mean) / std / Math.Sqrt(2));
                using var upper = torch.tensor((b - mean) / std / Math.Sqrt(2));
                Aten.uniform_.Update(tensor, lower.erf().item<double>(), upper.erf().item<double>(), generator);
                Aten.erfinv_.Update(tensor);
                Aten.mul__Scalar.Update(tensor, std * Math.Sqrt(2));
                Aten.add__Scalar.Update(tensor, mean);
                return Aten.clamp_.Update(tensor, a, b);
            });

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = Fans(tensor);
                double bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor xavier_normal_(Tensor tensor, double gain = 1)
            {
                var (fanIn, fanOut) = Fans(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1) => xavier_uniform_(tensor, gain);

            public static Tensor glorot_normal_(Tensor tensor, double gain = 1) => xavier_normal_(tensor, gain);

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                double bound = Math.Sqrt(3) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            public static Tensor orthogonal_(Tensor tensor, double gain = 1) => Quietly(() =>
            {
                if (tensor.ndim < 2)
                    throw new ExternalException("Only tensors with 2 or more dimensions are supported");
                using var scope = NewDisposeScope();
                long rows = tensor.shape[0], columns = tensor.numel() / rows;
                var random = randn(Math.Max(rows, columns), Math.Min(rows, columns), tensor.dtype, tensor.device);
                var (q, r) = linalg.qr(random);
                var rotation = q * r.diagonal().sign();
                tensor.copy_((rows < columns ? rotation.T : rotation).reshape(tensor.shape));
                return Aten.mul__Scalar.Update(tensor, gain);
            });

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                long[] shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                long field = shape.Skip(2).TotalSize();
                return (shape[1] * field, shape[0] * field);
            }

            /// <summary>The start values of linear layers and convolutions.</summary>
            internal static void DefaultWeights(Parameter weight, Parameter? bias)
            {
                kaiming_uniform_(weight, Math.Sqrt(5));
                var (fanIn, _) = CalculateFanInAndFanOut(weight);
                double bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
                if (bias is not null)
                    uniform_(bias, -bound, bound);
            }

            // Filling a tensor fails in libtorch's way, as it does in TorchSharp.
            private static (long FanIn, long FanOut) Fans(Tensor tensor) => tensor.ndim >= 2
                ? CalculateFanInAndFanOut(tensor)
                : throw new ExternalException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = Fans(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            private static Tensor Quietly(Func<Tensor> write)
            {
                using var grad = no_grad();
                return write();
            }
        }
    }
}
