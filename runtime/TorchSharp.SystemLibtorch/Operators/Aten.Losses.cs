namespace TorchSharp.Interop;

internal static partial class Aten
{
    internal static readonly Operator binary_cross_entropy = new("binary_cross_entropy(self, target, weight, reduction)");
    internal static readonly Operator binary_cross_entropy_with_logits = new("binary_cross_entropy_with_logits(self, target, weight, pos_weight, reduction)");
    internal static readonly Operator cosine_embedding_loss = new("cosine_embedding_loss(input1, input2, target, margin, reduction)");
    internal static readonly Operator cross_entropy_loss = new("cross_entropy_loss(self, target, weight, reduction, ignore_index, label_smoothing)");
    internal static readonly Operator hinge_embedding_loss = new("hinge_embedding_loss(self, target, margin, reduction)");
    internal static readonly Operator huber_loss = new("huber_loss(self, target, reduction, delta)");
    internal static readonly Operator kl_div = new("kl_div(self, target, reduction, log_target)");
    internal static readonly Operator l1_loss = new("l1_loss(self, target, reduction)");
    internal static readonly Operator margin_ranking_loss = new("margin_ranking_loss(input1, input2, target, margin, reduction)");
    internal static readonly Operator mse_loss = new("mse_loss(self, target, reduction)");
    internal static readonly Operator multi_margin_loss = new("multi_margin_loss(self, target, p, margin, weight, reduction)");
    internal static readonly Operator multilabel_margin_loss = new("multilabel_margin_loss(self, target, reduction)");
    internal static readonly Operator nll_loss_nd = new("nll_loss_nd(self, target, weight, reduction)");
    internal static readonly Operator poisson_nll_loss = new("poisson_nll_loss(input, target, log_input, full, eps, reduction)");
    internal static readonly Operator smooth_l1_loss = new("smooth_l1_loss(self, target, reduction, beta)");
    internal static readonly Operator soft_margin_loss = new("soft_margin_loss(self, target, reduction)");
    internal static readonly Operator triplet_margin_loss = new("triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction)");
}
