namespace TorchSharp;

public static partial class torch
{
    /// <summary>One entry of an index: a number, a slice, a mask or index tensor, an ellipsis, a new dimension.</summary>
    public struct TensorIndex
    {
        public static TensorIndex Ellipsis = new() { Sort = IndexSort.Ellipsis };

        /// <summary>A new dimension of size 1.</summary>
        public static TensorIndex None = new() { Sort = IndexSort.NewDimension };

        /// <inheritdoc cref="None"/>
        public static TensorIndex Null = new() { Sort = IndexSort.NewDimension };

        public static TensorIndex Colon = Slice();

        internal enum IndexSort
        {
            NewDimension,
            Single,
            Ellipsis,
            Bool,
            Tensor,
            Slice,
        }

        internal IndexSort Sort { get; private init; }

        internal long? Start { get; private init; }

        internal long? Stop { get; private init; }

        internal long? Step { get; private init; }

        internal Tensor? Indices { get; private init; }

        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) =>
            new() { Sort = IndexSort.Slice, Start = start, Stop = stop, Step = step };

        public static TensorIndex Slice((int? start, int? end) range) => Slice((long?)range.start, (long?)range.end);

        public static TensorIndex Slice(Range range) => Slice(Position(range.Start), range.End.Equals(Index.End) ? null : Position(range.End));

        public static TensorIndex Bool(bool value) => new() { Sort = IndexSort.Bool, Start = value ? 1 : 0 };

        public static TensorIndex Single(long? index) => new() { Sort = IndexSort.Single, Start = index };

        public static TensorIndex Tensor(Tensor tensor) => new() { Sort = IndexSort.Tensor, Indices = tensor };

        public static implicit operator TensorIndex(long value) => Single(value);

        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        public static implicit operator TensorIndex(Range range) => Slice(range);

        public static implicit operator TensorIndex(Index index) => Single(Position(index));

        public static implicit operator Tensor(TensorIndex value) => throw new InvalidOperationException("A TensorIndex is no tensor.");

        private static long Position(Index index) => index.IsFromEnd ? -index.Value : index.Value;
    }
}
