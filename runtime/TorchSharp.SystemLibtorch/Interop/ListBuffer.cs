using System.Text;

namespace TorchSharp.Interop;

/// <summary>The space that the list arguments of one call take, in 8-byte units: elements are copied there, so that nothing has to be pinned.</summary>
internal static class ListBuffer
{
    internal static int Count(ReadOnlySpan<Value> values)
    {
        int count = 0;
        foreach (ref readonly var value in values)
        {
            count += value.Reference switch
            {
                long[] list => list.Length,
                double[] list => list.Length,
                bool[] list => list.Length,
                IReadOnlyCollection<torch.Tensor> list => list.Count,
                string text => Units(text),
                _ => 1,
            };
        }
        return count;
    }

    internal static int Units(string text) => (Encoding.UTF8.GetMaxByteCount(text.Length) + 7) / 8;
}
