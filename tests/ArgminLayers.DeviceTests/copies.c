/* Counts the copies from the device to the host that a process asks of the CUDA runtime: built by run-cuda.sh, loaded with LD_PRELOAD, read by CopyTests. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

static const int device_to_host = 2;
static atomic_long copies;

typedef int (*copy_function)(void *to, const void *from, size_t bytes, int kind, void *stream);

int cudaMemcpyAsync(void *to, const void *from, size_t bytes, int kind, void *stream) {
    static copy_function next;
    if (!next) next = (copy_function)dlsym(RTLD_NEXT, "cudaMemcpyAsync");
    if (kind == device_to_host) copies++;
    return next(to, from, bytes, kind, stream);
}

long copies_to_host(void) { return copies; }
