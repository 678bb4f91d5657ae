#include "shim.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/Generator.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>

#if __has_include(<torch/version.h>)
#include <torch/version.h>
#else
#include <torch/csrc/api/include/torch/version.h>
#endif

#include <dlfcn.h>

#include <cstring>
#include <mutex>
#include <sstream>
#include <vector>

namespace shim {

thread_local std::string last_message;
thread_local int64_t last_managed_exception;

void remember(const std::string& message) {
    try {
        last_message = message;
    } catch (...) {
        last_message.clear();
    }
}

void remember(int64_t managed_exception) {
    last_managed_exception = managed_exception;
}

// Operators of tensors and numbers alone, most of the small ones, are called without boxing their arguments.
enum class Shape { Other, Unary, Binary, BinaryScalar, Scalar, ScalarScalar };

// An operator of the dispatcher, with the values of the arguments that a caller leaves out.
struct Operator {
    c10::OperatorHandle handle;
    std::vector<c10::IValue> defaults;
    std::string signature;
    Shape shape = Shape::Other;
};

std::string type_name(const c10::TypePtr& type) {
    switch (type->kind()) {
        case c10::TypeKind::OptionalType:
            return type_name(type->containedTypes().at(0)) + "?";
        case c10::TypeKind::ListType:
            return type_name(type->containedTypes().at(0)) + "[]";
        case c10::TypeKind::TensorType: return "Tensor";
        case c10::TypeKind::IntType: return "int";
        case c10::TypeKind::FloatType: return "float";
        case c10::TypeKind::BoolType: return "bool";
        case c10::TypeKind::NumberType: return "Scalar";
        case c10::TypeKind::StringType: return "str";
        case c10::TypeKind::DeviceObjType: return "Device";
        case c10::TypeKind::GeneratorType: return "Generator";
        default: return type->str() == "SymInt" ? "int" : type->str();
    }
}

// One line an argument: name, type, length of a fixed-size list (0 otherwise), 1 where it can be left out.
std::string describe(const c10::FunctionSchema& schema) {
    std::ostringstream out;
    for (const auto& a : schema.arguments()) {
        out << a.name() << '\t' << type_name(a.type()) << '\t' << (a.N() ? *a.N() : 0) << '\t'
            << (a.default_value() || a.type()->kind() == c10::TypeKind::OptionalType ? 1 : 0) << '\n';
    }
    return out.str();
}

c10::IValue to_ivalue(const Value& v, const c10::IValue& default_value) {
    switch (v.kind) {
        case Default: return default_value;
        case None: return {};
        case TensorValue: return tensor(v.pointer);
        case Integer: return v.integer;
        case Real: return v.real;
        case Boolean: return v.integer != 0;
        case IntegerList: return at::IntArrayRef(static_cast<int64_t*>(v.pointer), v.length);
        case RealList: return at::ArrayRef<double>(static_cast<double*>(v.pointer), v.length);
        case BooleanList: {
            c10::List<bool> list;
            for (int64_t i = 0; i < v.length; ++i) list.push_back(static_cast<int64_t*>(v.pointer)[i] != 0);
            return list;
        }
        case TensorList: {
            c10::List<at::Tensor> list;
            list.reserve(v.length);
            for (int64_t i = 0; i < v.length; ++i) list.push_back(tensor(static_cast<void**>(v.pointer)[i]));
            return list;
        }
        case OptionalTensorList: {
            c10::impl::GenericList list(c10::OptionalType::create(c10::TensorType::get()));
            list.reserve(v.length);
            for (int64_t i = 0; i < v.length; ++i) {
                void* element = static_cast<void**>(v.pointer)[i];
                list.push_back(element ? c10::IValue(tensor(element)) : c10::IValue());
            }
            return list;
        }
        case Text: return std::string(static_cast<char*>(v.pointer), v.length);
        case Device:
            return c10::Device(static_cast<c10::DeviceType>(v.integer), static_cast<c10::DeviceIndex>(v.length));
        case GeneratorValue: return *static_cast<at::Generator*>(v.pointer);
        default: throw std::runtime_error("the shim got an argument of a kind that it does not know");
    }
}

// Bytes that this tensor alone keeps alive: what the garbage collector should know about. Views count as nothing.
int64_t owned_bytes(const at::Tensor& t) {
    if (!t.defined() || !t.has_storage()) return 0;
    const auto& storage = t.unsafeGetTensorImpl()->storage();
    return storage.use_count() == 1 ? static_cast<int64_t>(storage.nbytes()) : 0;
}

void hand_out(at::Tensor&& t, Value& out) {
    out.kind = TensorValue;
    out.length = owned_bytes(t);
    out.pointer = hand_out(std::move(t));
}

void to_value(c10::IValue&& result, Value& out) {
    out.length = 0;
    if (result.isTensor()) {
        hand_out(std::move(result).toTensor(), out);
    } else if (result.isTensorList()) {
        auto list = result.toTensorVector();
        auto** handles = new void*[list.size() + 1];
        for (size_t i = 0; i < list.size(); ++i) handles[i] = hand_out(std::move(list[i]));
        out.kind = TensorList;
        out.length = static_cast<int64_t>(list.size());
        out.pointer = handles;
    } else if (result.isInt()) {
        out.kind = Integer;
        out.integer = result.toInt();
    } else if (result.isDouble()) {
        out.kind = Real;
        out.real = result.toDouble();
    } else if (result.isBool()) {
        out.kind = Boolean;
        out.integer = result.toBool() ? 1 : 0;
    } else if (result.isNone()) {
        out.kind = None;
        out.pointer = nullptr;
    } else {
        throw std::runtime_error("the operator returned a " + result.tagKind() + ", which the shim does not hand out");
    }
}

thread_local c10::Stack spare_stack;

using T = at::Tensor;
using N = at::Scalar;
using UnaryCall = T(const T&);
using BinaryCall = T(const T&, const T&);
using BinaryScalarCall = T(const T&, const T&, const N&);
using ScalarCall = T(const T&, const N&);
using ScalarScalarCall = T(const T&, const N&, const N&);

// The shape of an operator that has one of the signatures above; Other where it has not, also where its kernels were
// registered with other C++ types than its schema suggests.
Shape shape_of(const c10::OperatorHandle& handle) {
    const auto& schema = handle.schema();
    if (schema.returns().size() != 1 || type_name(schema.returns()[0].type()) != "Tensor") return Shape::Other;
    std::string types;
    for (const auto& a : schema.arguments()) {
        if (a.alias_info() && a.alias_info()->isWrite()) return Shape::Other;
        types += type_name(a.type()) + ' ';
    }
    try {
        if (types == "Tensor ") return handle.typed<UnaryCall>(), Shape::Unary;
        if (types == "Tensor Tensor ") return handle.typed<BinaryCall>(), Shape::Binary;
        if (types == "Tensor Tensor Scalar ") return handle.typed<BinaryScalarCall>(), Shape::BinaryScalar;
        if (types == "Tensor Scalar ") return handle.typed<ScalarCall>(), Shape::Scalar;
        if (types == "Tensor Scalar Scalar ") return handle.typed<ScalarScalarCall>(), Shape::ScalarScalar;
    } catch (const std::exception&) {
    }
    return Shape::Other;
}

bool is_number(const Value& v) {
    return v.kind == Real || v.kind == Integer || v.kind == Boolean || v.kind == Default;
}

N number(const Value& v, const c10::IValue& default_value) {
    switch (v.kind) {
        case Real: return v.real;
        case Integer: return v.integer;
        case Boolean: return v.integer != 0;
        default: return default_value.toScalar();
    }
}

// Calls the operator without boxing, where its shape and the values allow it.
bool call_directly(const Operator& o, const Value* a, at::Tensor& result) {
    if (o.shape == Shape::Other || a[0].kind != TensorValue) return false;
    const T& self = tensor(a[0].pointer);
    switch (o.shape) {
        case Shape::Unary:
            result = o.handle.typed<UnaryCall>().call(self);
            return true;
        case Shape::Binary:
            if (a[1].kind != TensorValue) return false;
            result = o.handle.typed<BinaryCall>().call(self, tensor(a[1].pointer));
            return true;
        case Shape::BinaryScalar:
            if (a[1].kind != TensorValue || !is_number(a[2])) return false;
            result = o.handle.typed<BinaryScalarCall>().call(self, tensor(a[1].pointer), number(a[2], o.defaults[2]));
            return true;
        case Shape::Scalar:
            if (!is_number(a[1])) return false;
            result = o.handle.typed<ScalarCall>().call(self, number(a[1], o.defaults[1]));
            return true;
        case Shape::ScalarScalar:
            if (!is_number(a[1]) || !is_number(a[2])) return false;
            result = o.handle.typed<ScalarScalarCall>().call(
                self, number(a[1], o.defaults[1]), number(a[2], o.defaults[2]));
            return true;
        default:
            return false;
    }
}

}  // namespace shim

