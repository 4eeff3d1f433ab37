#ifndef LEVIN_RUNTIME_H
#define LEVIN_RUNTIME_H

/// The base of the kernels and of everything that handles bytes: the machine's instruction set, the scheduler that
/// owns the threads, pooled memory, the state of a thread, checksums.
///
/// Every function may be called from any thread.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// MARK: Machine

/// The instruction sets for which kernels are written. `Plain` is C without intrinsics, for every machine.
typedef enum __attribute__((enum_extensibility(closed))) {
  LevinISAPlain = 0,
  LevinISAAvx2 = 1,
  LevinISAAvx512 = 2,
} LevinISA;

/// The instruction set in use: the one in the environment variable LEVIN_ISA (plain, avx2 or avx512) if the machine
/// has it, otherwise the best that the machine has.
LevinISA levin_isa(void);

/// Whether this machine can run `isa`.
bool levin_isa_available(LevinISA isa);

/// Uses `isa` from now on, in the whole process. Returns false, and changes nothing, if the machine does not have it.
/// Must not be called while a kernel runs.
bool levin_set_isa(LevinISA isa);

/// "plain", "avx2" or "avx512"; a constant string.
const char *levin_isa_name(LevinISA isa);

/// The number of threads that share large calls: LEVIN_THREADS if set to 1 or more, otherwise the number of
/// processors that this process may run on. At least 1, the caller itself.
int levin_thread_count(void);

/// Uses `count` threads (clamped to 1…64) from now on. Threads start when first needed. Waits for a
/// running call to end.
void levin_set_thread_count(int count);

/// Calls `body(context, begin, end)` for disjoint ranges that cover 0..<count and returns when all calls have
/// returned. Ranges are cut at multiples of `grain` (1 or more). Each thread has its own share, of equal length up to
/// rounding, beginning with the caller's: with the same count and grain, the same thread begins with the same rows
/// each time and finds them in its cache. It takes its share in pieces, each the first half of the rest; a thread
/// that is done takes from the end of the others' shares. If count <= grain, if the scheduler is busy, or inside
/// another `body`, there is one range, run by the caller.
void levin_parallel_for(
  ptrdiff_t count, ptrdiff_t grain, void *_Nullable context,
  void (*body)(void *_Nullable context, ptrdiff_t begin, ptrdiff_t end));

// MARK: Memory

/// Returns memory for `bytes` bytes, aligned to 64: a block that was given back, or a new one; null if the system has
/// none. The content is undefined.
void *_Nullable levin_take_memory(size_t bytes);

/// Gives back memory that was taken for `bytes` bytes. Up to 1 GiB of blocks of up to 64 MiB is kept for reuse; the
/// rest is returned to the system. Any thread may call it.
void levin_give_memory_back(void *memory, size_t bytes);

/// The bytes that are currently taken, and the most that ever were.
typedef struct {
  ptrdiff_t bytes;
  ptrdiff_t peak;
} LevinMemoryUse;

LevinMemoryUse levin_memory_use(void);

/// Resets the peak to the bytes that are currently taken.
void levin_reset_peak_memory_use(void);

/// Asks the system for pages of 2 MiB within the `bytes` bytes at `start`. To be called before the memory is first
/// written; does nothing else, and nothing at all if there are no such pages.
void levin_prefer_large_pages(void *start, size_t bytes);

/// Calls `body(context)`, which fills the `bytes` bytes at `start` from first to last, while another thread, if one
/// is free, makes the system provide the pages ahead of it. It does not change their contents.
void levin_while_populating(void *start, size_t bytes, void *context, void (*body)(void *context));

// MARK: Threads' own state

/// The state of a thread that every operation on tensors reads. It is in C because a thread-local variable there
/// costs one load; an object behind a key costs a twentieth of an operation.
typedef struct {
  bool isPaused;      ///< Operations are not recorded.
  bool isObserved;    ///< Operations are reported to the thread's observers.
  uint64_t sequence;  ///< The number of the operation recorded last.
  void *_Nullable device;  ///< The default for new tensors; null for the host.
} LevinTape;

extern _Thread_local LevinTape levin_thread_tape;

/// The state of the calling thread.
static inline LevinTape *levin_tape(void) { return &levin_thread_tape; }

extern uint8_t levin_default_type_number;

/// The raw value of the default dtype of floating-point tensors; one for the process.
static inline uint8_t levin_default_type(void) {
  return __atomic_load_n(&levin_default_type_number, __ATOMIC_RELAXED);
}

static inline void levin_set_default_type(uint8_t number) {
  __atomic_store_n(&levin_default_type_number, number, __ATOMIC_RELAXED);
}

// MARK: Checksums

/// CRC-32C (Castagnoli) of `count` bytes, continuing from `crc` (0 at the start).
uint32_t levin_crc32c(uint32_t crc, const void *bytes, size_t count);

/// Continues `*crc` (0 at the start), the CRC-32 of gzip, zip and PNG, with `count` bytes. Returns false, and changes
/// nothing, if the processor has no fast way, or none for so few bytes: then zlib's is as good.
bool levin_crc32(uint32_t *crc, const void *bytes, size_t count);

#pragma clang assume_nonnull end

#endif
