namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Literal(scalar, ScalarType.Bool, dtype, device, requires_grad);
    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) => Literal(scalar, ScalarType.Byte, null, device, requires_grad);
    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Literal(scalar, ScalarType.Float64, dtype, device, requires_grad);
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) => Literal(scalar, ScalarType.Float32, null, device, requires_grad);
    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) => Literal(scalar, ScalarType.Int32, null, device, requires_grad);
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => Literal(scalar, ScalarType.Int64, dtype, device, requires_grad);
    public static Tensor tensor(sbyte scalar, Device? device = null, bool requires_grad = false) => Literal(scalar, ScalarType.Int8, null, device, requires_grad);
    public static Tensor tensor(short scalar, Device? device = null, bool requires_grad = false) => Literal(scalar, ScalarType.Int16, null, device, requires_grad);
}
