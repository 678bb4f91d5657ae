namespace ArgminLayers.Differentiation;

/// <summary>The first failure of a backward pass, kept until somebody asks: a backward pass must not throw.</summary>
internal sealed class FailureLog
{
    private ArgminException? first;

    /// <summary>Keeps a failure, unless one is kept already.</summary>
    public void Record(ArgminException failure) => Interlocked.CompareExchange(ref first, failure, null);

    /// <summary>Throws the failure that is kept, and forgets it.</summary>
    public void ThrowIfAny()
    {
        if (Interlocked.Exchange(ref first, null) is { } failure)
            throw failure;
    }
}
