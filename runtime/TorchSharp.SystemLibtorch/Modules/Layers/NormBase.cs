using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What normalisations with running statistics share.</summary>
public abstract class NormBase : torch.nn.Module<Tensor, Tensor>
{
    private readonly Slot<Parameter> _weight;
    private readonly Slot<Parameter> _bias;
    private readonly Slot<Tensor> _mean;
    private readonly Slot<Tensor> _variance;
    private readonly Slot<Tensor> _batches;

    public NormBase(long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype, string name)
        : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;
        _weight = new(affine ? nn.Parameter(ones(num_features, dtype, device)) : null);
        _bias = new(affine ? nn.Parameter(zeros(num_features, dtype, device)) : null);
        _mean = new(track_running_stats ? zeros(num_features, dtype, device) : null);
        _variance = new(track_running_stats ? ones(num_features, dtype, device) : null);
        _batches = new(track_running_stats ? tensor(0L, dtype, device) : null);
        ConditionallyRegisterParameter(nameof(weight), _weight.Value);
        ConditionallyRegisterParameter(nameof(bias), _bias.Value);
        ConditionallyRegisterBuffer(nameof(running_mean), _mean.Value);
        ConditionallyRegisterBuffer(nameof(running_var), _variance.Value);
        ConditionallyRegisterBuffer(nameof(num_batches_tracked), _batches.Value);
    }

    public long num_features { get; }

    public double eps { get; set; }

    /// <summary>The weight of a new batch in the running statistics; null for their plain average.</summary>
    public double? momentum { get; set; }

    public bool affine { get; }

    public bool track_running_stats { get; }

    public Parameter weight
    {
        get => _weight.Value!;
        set => ConditionallyRegisterParameter(nameof(weight), _weight.Replace(value));
    }

    public Parameter? bias
    {
        get => _bias.Value;
        set => ConditionallyRegisterParameter(nameof(bias), _bias.Replace(value));
    }

    public Tensor? running_mean
    {
        get => _mean.Value;
        set => ConditionallyRegisterBuffer(nameof(running_mean), _mean.Replace(value));
    }

    public Tensor? running_var
    {
        get => _variance.Value;
        set => ConditionallyRegisterBuffer(nameof(running_var), _variance.Replace(value));
    }

    public Tensor? num_batches_tracked
    {
        get => _batches.Value;
        set => ConditionallyRegisterBuffer(nameof(num_batches_tracked), _batches.Replace(value));
    }

    public void reset_running_stats()
    {
        if (!track_running_stats)
            return;
        nn.init.zeros_(running_mean!);
        nn.init.ones_(running_var!);
        nn.init.zeros_(num_batches_tracked!);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine)
            return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    /// <exception cref="ArgumentException">The input has the wrong number of dimensions.</exception>
    protected abstract void ValidateInputDimensions(Tensor input);
}
