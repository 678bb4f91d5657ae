using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => index(Singles(indices));
            set => index_put_(value, Singles(indices));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => Aten.select_int.Call(this, 0, i1);
            set => index_put_(value, TensorIndex.Single(i1));
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => index(i1, i2);
            set => index_put_(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => index(i1, i2, i3);
            set => index_put_(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => index(i1, i2, i3, i4);
            set => index_put_(value, i1, i2, i3, i4);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => index(i1, i2, i3, i4, i5);
            set => index_put_(value, i1, i2, i3, i4, i5);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => index(i1, i2, i3, i4, i5, i6);
            set => index_put_(value, i1, i2, i3, i4, i5, i6);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using var indexed = new Indexing(this, indices);
            return indexed.Advanced is { } tensors
                ? Aten.index_Tensor.Call(indexed.View, Value.Optionals(tensors))
                : indexed.TakeView();
        }

        public Tensor index(params Tensor[] indices) => Aten.index_Tensor.Call(this, Value.Optionals(indices));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            ArgumentNullException.ThrowIfNull(value);
            using var indexed = new Indexing(this, indices);
            using var core = WithoutLeadingOnes(value);
            if (indexed.Advanced is { } tensors)
                Aten.index_put_.Update(indexed.View, Value.Optionals(tensors), core ?? value, accumulate);
            else if (accumulate)
                Aten.add__Tensor.Update(indexed.View, core ?? value);
            else
                Aten.copy_.Update(indexed.View, core ?? value);
            return this;
        }

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false)
        {
            ArgumentNullException.ThrowIfNull(value);
            Aten.index_put_.Update(this, Value.Optionals(indices), value, accumulate);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using var tensor = Aten.scalar_tensor.Call(value, dtype, default, device);
            return index_put_(tensor, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices)
        {
            using var tensor = Aten.scalar_tensor.Call(value, dtype, default, device);
            return index_put_(tensor, indices);
        }

        public Tensor slice(long dim, long start, long finish, long step) => Aten.slice_Tensor.Call(this, dim, start, finish, step);

        private static TensorIndex[] Singles(long[] indices) => Array.ConvertAll(indices, i => TensorIndex.Single(i));

        // An assigned value may have leading dimensions of size 1 that what it is assigned to does not have.
        private static Tensor? WithoutLeadingOnes(Tensor value)
        {
            long[] sizes = value.shape;
            int ones = 0;
            while (ones < sizes.Length && sizes[ones] == 1)
                ones++;
            return ones == 0 ? null : Aten.view.Call(value, sizes[ones..]);
        }
    }
}
