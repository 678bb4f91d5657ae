// The plain C surface between TorchSharp.SystemLibtorch and libtorch. No C++ type and no C++ exception crosses it:
// every function runs inside `guard`, which turns an exception into a status and a message kept for the thread.
#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>

#define SHIM_EXPORT extern "C" __attribute__((visibility("default")))

namespace shim {

enum Status : int32_t { Ok = 0, Failed = -1, ManagedFailed = -2 };

// What an argument or a result is; the same numbers as ValueKind in managed code.
enum Kind : int32_t {
    Default = 0,
    None = 1,
    TensorValue = 2,
    Integer = 3,
    Real = 4,
    Boolean = 5,
    IntegerList = 6,
    RealList = 7,
    BooleanList = 8,
    TensorList = 9,
    OptionalTensorList = 10,
    Text = 11,
    Device = 12,
    GeneratorValue = 13,
    Complex = 14,
};

// One argument or result. `length` counts a list's elements, holds a device's index, and, for a tensor that came back,
// the bytes of a storage that nothing else uses.
struct Value {
    int64_t kind;
    int64_t length;
    union {
        void* pointer;
        int64_t integer;
        double real;
    };
};

// An exception thrown by managed code inside a callback; `id` finds it again on the managed side.
struct ManagedError : std::runtime_error {
    explicit ManagedError(int64_t id) : std::runtime_error("an exception in managed code"), id(id) {}
    int64_t id;
};

void remember(const std::string& message);
void remember(int64_t managed_exception);

template <typename F>
int32_t guard(F&& body) noexcept {
    try {
        body();
        return Ok;
    } catch (const ManagedError& e) {
        remember(e.id);
        return ManagedFailed;
    } catch (const c10::Error& e) {
        remember(e.what_without_backtrace());
    } catch (const std::exception& e) {
        remember(e.what());
    } catch (...) {
        remember("libtorch failed with something that is not an exception");
    }
    return Failed;
}

inline at::Tensor& tensor(void* handle) {
    return *static_cast<at::Tensor*>(handle);
}

inline void* hand_out(at::Tensor&& t) {
    return t.defined() ? new at::Tensor(std::move(t)) : nullptr;
}

}  // namespace shim
