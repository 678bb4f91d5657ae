namespace RankPool.Reports;

/// <summary>Where values lie on an axis, and which of them are marked.</summary>
internal abstract record Scale
{
    /// <summary>The place of a value: 0 at the beginning of the axis and 1 at its end.</summary>
    public abstract double Share(double value);

    /// <summary>The values that are marked.</summary>
    public abstract IEnumerable<double> Ticks();

    /// <summary>A tick in words.</summary>
    public virtual string Label(double tick) => tick.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether a value can be shown.</summary>
    public virtual bool Shows(double value) => double.IsFinite(value);

    /// <summary>From 0 to a round number that is not below the highest of the values.</summary>
    public static Scale FromZero(IEnumerable<double> values) => new Linear(0, RoundAbove(values.DefaultIfEmpty(1).Max()));

    /// <summary>A step of 1, 2 or 5 times a power of ten that gives about five ticks over a range.</summary>
    private static double Step(double range)
    {
        var rough = range / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
    }

    private static double RoundAbove(double highest)
    {
        if (!(highest > 0 && double.IsFinite(highest)))
            return 1;
        var step = Step(highest);
        return step * Math.Ceiling(highest / step - 1e-9);
    }

    /// <summary>Equal distances for equal differences.</summary>
    public sealed record Linear(double From, double To) : Scale
    {
        public override double Share(double value) => (value - From) / (To - From);

        public override IEnumerable<double> Ticks()
        {
            var step = Step(To - From);
            for (var i = 0; From + i * step <= To + 1e-9 * (To - From); i++)
                yield return From + i * step;
        }
    }

    /// <summary>Whole numbers from 1 on: steps, epochs.</summary>
    public sealed record Counting(int Last) : Scale
    {
        public override double Share(double value) => Last == 1 ? 0.5 : (value - 1) / (Last - 1);

        public override IEnumerable<double> Ticks()
        {
            var step = Math.Max(1, (int)Math.Ceiling(Step(Last)));
            for (var number = 1; number <= Last; number = number == 1 && step > 1 ? step : number + step)
                yield return number;
        }
    }

    /// <summary>Equal distances for equal ratios, from one power of ten to another.</summary>
    public sealed record Logarithmic(int FromPower, int ToPower) : Scale
    {
        private const int MostTicks = 9;

        /// <summary>The powers of ten around some values above 0.</summary>
        public static Logarithmic Of(IEnumerable<double> values)
        {
            var list = values.DefaultIfEmpty(1).ToList();
            var from = (int)Math.Floor(Math.Log10(list.Min()) + 1e-9);
            return new(from, Math.Max((int)Math.Ceiling(Math.Log10(list.Max()) - 1e-9), from + 1));
        }

        public override double Share(double value) => (Math.Log10(value) - FromPower) / (ToPower - FromPower);

        public override bool Shows(double value) => base.Shows(value) && value > 0;

        public override IEnumerable<double> Ticks()
        {
            var decades = ToPower - FromPower;
            var step = (decades + MostTicks - 1) / MostTicks;
            return Enumerable.Range(0, decades / step + 1).Select(i => Math.Pow(10, FromPower + i * step));
        }

        public override string Label(double tick) => tick is < 0.01 or > 100 ? FormattableString.Invariant($"1e{Math.Round(Math.Log10(tick)):0}") : base.Label(tick);
    }
}
