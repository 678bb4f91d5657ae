using static TorchSharp.torch;

namespace ArgminLayers.Checking;

/// <summary>The inputs of one problem without their padding, as the objective's own method wants them.</summary>
internal static class RaggedInputs
{
    /// <summary>Cuts every axis of which an input says the length.</summary>
    /// <param name="info">The objective.</param>
    /// <param name="inputs">The problem's inputs, without a batch dimension.</param>
    public static Tensor[] Cut(ObjectiveInfo info, IReadOnlyList<Tensor> inputs)
    {
        var cut = inputs.ToArray();
        for (var i = 0; i < cut.Length; i++)
        {
            if (info.Inputs[i].LengthOf is not { } extent)
                continue;
            var length = (long)inputs[i].item<double>();
            for (var k = 0; k < cut.Length; k++)
            {
                for (var axis = 0; axis < info.Inputs[k].Extents.Count; axis++)
                {
                    if (info.Inputs[k].Extents[axis] == extent)
                        cut[k] = cut[k].narrow(axis, 0, length);
                }
            }
        }
        return cut;
    }
}
