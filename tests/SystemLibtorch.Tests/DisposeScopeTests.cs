using TorchSharp;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Who owns a tensor, and what is counted.</summary>
public sealed class DisposeScopeTests
{
    [Fact]
    public void AScopeDisposesWhatWasMadeInIt()
    {
        Tensor inside;
        using (var scope = NewDisposeScope())
        {
            inside = ones(2);
            scope.DisposablesCount.ShouldBe(1);
            scope.Contains(inside).ShouldBeTrue();
        }
        inside.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void TensorsMoveOut()
    {
        using var outer = NewDisposeScope();
        Tensor moved, detached, kept;
        using (var inner = NewDisposeScope())
        {
            moved = ones(2).MoveToOuterDisposeScope();
            detached = ones(2).DetachFromDisposeScope();
            kept = ones(2);
            inner.DisposablesCount.ShouldBe(1);
        }
        moved.IsInvalid.ShouldBeFalse();
        detached.IsInvalid.ShouldBeFalse();
        kept.IsInvalid.ShouldBeTrue();
        outer.Contains(moved).ShouldBeTrue();
        outer.Contains(detached).ShouldBeFalse();
        detached.Dispose();
    }

    [Fact]
    public void OutOfTheOutermostScopeATensorBelongsToNobody()
    {
        Tensor moved;
        using (NewDisposeScope())
            moved = ones(2).MoveToOuterDisposeScope();
        moved.IsInvalid.ShouldBeFalse();
        moved.Dispose();
    }

    [Fact]
    public void MoveToOtherFollowsATensor()
    {
        using var first = NewDisposeScope();
        var anchor = ones(1);
        using (NewDisposeScope())
        {
            var follower = ones(2).MoveToOtherDisposeScope(anchor);
            first.Contains(follower).ShouldBeTrue();
        }
        first.DisposablesCount.ShouldBe(2);
    }

    [Fact]
    public void DisposeEverythingButKeepsSomeInTheScope()
    {
        using var scope = NewDisposeScope();
        Tensor a = ones(1), b = ones(1), c = ones(1);
        scope.DisposeEverythingBut(b);
        a.IsInvalid.ShouldBeTrue();
        c.IsInvalid.ShouldBeTrue();
        b.IsInvalid.ShouldBeFalse();
        scope.DisposablesCount.ShouldBe(1);
        scope.DisposablesView.ShouldBe([b]);
    }

    [Fact]
    public void AttachTakesATensorIn()
    {
        var loose = ones(1);
        using (var scope = NewDisposeScope())
            scope.Attach(loose);
        loose.IsInvalid.ShouldBeTrue();
    }

    [Fact]
    public void AnOuterScopeMayBeClosedFirst()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        outer.Dispose();
        var tensor = ones(1);
        inner.Contains(tensor).ShouldBeTrue();
        inner.Dispose();
        tensor.IsInvalid.ShouldBeTrue();
        Should.Throw<ObjectDisposedException>(() => inner.DisposablesCount);
    }

    [Fact]
    public void StatisticsCount()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        var outside = ones(1);
        using (var scope = NewDisposeScope())
        {
            _ = ones(1);
            ones(1).Dispose();
            var leaving = scope.Detach(ones(1));
            leaving.Dispose();
            scope.Attach(outside);
        }
        statistics.CreatedOutsideScopeCount.ShouldBe(1);
        statistics.CreatedInScopeCount.ShouldBe(3);
        statistics.DetachedFromScopeCount.ShouldBe(1);
        statistics.AttachedToScopeCount.ShouldBe(1);
        statistics.DisposedInScopeCount.ShouldBe(3);
        statistics.DisposedOutsideScopeCount.ShouldBe(1);
        statistics.ThreadTotalLiveCount.ShouldBe(0);
    }

    [Fact]
    public void ThousandsOfTensorsLeaveAScopeInAnyOrder()
    {
        using var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 3000).Select(_ => zeros(1)).ToArray();
        foreach (var tensor in tensors.Where((_, i) => i % 3 != 0).Reverse())
            tensor.Dispose();
        scope.DisposablesCount.ShouldBe(1000);
        scope.DisposablesView.ShouldBe(tensors.Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void ScopesBelongToTheirThread()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = ones(1));
        thread.Start();
        thread.Join();
        scope.Contains(elsewhere!).ShouldBeFalse();
        elsewhere!.Dispose();
    }
}
