namespace TorchSharp;

/// <summary>The dispose scopes of a thread, the innermost last.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? _ofThread;

    internal static DisposeScopeManager OfThread => _ofThread ??= new DisposeScopeManager();

    /// <summary>What happened to the tensors of this thread.</summary>
    public static ThreadDisposeScopeStatistics Statistics => OfThread.ThreadStatistics;

    internal ThreadDisposeScopeStatistics ThreadStatistics { get; } = new();

    internal DisposeScope? Current { get; private set; }

    internal DisposeScope Open() => Current = new DisposeScope(this, Current);

    internal void Register(torch.Tensor tensor)
    {
        var counts = ThreadStatistics.TensorStatistics;
        if (Current is not { } scope)
        {
            counts.CreatedOutsideScopeCount++;
            return;
        }
        counts.CreatedInScopeCount++;
        scope.Add(tensor);
    }

    internal void Disposing(torch.Tensor tensor)
    {
        var counts = ThreadStatistics.TensorStatistics;
        if (tensor.OwningDisposeScope is null)
            counts.DisposedOutsideScopeCount++;
        else
            counts.DisposedInScopeCount++;
    }

    /// <summary>Takes a scope out, also one that is closed before the scopes inside it.</summary>
    internal void Close(DisposeScope closing)
    {
        if (ReferenceEquals(Current, closing))
        {
            Current = closing.Outer;
            return;
        }
        for (var scope = Current; scope is not null; scope = scope.Outer)
        {
            if (ReferenceEquals(scope.Outer, closing))
            {
                scope.Outer = closing.Outer;
                return;
            }
        }
    }
}
