// What is read from and written to a tensor without an operator.
#include "shim.h"

#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cstring>

using namespace shim;

struct TensorInfo {
    int64_t dimensions;
    const int64_t* sizes;
    const int64_t* strides;
    int64_t elements;
    int64_t offset;
    int32_t scalar_type;
    int32_t element_size;
    int32_t device_type;
    int32_t device_index;
    int32_t layout;
    int32_t flags;  // 1 requires grad, 2 leaf, 4 contiguous
};

SHIM_EXPORT int32_t shim_tensor_info(void* handle, TensorInfo* info) {
    return guard([&] {
        const auto& t = tensor(handle);
        const bool strided = t.layout() == at::kStrided;
        info->dimensions = t.dim();
        info->sizes = t.sizes().data();
        info->strides = strided ? t.strides().data() : nullptr;
        info->elements = t.numel();
        info->offset = strided ? t.storage_offset() : 0;
        info->scalar_type = static_cast<int32_t>(t.scalar_type());
        info->element_size = static_cast<int32_t>(t.element_size());
        info->device_type = static_cast<int32_t>(t.device().type());
        info->device_index = t.device().index();
        info->layout = static_cast<int32_t>(t.layout());
        info->flags = (t.requires_grad() ? 1 : 0) | (t.is_leaf() ? 2 : 0) | (strided && t.is_contiguous() ? 4 : 0);
    });
}

SHIM_EXPORT int32_t shim_tensor_sizes(void* handle, int64_t* dimensions, const int64_t** sizes) {
    return guard([&] {
        const auto s = tensor(handle).sizes();
        *dimensions = static_cast<int64_t>(s.size());
        *sizes = s.data();
    });
}

// The bits of the one element of a CPU tensor; `scalar_type` -1 says that it has to be fetched in another way.
SHIM_EXPORT int32_t shim_tensor_peek(void* handle, int32_t* scalar_type, int64_t* elements, double* bits) {
    return guard([&] {
        const auto& t = tensor(handle);
        *elements = t.numel();
        *scalar_type = -1;
        if (*elements != 1 || !t.device().is_cpu() || t.layout() != at::kStrided || t.is_conj() || t.is_neg()) return;
        *bits = 0;
        std::memcpy(bits, t.data_ptr(), std::min<size_t>(t.element_size(), 8));
        *scalar_type = static_cast<int32_t>(t.scalar_type());
    });
}

SHIM_EXPORT int32_t shim_tensor_data(void* handle, void** data) {
    return guard([&] { *data = tensor(handle).data_ptr(); });
}

// A tensor on memory that the caller keeps until `release(owner)`.
SHIM_EXPORT int32_t shim_tensor_from_memory(
    void* data, const int64_t* sizes, int64_t dimensions, int32_t scalar_type, int64_t owner, void (*release)(int64_t),
    void** result) {
    return guard([&] {
        *result = new at::Tensor(at::from_blob(
            data, at::IntArrayRef(sizes, dimensions), [owner, release](void*) { release(owner); },
            at::TensorOptions(static_cast<c10::ScalarType>(scalar_type))));
    });
}

SHIM_EXPORT void shim_tensor_free(void* handle) { delete static_cast<at::Tensor*>(handle); }

SHIM_EXPORT int32_t shim_tensor_share(void* handle, void** shared) {
    return guard([&] { *shared = new at::Tensor(tensor(handle)); });
}

SHIM_EXPORT int32_t shim_tensor_grad(void* handle, void** grad) {
    return guard([&] {
        const auto& t = tensor(handle);
        const at::Tensor& g = t.unsafeGetTensorImpl()->grad();
        *grad = hand_out(at::Tensor(g));
    });
}

SHIM_EXPORT int32_t shim_tensor_set_grad(void* handle, void* grad) {
    return guard([&] {
        auto& t = tensor(handle);
        if (grad) {
            const auto& g = tensor(grad);
            TORCH_CHECK(g.sizes() == t.sizes(), "assigned grad has data of a different size");
            TORCH_CHECK(g.scalar_type() == t.scalar_type(), "assigned grad has data of a different type");
            TORCH_CHECK(g.device() == t.device(), "assigned grad has data located on a different device");
            t.mutable_grad() = g;
        } else {
            t.mutable_grad().reset();
        }
    });
}

SHIM_EXPORT int32_t shim_tensor_set_requires_grad(void* handle, int32_t value) {
    return guard([&] {
        auto& t = tensor(handle);
        TORCH_CHECK(t.is_leaf() || value, "you can only change requires_grad flags of leaf variables.");
        t.set_requires_grad(value != 0);
    });
}

SHIM_EXPORT int32_t shim_tensor_retain_grad(void* handle) {
    return guard([&] { tensor(handle).retain_grad(); });
}
