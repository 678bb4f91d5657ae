namespace TorchSharp.Interop;

internal static partial class Aten
{
    internal static readonly Operator adaptive_avg_pool2d = new("adaptive_avg_pool2d(self, output_size)");
    internal static readonly Operator adaptive_max_pool2d = new("adaptive_max_pool2d(self, output_size)");
    internal static readonly Operator avg_pool2d = new("avg_pool2d(self, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)");
    internal static readonly Operator batch_norm = new("batch_norm(input, weight, bias, running_mean, running_var, training, momentum, eps, cudnn_enabled)");
    internal static readonly Operator bilinear = new("bilinear(input1, input2, weight, bias)");
    internal static readonly Operator constant_pad_nd = new("constant_pad_nd(self, pad, value)");
    internal static readonly Operator conv1d = new("conv1d(input, weight, bias, stride, padding, dilation, groups)");
    internal static readonly Operator conv1d_padding = new("conv1d.padding(input, weight, bias, stride, padding, dilation, groups)");
    internal static readonly Operator conv2d = new("conv2d(input, weight, bias, stride, padding, dilation, groups)");
    internal static readonly Operator conv2d_padding = new("conv2d.padding(input, weight, bias, stride, padding, dilation, groups)");
    internal static readonly Operator cosine_similarity = new("cosine_similarity(x1, x2, dim, eps)");
    internal static readonly Operator dropout = new("dropout(input, p, train)");
    internal static readonly Operator dropout_ = new("dropout_(self, p, train)");
    internal static readonly Operator eye_m_out = new("eye.m_out(out, n, m)");
    internal static readonly Operator feature_dropout = new("feature_dropout(input, p, train)");
    internal static readonly Operator feature_dropout_ = new("feature_dropout_(self, p, train)");
    internal static readonly Operator gelu = new("gelu(self, approximate)");
    internal static readonly Operator gelu_ = new("gelu_(self, approximate)");
    internal static readonly Operator hardshrink = new("hardshrink(self, lambd)");
    internal static readonly Operator layer_norm = new("layer_norm(input, normalized_shape, weight, bias, eps)");
    internal static readonly Operator linear = new("linear(input, weight, bias)");
    internal static readonly Operator max_pool2d = new("max_pool2d(self, kernel_size, stride, padding, dilation, ceil_mode)");
    internal static readonly Operator max_pool2d_with_indices = new("max_pool2d_with_indices(self, kernel_size, stride, padding, dilation, ceil_mode)");
    internal static readonly Operator mish = new("mish(self)");
    internal static readonly Operator mish_ = new("mish_(self)");
    internal static readonly Operator one_hot = new("one_hot(self, num_classes)");
    internal static readonly Operator pad = new("pad(self, pad, mode, value)");
    internal static readonly Operator pairwise_distance = new("pairwise_distance(x1, x2, p, eps, keepdim)");
    internal static readonly Operator softshrink = new("softshrink(self, lambd)");
}
