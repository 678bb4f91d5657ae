namespace TorchSharp.Interop;

internal static partial class Aten
{
    internal static readonly Operator bernoulli = new("bernoulli(self, generator)");
    internal static readonly Operator bernoulli__Tensor = new("bernoulli_.Tensor(self, p, generator)");
    internal static readonly Operator bernoulli__float = new("bernoulli_.float(self, p, generator)");
    internal static readonly Operator binomial = new("binomial(count, prob, generator)");
    internal static readonly Operator cauchy_ = new("cauchy_(self, median, sigma, generator)");
    internal static readonly Operator exponential_ = new("exponential_(self, lambd, generator)");
    internal static readonly Operator geometric_ = new("geometric_(self, p, generator)");
    internal static readonly Operator log_normal_ = new("log_normal_(self, mean, std, generator)");
    internal static readonly Operator multinomial = new("multinomial(self, num_samples, replacement, generator)");
    internal static readonly Operator normal_ = new("normal_(self, mean, std, generator)");
    internal static readonly Operator poisson = new("poisson(self, generator)");
    internal static readonly Operator random__from = new("random_.from(self, from, to, generator)");
    internal static readonly Operator rrelu = new("rrelu(self, lower, upper)");
    internal static readonly Operator rrelu_ = new("rrelu_(self, lower, upper)");
    internal static readonly Operator uniform_ = new("uniform_(self, from, to, generator)");
}
