namespace TorchSharp;

/// <summary>How a tensor is written.</summary>
public enum TensorStringStyle
{
    /// <summary>Shape, type and device only.</summary>
    Metadata,

    Julia,

    Numpy,

    CSharp,

    /// <summary>The style that <see cref="torch.TensorStringStyle"/> says.</summary>
    Default,
}
