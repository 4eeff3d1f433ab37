/// The only owner of threads; docs/kernels.md explains how work is split and why results do not depend on the number
/// of threads.
#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "levin_runtime.h"

enum {
  mostThreads = 64,
  spins = 1500,   // pauses before giving the processor away: some 50 µs
  yields = 1500,  // then turns given away before going to sleep: about 1 ms
};

/// The state of a slot's worker.
enum { offered = 1, taken = 2, done = 3 };

/// A thread's part in a job; the first is the caller's. Each slot has its own pair of cache lines, so that a thread
/// that waits or works does not disturb the others.
typedef struct {
  _Alignas(128) _Atomic uint64_t span;  // grains that have not been begun: first, and end in the upper half
  _Atomic int state;
  _Atomic bool asleep;
  bool exists;
  pthread_t thread;
  pthread_mutex_t mutex;
  pthread_cond_t wakeUp;
} Slot;

typedef struct {
  ptrdiff_t count, grain;
  int parts;
  void *context;
  void (*body)(void *context, ptrdiff_t begin, ptrdiff_t end);
} Job;

static Slot slots[mostThreads];
static Job job;                  // stable from the offer until each worker that took it is done
static _Atomic int threadCount;  // 0 until it is first needed
static _Atomic bool busy;        // held by the caller whose job is running
static bool watchesForks;

// MARK: Waiting

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

/// Spins at first; after a long wait it yields the processor, because the thread it waits for may have lost its own.
static inline void wait_a_turn(int *turns) {
  if (*turns < spins)
    pause_briefly();
  else
    sched_yield();
  ++*turns;
}

static void claim_scheduler(void) {
  int turns = 0;
  while (atomic_exchange_explicit(&busy, true, memory_order_acquire)) wait_a_turn(&turns);
}

static void release_scheduler(void) {
  atomic_store_explicit(&busy, false, memory_order_release);
}

// MARK: Work

static inline uint64_t span(uint64_t first, uint64_t end) { return first | end << 32; }

/// Runs the grains first..<end of the job.
static inline void run_grains(uint64_t first, uint64_t end) {
  ptrdiff_t stop = (ptrdiff_t)end * job.grain;
  job.body(job.context, (ptrdiff_t)first * job.grain, stop < job.count ? stop : job.count);
}

/// Takes half of the rest of a span, rounded up, and runs it: the front for the thread that owns the span, the back
/// for another. Returns false if nothing is left.
static bool run_half(Slot *slot, bool isOwn) {
  uint64_t left = atomic_load_explicit(&slot->span, memory_order_relaxed);
  uint64_t first, end, half;
  do {
    first = left & UINT32_MAX;
    end = left >> 32;
    half = (end - first + 1) / 2;
    if (half == 0) return false;
  } while (!atomic_compare_exchange_weak_explicit(
    &slot->span, &left, isOwn ? span(first + half, end) : span(first, end - half),
    memory_order_relaxed, memory_order_relaxed));
  isOwn ? run_grains(first, first + half) : run_grains(end - half, end);
  return true;
}

/// Runs the thread's own span, then helps the others with theirs. Returns once everything has been begun.
static void run_job(int part) {
  while (run_half(&slots[part], true)) continue;
  for (int other = 1; other < job.parts; other++)
    while (run_half(&slots[(part + other) % job.parts], false)) continue;
}

/// Returns once a job is offered: awake while more work is likely, then asleep.
static void wait_for_offer(Slot *slot) {
  for (int turns = 0; turns < spins + yields;) {
    if (atomic_load_explicit(&slot->state, memory_order_relaxed) == offered) return;
    wait_a_turn(&turns);
  }
  pthread_mutex_lock(&slot->mutex);
  atomic_store(&slot->asleep, true);
  while (atomic_load(&slot->state) != offered) pthread_cond_wait(&slot->wakeUp, &slot->mutex);
  atomic_store(&slot->asleep, false);
  pthread_mutex_unlock(&slot->mutex);
}

/// A job without a body ends the worker that takes it.
static void *work(void *argument) {
  int part = (int)(intptr_t)argument;
  Slot *slot = &slots[part];
  for (bool goesOn = true; goesOn;) {
    wait_for_offer(slot);
    int expected = offered;
    if (!atomic_compare_exchange_strong_explicit(
          &slot->state, &expected, taken, memory_order_acquire, memory_order_relaxed))
      continue;
    goesOn = job.body != NULL;
    if (goesOn) run_job(part);
    atomic_store_explicit(&slot->state, done, memory_order_release);
  }
  return NULL;
}