using namespace shim;

SHIM_EXPORT const char* shim_last_message() { return last_message.c_str(); }
SHIM_EXPORT int64_t shim_last_managed_exception() { return last_managed_exception; }
SHIM_EXPORT const char* shim_version() { return TORCH_VERSION; }

// Loads the CUDA half of this libtorch, where it has one, so that its kernels register themselves.
SHIM_EXPORT int32_t shim_load_cuda() {
    return guard([] {
        static std::once_flag once;
        std::call_once(once, [] {
            Dl_info info;
            if (!dladdr(reinterpret_cast<void*>(&c10::Dispatcher::singleton), &info) || !info.dli_fname) return;
            std::string path(info.dli_fname);
            path = path.substr(0, path.rfind('/') + 1) + "libtorch_cuda.so";
            dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL);
        });
    });
}

SHIM_EXPORT int32_t shim_operator_find(const char* name, const char* overload, void** found) {
    return guard([&] {
        auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
        if (!handle) {
            *found = nullptr;
            return;
        }
        auto op = std::make_unique<Operator>(Operator{*handle, {}, {}, Shape::Other});
        const auto& schema = op->handle.schema();
        for (const auto& a : schema.arguments()) {
            op->defaults.push_back(a.default_value() ? *a.default_value() : c10::IValue());
        }
        op->signature = describe(schema);
        op->shape = shape_of(op->handle);
        *found = op.release();
    });
}

