namespace TorchSharp;

/// <summary>Owns the tensors that are created on this thread while it is the innermost scope, and disposes them when it is disposed.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? _manager;

    // In order of creation. A tensor knows its index here, so that taking it out is quick and leaves a gap.
    private List<torch.Tensor?> _tensors = [];
    private int _gaps;

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        _manager = manager;
        Outer = outer;
    }

    internal DisposeScope? Outer { get; set; }

    public int DisposablesCount
    {
        get
        {
            ThrowIfDisposed();
            return _tensors.Count - _gaps;
        }
    }

    /// <summary>The tensors in the scope now; the list does not follow the scope.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            ThrowIfDisposed();
            return [.. _tensors.Where(t => t is not null).Select(t => t!)];
        }
    }

    public bool Contains(IDisposable disposable) =>
        disposable is torch.Tensor tensor && ReferenceEquals(tensor.OwningDisposeScope, this);

    public T MoveToOuter<T>(T disposable) where T : IDisposable
    {
        MoveToOuter([disposable]);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        MoveToOuter([first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        MoveToOuter([first, second, third]);
        return (first, second, third);
    }

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, (IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        MoveToOther(scope, [disposable]);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        MoveToOther(scope, [first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        MoveToOther(scope, [first, second, third]);
        return (first, second, third);
    }

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    /// <summary>Moves what is in this scope to another; to none at all where that is null.</summary>
    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        ThrowIfDisposed();
        if (scope is null)
        {
            Detach(disposables);
            return;
        }
        foreach (var disposable in disposables)
        {
            if (disposable is torch.Tensor tensor && Contains(tensor))
            {
                Remove(tensor);
                scope.Add(tensor);
            }
        }
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        Detach([disposable]);
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        Detach([first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        Detach([first, second, third]);
        return (first, second, third);
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    /// <summary>Takes tensors out of this scope, and so out of all.</summary>
    public void Detach(IEnumerable<IDisposable> disposables)
    {
        ThrowIfDisposed();
        foreach (var disposable in disposables)
        {
            if (disposable is torch.Tensor tensor && Contains(tensor))
            {
                Remove(tensor);
                _manager!.ThreadStatistics.TensorStatistics.DetachedFromScopeCount++;
            }
        }
    }

    public void Attach(IDisposable disposable) => _ = Attach((IEnumerable<IDisposable>)[disposable]);

    public void Attach(params IDisposable[] disposables) => _ = Attach((IEnumerable<IDisposable>)disposables);

    /// <summary>Takes tensors into this scope, out of the one that they are in.</summary>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        ThrowIfDisposed();
        var attached = new List<IDisposable>();
        foreach (var disposable in disposables)
        {
            if (disposable is not torch.Tensor tensor)
                throw new InvalidOperationException("A DisposeScope can only manage tensors.");
            if (!Contains(tensor))
            {
                if (tensor.OwningDisposeScope is { } other)
                    other.Remove(tensor);
                else
                    _manager!.ThreadStatistics.TensorStatistics.AttachedToScopeCount++;
                Add(tensor);
            }
            attached.Add(disposable);
        }
        return attached;
    }

    public void DisposeEverything() => DisposeEverythingBut(Array.Empty<IDisposable>());

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut([keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable where T2 : IDisposable
    {
        DisposeEverythingBut([first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable where T2 : IDisposable where T3 : IDisposable
    {
        DisposeEverythingBut([first, second, third]);
        return (first, second, third);
    }

    /// <summary>Disposes what is in the scope now, except for some that stay in it.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        ThrowIfDisposed();
        var kept = new HashSet<object>(inKeep, ReferenceEqualityComparer.Instance);
        var tensors = _tensors;
        _tensors = [];
        _gaps = 0;
        foreach (var tensor in tensors)
        {
            if (tensor is null)
                continue;
            if (kept.Contains(tensor))
            {
                Add(tensor);
                continue;
            }
            tensor.ScopeIndex = -1;
            tensor.Dispose();
        }
    }

    /// <summary>A tensor of this scope has been disposed.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        ThrowIfDisposed();
        if (disposable is torch.Tensor tensor && Contains(tensor))
            Remove(tensor);
    }

    public void Dispose()
    {
        if (_manager is not { } manager)
            return;
        DisposeEverything();
        manager.Close(this);
        _manager = null;
    }

    internal void Add(torch.Tensor tensor)
    {
        tensor.OwningDisposeScope = this;
        tensor.ScopeIndex = _tensors.Count;
        _tensors.Add(tensor);
    }

    internal void Remove(torch.Tensor tensor)
    {
        int index = tensor.ScopeIndex;
        tensor.OwningDisposeScope = null;
        tensor.ScopeIndex = -1;
        if (index < 0)
            return;
        if (index == _tensors.Count - 1)
        {
            _tensors.RemoveAt(index);
            return;
        }
        _tensors[index] = null;
        _gaps++;
        if (_gaps > 64 && _gaps > _tensors.Count / 2)
            Compact();
    }

    private void Compact()
    {
        _tensors.RemoveAll(t => t is null);
        _gaps = 0;
        for (int i = 0; i < _tensors.Count; i++)
            _tensors[i]!.ScopeIndex = i;
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_manager is null, this);
}
