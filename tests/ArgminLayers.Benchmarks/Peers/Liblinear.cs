using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Peers;

/// <summary>
/// liblinear's regression with the squared ε-insensitive loss, called in this process: <c>min_u ½‖u‖² + c Σ_t [|uᵀv_t − t| − ε]₊²</c>, so that c = C/2.
/// </summary>
internal static partial class Liblinear
{
    private const string Library = "liblinear.so.4";

    private static readonly PrintFunction Silent = static _ => { };

    private delegate void PrintFunction(nint text);

    /// <summary>Whether the library is installed.</summary>
    public static bool IsInstalled { get; } = NativeLibrary.TryLoad(Library, out _);

    /// <summary>One sequence in liblinear's own form.</summary>
    public sealed class Sequence : IDisposable
    {
        private readonly nint nodes;
        private readonly nint rows;
        private readonly nint numbers;
        private readonly Problem problem;

        /// <summary>Copies frames (T, D), which are not timed.</summary>
        public unsafe Sequence(Tensor frames)
        {
            var (t, d) = ((int)frames.size(0), (int)frames.size(1));
            var values = frames.to(ScalarType.Float64).contiguous().cpu().data<double>().ToArray();
            nodes = (nint)NativeMemory.Alloc((nuint)(t * (d + 1)), (nuint)sizeof(Node));
            rows = (nint)NativeMemory.Alloc((nuint)t, (nuint)sizeof(nint));
            numbers = (nint)NativeMemory.Alloc((nuint)t, sizeof(double));
            for (var i = 0; i < t; i++)
            {
                var row = (Node*)nodes + (i * (d + 1));
                for (var k = 0; k < d; k++)
                    row[k] = new(k + 1, values[(i * d) + k]);
                row[d] = new(-1, 0);
                ((nint*)rows)[i] = (nint)row;
                ((double*)numbers)[i] = i + 1;
            }
            problem = new() { Rows = t, Columns = d, Targets = numbers, Features = rows, Bias = -1 };
            set_print_string_function(Marshal.GetFunctionPointerForDelegate(Silent));
        }

        /// <summary>u, found by a solver with a stopping tolerance (liblinear's <c>-e</c>).</summary>
        public unsafe double[] Train(Solver solver, double tolerance, double c, double epsilon)
        {
            var parameter = new Parameter { Solver = (int)solver, Tolerance = tolerance, C = c / 2, Epsilon = epsilon };
            fixed (Problem* at = &problem)
            {
                var model = train(at, &parameter);
                var weights = new Span<double>((void*)((Model*)model)->Weights, problem.Columns).ToArray();
                free_and_destroy_model(&model);
                return weights;
            }
        }

        public unsafe void Dispose()
        {
            NativeMemory.Free((void*)nodes);
            NativeMemory.Free((void*)rows);
            NativeMemory.Free((void*)numbers);
        }
    }

    /// <summary>liblinear's numbers of its solvers.</summary>
    public enum Solver
    {
        /// <summary>A trust-region Newton method on the primal problem.</summary>
        Primal = 11,

        /// <summary>Coordinate descent on the dual problem.</summary>
        Dual = 12,
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Node(int index, double value)
    {
        private readonly int index = index;
        private readonly double value = value;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Problem
    {
        public int Rows;
        public int Columns;
        public nint Targets;
        public nint Features;
        public double Bias;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Parameter
    {
        public int Solver;
        public double Tolerance;
        public double C;
        public int WeightCount;
        public nint WeightLabels;
        public nint Weights;
        public double Epsilon;
        public nint Start;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Model
    {
        public Parameter Parameter;
        public int Classes;
        public int Columns;
        public nint Weights;
    }

    [LibraryImport(Library)]
    private static unsafe partial nint train(Problem* problem, Parameter* parameter);

    [LibraryImport(Library)]
    private static unsafe partial void free_and_destroy_model(nint* model);

    [LibraryImport(Library)]
    private static partial void set_print_string_function(nint function);
}