SHIM_EXPORT const char* shim_operator_arguments(void* op) { return static_cast<Operator*>(op)->signature.c_str(); }

// Calls an operator with one value for each argument of its schema. Writes at most `capacity` results; the others are dropped.
SHIM_EXPORT int32_t shim_operator_call(void* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
    return guard([&] {
        auto* o = static_cast<Operator*>(op);
        at::Tensor direct;
        if (call_directly(*o, arguments, direct)) {
            if (capacity > 0) hand_out(std::move(direct), results[0]);
            return;
        }
        c10::Stack stack(std::move(spare_stack));
        stack.clear();
        for (int32_t i = 0; i < count; ++i) stack.emplace_back(to_ivalue(arguments[i], o->defaults[i]));
        o->handle.callBoxed(stack);
        const auto got = static_cast<int32_t>(stack.size());
        for (int32_t i = 0; i < capacity; ++i) {
            if (i < got) {
                to_value(std::move(stack[i]), results[i]);
            } else {
                results[i].kind = None;
                results[i].pointer = nullptr;
            }
        }
        stack.clear();
        spare_stack = std::move(stack);
    });
}

SHIM_EXPORT void shim_free_handles(void* handles) { delete[] static_cast<void**>(handles); }

// ---- tensors ----

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

// ---- modes, threads, devices ----

SHIM_EXPORT int32_t shim_grad_enabled() { return c10::GradMode::is_enabled() ? 1 : 0; }
SHIM_EXPORT void shim_set_grad_enabled(int32_t value) { c10::GradMode::set_enabled(value != 0); }
SHIM_EXPORT int32_t shim_inference_enabled() { return c10::InferenceMode::is_enabled() ? 1 : 0; }

SHIM_EXPORT int32_t shim_inference_enter(int32_t value, void** mode) {
    return guard([&] { *mode = new c10::InferenceMode(value != 0); });
}

SHIM_EXPORT void shim_inference_leave(void* mode) { delete static_cast<c10::InferenceMode*>(mode); }

SHIM_EXPORT int32_t shim_num_threads() { return at::get_num_threads(); }
SHIM_EXPORT int32_t shim_num_interop_threads() { return at::get_num_interop_threads(); }

SHIM_EXPORT int32_t shim_set_num_threads(int32_t value) {
    return guard([&] { at::set_num_threads(value); });
}

SHIM_EXPORT int32_t shim_set_num_interop_threads(int32_t value) {
    return guard([&] { at::set_num_interop_threads(value); });
}

SHIM_EXPORT int32_t shim_default_dtype() { return static_cast<int32_t>(c10::get_default_dtype_as_scalartype()); }

SHIM_EXPORT int32_t shim_set_default_dtype(int32_t value) {
    return guard([&] {
        c10::set_default_dtype(caffe2::TypeMeta::fromScalarType(static_cast<c10::ScalarType>(value)));
    });
}

