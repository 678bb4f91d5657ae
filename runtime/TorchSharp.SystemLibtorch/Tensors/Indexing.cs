using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>
/// An index taken apart as PyTorch does: numbers, slices, new dimensions and the ellipsis make a view; masks and index tensors
/// remain, each at the dimension of the view that it indexes.
/// </summary>
internal sealed class Indexing : IDisposable
{
    private readonly torch.Tensor _source;
    private readonly List<torch.Tensor> _made = [];

    internal Indexing(torch.Tensor source, torch.TensorIndex[] indices)
    {
        _source = View = source;
        try
        {
            Apply(indices);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal torch.Tensor View { get; private set; }

    /// <summary>Index tensors by dimension of the view; null where there are none.</summary>
    internal List<torch.Tensor?>? Advanced { get; private set; }

    /// <summary>The view as a tensor of the caller's own.</summary>
    internal torch.Tensor TakeView()
    {
        if (ReferenceEquals(View, _source))
            return Aten.alias.Call(_source);
        // Tensors with equal values are equal to List.Remove.
        _made.RemoveAll(tensor => ReferenceEquals(tensor, View));
        return View;
    }

    public void Dispose()
    {
        foreach (var tensor in _made)
            tensor.Dispose();
    }

    private static bool IsMask(torch.Tensor tensor) => tensor.dtype is torch.ScalarType.Bool or torch.ScalarType.Byte;

    private static long TakenDimensions(torch.TensorIndex index) => index.Sort switch
    {
        torch.TensorIndex.IndexSort.Single or torch.TensorIndex.IndexSort.Slice => 1,
        torch.TensorIndex.IndexSort.Tensor => IsMask(index.Indices!) ? index.Indices!.ndim : 1,
        _ => 0,
    };

    private void Apply(torch.TensorIndex[] indices)
    {
        long spared = _source.ndim - indices.Sum(TakenDimensions);
        if (spared < 0)
            throw new System.Runtime.InteropServices.ExternalException($"too many indices for tensor of dimension {_source.ndim}");
        long dim = 0;
        foreach (var index in indices)
        {
            switch (index.Sort)
            {
                case torch.TensorIndex.IndexSort.Single:
                    Step(Aten.select_int.Call(View, dim, index.Start ?? throw new ArgumentNullException(nameof(indices), "A single index is null.")));
                    break;
                case torch.TensorIndex.IndexSort.Slice:
                    if (index.Start is not null || index.Stop is not null || index.Step is not (null or 1))
                        Step(Aten.slice_Tensor.Call(View, dim, index.Start, index.Stop, index.Step ?? 1));
                    dim++;
                    break;
                case torch.TensorIndex.IndexSort.Ellipsis:
                    dim += spared;
                    break;
                case torch.TensorIndex.IndexSort.NewDimension:
                    Step(Aten.unsqueeze.Call(View, dim++));
                    break;
                case torch.TensorIndex.IndexSort.Bool:
                    ApplyBoolean(index.Start == 1, dim++);
                    break;
                case torch.TensorIndex.IndexSort.Tensor when index.Indices!.ndim == 0 && index.Indices.is_integral():
                    if (!IsMask(index.Indices))
                        Step(Aten.select_int.Call(View, dim, index.Indices.ToInt64()));
                    else
                        ApplyBoolean(index.Indices.is_nonzero(), dim++);
                    break;
                case torch.TensorIndex.IndexSort.Tensor:
                    Record(index.Indices!, dim++);
                    break;
            }
        }
    }

    private void ApplyBoolean(bool value, long dim)
    {
        Step(Aten.unsqueeze.Call(View, dim));
        var mask = torch.tensor([value], device: _source.device);
        _made.Add(mask);
        Record(mask, dim);
    }

    private void Step(torch.Tensor view)
    {
        _made.Add(view);
        View = view;
    }

    private void Record(torch.Tensor index, long dim)
    {
        Advanced ??= [];
        while (Advanced.Count < dim)
            Advanced.Add(null);
        Advanced.Add(index);
    }
}
