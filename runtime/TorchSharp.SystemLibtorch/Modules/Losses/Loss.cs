namespace TorchSharp;

/// <summary>A module that measures error.</summary>
public abstract class Loss<T1, T2, TResult>(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
    : torch.nn.Module<T1, T2, TResult>(nameof(Loss<T1, T2, TResult>))
{
    public torch.nn.Reduction reduction { get; } = reduction;
}

/// <summary>A loss that weighs elements or classes.</summary>
public abstract class WeightedLoss<T1, T2, TResult>(torch.Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
    : Loss<T1, T2, TResult>(reduction)
{
    public torch.Tensor? weight { get; } = weight;
}

/// <summary>A module that measures error.</summary>
public abstract class Loss<T1, T2, T3, TResult>(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
    : torch.nn.Module<T1, T2, T3, TResult>(nameof(Loss<T1, T2, T3, TResult>))
{
    public torch.nn.Reduction reduction { get; } = reduction;
}

/// <summary>A loss that weighs elements or classes.</summary>
public abstract class WeightedLoss<T1, T2, T3, TResult>(torch.Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
    : Loss<T1, T2, T3, TResult>(reduction)
{
    public torch.Tensor? weight { get; } = weight;
}

/// <summary>A module that measures error.</summary>
public abstract class Loss<T1, T2, T3, T4, TResult>(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
    : torch.nn.Module<T1, T2, T3, T4, TResult>(nameof(Loss<T1, T2, T3, T4, TResult>))
{
    public torch.nn.Reduction reduction { get; } = reduction;
}

/// <summary>A loss that weighs elements or classes.</summary>
public abstract class WeightedLoss<T1, T2, T3, T4, TResult>(torch.Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
    : Loss<T1, T2, T3, T4, TResult>(reduction)
{
    public torch.Tensor? weight { get; } = weight;
}
