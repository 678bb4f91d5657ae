// Backward passes, and functions whose two halves are managed code.
#include "shim.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#include <vector>

using namespace shim;

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Managed callbacks. They return 0, or the number under which managed code keeps the exception it threw.
using ForwardCallback = int64_t (*)(int64_t call, void* context, int64_t* state, void*** outputs, int64_t* count);
using BackwardCallback = int64_t (*)(int64_t state, void* context, void** grads, int64_t count, void** results, int64_t expected);
using ReleaseCallback = void (*)(int64_t state);

ForwardCallback on_forward;
BackwardCallback on_backward;
ReleaseCallback on_release;

// Keeps the managed state of one call alive for as long as its node lives.
struct ManagedState : torch::CustomClassHolder {
    ManagedState(int64_t id, int64_t inputs) : id(id), inputs(inputs) {}
    ~ManagedState() override { on_release(id); }
    int64_t id;
    int64_t inputs;
};

constexpr auto state_key = "managed";

struct ManagedFunction : torch::autograd::Function<ManagedFunction> {
    static variable_list forward(AutogradContext* ctx, at::TensorList inputs, int64_t call) {
        int64_t state = 0;
        int64_t count = 0;
        void** handles = nullptr;
        const int64_t exception = on_forward(call, ctx, &state, &handles, &count);
        if (state) {
            ctx->saved_data[state_key] =
                c10::IValue::make_capsule(c10::make_intrusive<ManagedState>(state, static_cast<int64_t>(inputs.size())));
        }
        if (exception) throw ManagedError(exception);
        variable_list outputs;
        outputs.reserve(count);
        for (int64_t i = 0; i < count; ++i) outputs.push_back(tensor(handles[i]));
        return outputs;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto state = c10::static_intrusive_pointer_cast<ManagedState>(ctx->saved_data[state_key].toCapsule());
        const int64_t expected = state->inputs;
        std::vector<void*> handles;
        handles.reserve(grads.size());
        for (auto& g : grads) handles.push_back(g.defined() ? new at::Tensor(g) : nullptr);
        std::vector<void*> results(expected, nullptr);
        const int64_t exception = on_backward(
            state->id, ctx, handles.data(), static_cast<int64_t>(handles.size()), results.data(), expected);
        variable_list outputs;
        outputs.reserve(results.size() + 1);
        for (void* handle : results) {
            if (handle) {
                outputs.push_back(std::move(tensor(handle)));
                delete static_cast<at::Tensor*>(handle);
            } else {
                outputs.emplace_back();
            }
        }
        if (exception) throw ManagedError(exception);
        outputs.emplace_back();  // for `call`, which is no tensor
        return outputs;
    }
};

variable_list to_list(void** handles, int64_t count) {
    variable_list list;
    list.reserve(count);
    for (int64_t i = 0; i < count; ++i) list.push_back(handles[i] ? tensor(handles[i]) : at::Tensor());
    return list;
}

}  // namespace

SHIM_EXPORT void shim_function_callbacks(ForwardCallback forward, BackwardCallback backward, ReleaseCallback release) {
    on_forward = forward;
    on_backward = backward;
    on_release = release;
}

SHIM_EXPORT int32_t shim_function_apply(void** inputs, int64_t count, int64_t call, void*** outputs, int64_t* produced) {
    return guard([&] {
        const variable_list list = to_list(inputs, count);
        variable_list result = ManagedFunction::apply(at::TensorList(list), call);
        auto** handles = new void*[result.size() + 1];
        for (size_t i = 0; i < result.size(); ++i) handles[i] = hand_out(std::move(result[i]));
        *produced = static_cast<int64_t>(result.size());
        *outputs = handles;
    });
}

SHIM_EXPORT int32_t shim_context_save(void* context, void** tensors, int64_t count) {
    return guard([&] { static_cast<AutogradContext*>(context)->save_for_backward(to_list(tensors, count)); });
}

SHIM_EXPORT int32_t shim_context_saved(void* context, void*** tensors, int64_t* count) {
    return guard([&] {
        variable_list list = static_cast<AutogradContext*>(context)->get_saved_variables();
        auto** handles = new void*[list.size() + 1];
        for (size_t i = 0; i < list.size(); ++i) handles[i] = hand_out(std::move(list[i]));
        *count = static_cast<int64_t>(list.size());
        *tensors = handles;
    });
}

SHIM_EXPORT int32_t shim_context_mark_dirty(void* context, void** tensors, int64_t count) {
    return guard([&] { static_cast<AutogradContext*>(context)->mark_dirty(to_list(tensors, count)); });
}

SHIM_EXPORT int32_t shim_context_mark_non_differentiable(void* context, void** tensors, int64_t count) {
    return guard([&] { static_cast<AutogradContext*>(context)->mark_non_differentiable(to_list(tensors, count)); });
}

SHIM_EXPORT int32_t shim_context_materialize_grads(void* context, int32_t value) {
    return guard([&] { static_cast<AutogradContext*>(context)->set_materialize_grads(value != 0); });
}

SHIM_EXPORT int32_t shim_backward(
    void** tensors, int64_t count, void** grads, int64_t grad_count, int32_t retain_graph, int32_t create_graph,
    void** inputs, int64_t input_count) {
    return guard([&] {
        torch::autograd::backward(
            to_list(tensors, count), to_list(grads, grad_count), retain_graph != 0, create_graph != 0,
            to_list(inputs, input_count));
    });
}

SHIM_EXPORT int32_t shim_grad(
    void** outputs, int64_t count, void** inputs, int64_t input_count, void** grads, int64_t grad_count,
    int32_t retain_graph, int32_t create_graph, int32_t allow_unused, void** results) {
    return guard([&] {
        auto list = torch::autograd::grad(
            to_list(outputs, count), to_list(inputs, input_count), to_list(grads, grad_count), retain_graph != 0,
            create_graph != 0, allow_unused != 0);
        for (int64_t i = 0; i < input_count; ++i) results[i] = hand_out(std::move(list[i]));
    });
}
