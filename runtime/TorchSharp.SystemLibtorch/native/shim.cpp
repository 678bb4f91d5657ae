// One translation unit: libtorch's headers take far longer to compile than everything here.
#include "autograd.cpp"
#include "context.cpp"
#include "operators.cpp"
#include "tensors.cpp"
