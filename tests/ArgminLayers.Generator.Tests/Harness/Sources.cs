namespace ArgminLayers.Generator.Tests.Harness;

/// <summary>The objectives that the tests compile.</summary>
public static class Sources
{
    public const string Usings = """
        using ArgminLayers;
        using static TorchSharp.torch;

        """;

    public const string RankPooling = Usings + """
        namespace Poolings;

        /// <summary>Objectives.</summary>
        public static class Objectives
        {
            /// <summary>Squared ε-insensitive regression of the frame index on the frame's features (Fernando &amp; Gould 2016, Eq. 5).</summary>
            [ArgminLayer]
            public static Tensor RankPooling(
                [Argmin, Shape("D")] Tensor u,
                [Shape("T", "D")] Tensor v,
                [Shape("T")] Tensor t,
                [Shape("T"), NonNegative] Tensor weight,
                [NonNegative] double C = 1.0, [NonNegative] double epsilon = 0.1)
            {
                var excess = ((v.mv(u) - t).abs() - epsilon).relu();
                return 0.5 * u.dot(u) + 0.5 * C * (weight * excess * excess).sum();
            }
        }
        """;

    public const string AveragePooling = Usings + """
        namespace Poolings;

        /// <summary>Objectives.</summary>
        public static class Objectives
        {
            /// <summary>The mean of the frames (Fernando &amp; Gould 2016, Eq. 4).</summary>
            [ArgminLayer]
            public static Tensor AveragePooling([Argmin, Shape("D")] Tensor u, [Shape("T", "D")] Tensor v) => 0.5 * (u - v).square().sum();
        }
        """;

    public const string RankPoolingLearned = Usings + """
        namespace Poolings;

        /// <summary>Objectives.</summary>
        public static class Objectives
        {
            /// <summary>Rank pooling whose C and ε are learned.</summary>
            [ArgminLayer]
            public static Tensor RankPoolingLearned(
                [Argmin, Shape("D")] Tensor u,
                [Shape("T", "D")] Tensor v,
                [Shape("T")] Tensor t,
                [Shape("T"), NonNegative] Tensor weight,
                [Shape, NonNegative] Tensor C,
                [Shape, NonNegative] Tensor epsilon)
            {
                var excess = Excess(u, v, t, epsilon);
                return 0.5 * u.dot(u) + 0.5 * C * (weight * excess * excess).sum();
            }

            private static Tensor Excess(Tensor u, Tensor v, Tensor t, Tensor epsilon) => ((v.mv(u) - t).abs() - epsilon).relu();
        }
        """;
}