// MARK: Threads

/// In a forked child only the forking thread exists: it works alone from then on, and a job that was running in its
/// parent is not its own.
static void forget_threads(void) {
  for (int part = 1; part < mostThreads; part++) slots[part].exists = false;
  atomic_store(&threadCount, 1);
  atomic_store(&busy, false);
}

/// Starts the worker of `slot`. If the system refuses, the others do its part, as they do everything that has not
/// been begun.
static void start_worker(Slot *slot, int part) {
  if (!watchesForks) watchesForks = pthread_atfork(NULL, NULL, forget_threads) == 0;
  pthread_mutex_init(&slot->mutex, NULL);
  pthread_cond_init(&slot->wakeUp, NULL);
  atomic_store(&slot->asleep, false);
  atomic_store(&slot->state, done);
  // Signals are for the program's own threads.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  slot->exists = pthread_create(&slot->thread, NULL, work, (void *)(intptr_t)part) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
#if defined(__linux__)
  if (slot->exists) pthread_setname_np(slot->thread, "levin-kernels");
#endif
}

static void offer_job(Slot *slot) {
  atomic_store(&slot->state, offered);
  if (!slot->exists || !atomic_load(&slot->asleep)) return;
  pthread_mutex_lock(&slot->mutex);
  pthread_cond_signal(&slot->wakeUp);
  pthread_mutex_unlock(&slot->mutex);
}

static void stop_workers(void) {
  job = (Job){0};
  for (int part = 1; part < mostThreads; part++) {
    if (!slots[part].exists) continue;
    offer_job(&slots[part]);
    pthread_join(slots[part].thread, NULL);
    slots[part].exists = false;
  }
}

static int processors(void) {
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

static int clamped(long count) {
  return count < 1 ? 1 : count > mostThreads ? mostThreads : (int)count;
}

int levin_thread_count(void) {
  int count = atomic_load_explicit(&threadCount, memory_order_relaxed);
  if (count > 0) return count;
  const char *wish = getenv("LEVIN_THREADS");
  long wished = wish ? strtol(wish, NULL, 10) : 0;
  int chosen = clamped(wished >= 1 ? wished : processors());
  // The first thread to ask decides.
  return atomic_compare_exchange_strong(&threadCount, &count, chosen) ? chosen : count;
}

void levin_set_thread_count(int count) {
  claim_scheduler();
  stop_workers();
  atomic_store(&threadCount, clamped(count));
  release_scheduler();
}

void levin_parallel_for(
  ptrdiff_t count, ptrdiff_t grain, void *context,
  void (*body)(void *context, ptrdiff_t begin, ptrdiff_t end)) {
  if (count <= 0) return;
  int parts = count <= grain ? 1 : levin_thread_count();
  if (parts == 1 || atomic_exchange_explicit(&busy, true, memory_order_acquire)) {
    body(context, 0, count);
    return;
  }
  ptrdiff_t grains = (count + grain - 1) / grain;
  for (; grains > UINT32_MAX; grains = (grains + 1) / 2) grain *= 2;
  if (parts > grains) parts = (int)grains;
  job = (Job){count, grain, parts, context, body};
  for (int part = 1; part < parts; part++) {
    Slot *slot = &slots[part];
    uint64_t first = (uint64_t)(grains * part / parts), end = (uint64_t)(grains * (part + 1) / parts);
    atomic_store_explicit(&slot->span, span(first, end), memory_order_relaxed);
  }
  // The first half of the caller's own span is reserved for it.
  uint64_t end = (uint64_t)(grains / parts), half = (end + 1) / 2;
  atomic_store_explicit(&slots[0].span, span(half, end), memory_order_relaxed);
  for (int part = 1; part < parts; part++) {
    if (!slots[part].exists) start_worker(&slots[part], part);
    offer_job(&slots[part]);
  }
  run_grains(0, half);
  run_job(0);
  // All that remains is to wait for what the others have begun. A worker that has not started is not needed.
  for (int part = 1; part < parts; part++) {
    int expected = offered;
    if (atomic_compare_exchange_strong_explicit(
          &slots[part].state, &expected, done, memory_order_relaxed, memory_order_relaxed))
      continue;
    int turns = 0;
    while (atomic_load_explicit(&slots[part].state, memory_order_acquire) != done)
      wait_a_turn(&turns);
  }
  release_scheduler();
}