SHIM_EXPORT int32_t shim_cuda_devices() {
    int32_t count = 0;
    guard([&] {
        if (!c10::impl::hasDeviceGuardImpl(c10::DeviceType::CUDA)) return;
        count = c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA).deviceCount();
    });
    return count;
}

SHIM_EXPORT int32_t shim_cuda_synchronize(int32_t index) {
    return guard([&] {
        c10::impl::VirtualGuardImpl cuda(c10::DeviceType::CUDA);
        const auto device =
            index < 0 ? cuda.getDevice() : c10::Device(c10::DeviceType::CUDA, static_cast<c10::DeviceIndex>(index));
        cuda.getStream(device).synchronize();
    });
}

SHIM_EXPORT int32_t shim_has_mkldnn() { return at::globalContext().hasMKLDNN() ? 1 : 0; }

// ---- generators ----

SHIM_EXPORT int32_t shim_manual_seed(int64_t seed) {
    return guard([&] { at::manual_seed(static_cast<uint64_t>(seed)); });
}

SHIM_EXPORT int32_t shim_generator_default(void** generator) {
    return guard([&] { *generator = new at::Generator(at::detail::getDefaultCPUGenerator()); });
}

SHIM_EXPORT int32_t shim_generator_new(int64_t seed, int32_t device_type, int32_t device_index, void** generator) {
    return guard([&] {
        if (static_cast<c10::DeviceType>(device_type) == c10::DeviceType::CPU) {
            *generator = new at::Generator(at::detail::createCPUGenerator(static_cast<uint64_t>(seed)));
            return;
        }
        const c10::Device device(
            static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
        auto copy = at::globalContext().defaultGenerator(device).clone();
        copy.set_current_seed(static_cast<uint64_t>(seed));
        *generator = new at::Generator(std::move(copy));
    });
}

SHIM_EXPORT void shim_generator_free(void* generator) { delete static_cast<at::Generator*>(generator); }

SHIM_EXPORT int32_t shim_generator_set_seed(void* generator, int64_t seed) {
    return guard([&] {
        auto& g = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_current_seed(static_cast<uint64_t>(seed));
    });
}

SHIM_EXPORT int32_t shim_generator_seed(void* generator, int64_t* seed) {
    return guard([&] { *seed = static_cast<int64_t>(static_cast<at::Generator*>(generator)->current_seed()); });
}

SHIM_EXPORT int32_t shim_generator_state(void* generator, void** state) {
    return guard([&] { *state = hand_out(static_cast<at::Generator*>(generator)->get_state()); });
}

SHIM_EXPORT int32_t shim_generator_set_state(void* generator, void* state) {
    return guard([&] { static_cast<at::Generator*>(generator)->set_state(tensor(state)); });
}

// ---- automatic differentiation ----

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
    explicit ManagedState(int64_t id) : id(id) {}
    ~ManagedState() override { on_release(id); }
    int64_t id;
};

constexpr auto state_key = "managed";
constexpr auto inputs_key = "inputs";

struct ManagedFunction : torch::autograd::Function<ManagedFunction> {
    static variable_list forward(AutogradContext* ctx, at::TensorList inputs, int64_t call) {
        int64_t state = 0;
        int64_t count = 0;
        void** handles = nullptr;
        const int64_t exception = on_forward(call, ctx, &state, &handles, &count);
        if (state) ctx->saved_data[state_key] = c10::IValue::make_capsule(c10::make_intrusive<ManagedState>(state));
        if (exception) throw ManagedError(exception);
        ctx->saved_data[inputs_key] = static_cast<int64_t>(inputs.size());
        variable_list outputs;
        outputs.reserve(count);
        for (int64_t i = 0; i < count; ++i) outputs.push_back(tensor(handles[i]));
        return outputs;
    }

    static variable_list backward(AutogradContext* ctx, variable_list grads) {
        const auto state = c10::static_intrusive_pointer_cast<ManagedState>(ctx->saved_data[state_key].toCapsule());
        const int64_t expected = ctx->saved_data[inputs_key].toInt();
        std::vector<void*> handles;
        for (auto& g : grads) handles.push_back(g.defined() ? new at::Tensor(g) : nullptr);
        std::vector<void*> results(expected, nullptr);
        const int64_t exception = on_backward(
            state->id, ctx, handles.data(), static_cast<int64_t>(handles.size()), results.data(), expected);
        variable_list outputs;
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
