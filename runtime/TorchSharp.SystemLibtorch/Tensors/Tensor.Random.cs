using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor bernoulli(Generator? generator = null) => Aten.bernoulli.Call(this, generator);
        public Tensor bernoulli_(double p = 0.5, Generator? generator = null) => Aten.bernoulli__float.Update(this, p, generator);
        public Tensor bernoulli_(Tensor p, Generator? generator = null) => Aten.bernoulli__Tensor.Update(this, p, generator);
        public Tensor cauchy_(double median = 0, double sigma = 1, Generator? generator = null) => Aten.cauchy_.Update(this, median, sigma, generator);
        public Tensor exponential_(double lambda = 1, Generator? generator = null) => Aten.exponential_.Update(this, lambda, generator);
        public Tensor geometric_(double p, Generator? generator = null) => Aten.geometric_.Update(this, p, generator);
        public Tensor log_normal_(double mean = 0, double std = 1, Generator? generator = null) => Aten.log_normal_.Update(this, mean, std, generator);
        public Tensor normal_(double mean = 0, double std = 1, Generator? generator = null) => Aten.normal_.Update(this, mean, std, generator);
        public Tensor uniform_(double from, double to, Generator? generator = null) => Aten.uniform_.Update(this, from, to, generator);
        public Tensor random_(double from, double to, Generator? generator = null) => Aten.random__from.Update(this, (long)from, (long)to, generator);
        public Tensor multinomial(long num_samples, bool replacement = false, Generator? generator = null) => Aten.multinomial.Call(this, num_samples, replacement, generator);
        public Tensor poisson(Generator? generator = null) => Aten.poisson.Call(this, generator);
        public Tensor binomial(Tensor prob, Generator? generator = null) => Aten.binomial.Call(this, prob, generator);
        public Tensor rrelu(double lower = 0.125, double upper = 0.3333333333333333) => Aten.rrelu.Call(this, lower, upper);
        public Tensor rrelu_(double lower = 0.125, double upper = 0.3333333333333333) => Aten.rrelu_.Update(this, lower, upper);
    }
}
