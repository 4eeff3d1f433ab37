/// Memory for tensors: freed blocks are kept by size and reused, because training steps need the same sizes again and
/// again.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "levin_runtime.h"

enum { alignment = 64, sizes = 64, page = 4096, largePage = 2 << 20 };
static const size_t largest = 64u << 20;  // block that is kept; larger ones are returned to the system
static const size_t mostKept = 1u << 30;

/// A free block begins with a pointer to the next free one of its size.
typedef struct Block {
  struct Block *next;
} Block;

static Block *blocks[sizes];  // under the lock, as are `kept` and `use`
static size_t kept;
static LevinMemoryUse use;
static atomic_flag isLocked = ATOMIC_FLAG_INIT;

static void lock(void) {
  // Held for only a few instructions; a long wait means that the holder lost its processor.
  while (atomic_flag_test_and_set_explicit(&isLocked, memory_order_acquire)) sched_yield();
}
static void unlock(void) { atomic_flag_clear_explicit(&isLocked, memory_order_release); }

/// A forked child gets the pool in a consistent state, whatever other threads were doing.
__attribute__((constructor)) static void watch_forks(void) { pthread_atfork(lock, unlock, unlock); }

/// Must be called with the lock held.
static inline void count_taken(size_t bytes) {
  use.bytes += (ptrdiff_t)bytes;
  if (use.bytes > use.peak) use.peak = use.bytes;
}

/// Sizes of blocks are powers of two and the midpoints between them.
static int size_index(size_t bytes, size_t *capacity) {
  size_t least = bytes < alignment ? alignment : bytes;
  int exponent = 64 - __builtin_clzll(least - 1);
  size_t whole = (size_t)1 << exponent, middle = whole / 4 * 3;
  *capacity = least <= middle ? middle : whole;
  return 2 * exponent - (least <= middle);
}

/// Medium blocks begin at three places of a page in turn, far from each other. A kernel that reads one block a little
/// behind the place at which it writes another one would wait each time: the processor compares a load with the stores
/// before it by the lowest 12 bits of the address.
enum { leastMedium = 64 << 10, leastLarge = 2 * largePage, places = 3, distance = 21 * alignment };

static bool is_medium(size_t capacity) { return capacity >= leastMedium && capacity < leastLarge; }

/// Returns null if the system has no more.
static void *fresh_block(size_t capacity) {
  static _Atomic unsigned count;
  void *fresh = NULL;
  if (is_medium(capacity)) {
    if (posix_memalign(&fresh, page, capacity + page) != 0) return NULL;
    return (char *)fresh + atomic_fetch_add(&count, 1) % places * distance;
  }
  bool isLarge = capacity >= leastLarge;
  if (posix_memalign(&fresh, isLarge ? largePage : alignment, capacity) != 0) return NULL;
  // Otherwise code that steps across the rows would wait for the page tables.
  if (isLarge) levin_prefer_large_pages(fresh, capacity);
  return fresh;
}

static void free_block(void *memory, size_t capacity) {
  free(is_medium(capacity) ? (void *)((uintptr_t)memory / page * page) : memory);
}

void *levin_take_memory(size_t bytes) {
  size_t capacity = bytes;
  if (bytes <= largest) {
    int index = size_index(bytes, &capacity);
    lock();
    Block *block = blocks[index];
    if (block) {
      blocks[index] = block->next;
      kept -= capacity;
      count_taken(bytes);
    }
    unlock();
    if (block) return block;
  }
  void *fresh = fresh_block(capacity);
  if (!fresh) return NULL;
  lock();
  count_taken(bytes);
  unlock();
  return fresh;
}

void levin_give_memory_back(void *memory, size_t bytes) {
  size_t capacity = bytes;
  if (bytes <= largest) {
    int index = size_index(bytes, &capacity);
    lock();
    use.bytes -= (ptrdiff_t)bytes;
    bool hasRoom = kept + capacity <= mostKept;
    if (hasRoom) {
      Block *block = memory;
      block->next = blocks[index];
      blocks[index] = block;
      kept += capacity;
    }
    unlock();
    if (hasRoom) return;
  } else {
    lock();
    use.bytes -= (ptrdiff_t)bytes;
    unlock();
  }
  free_block(memory, capacity);
}

LevinMemoryUse levin_memory_use(void) {
  lock();
  LevinMemoryUse now = use;
  unlock();
  return now;
}

void levin_reset_peak_memory_use(void) {
  lock();
  use.peak = use.bytes;
  unlock();
}
