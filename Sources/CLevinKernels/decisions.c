/// Decisions and their targets, for metrics: counting them, and sorting them by score.
#include <string.h>

#include "kernels.h"

enum {
  smallBatch = 1 << 13,  ///< decisions that stay on one thread
  unit = 1 << 8,         ///< decisions made at a time
  group = 16,            ///< classes whose scores are transposed at a time
  wideRow = 64,          ///< classes from which on each row of scores is searched on its own
  mostCells = 1 << 12,   ///< the most counters that each thread has of its own
};

// MARK: Counting

typedef struct {
  const LevinDecisions *d;
  const LevinKernels *kernels;
  bool countsPairs;    ///< of target and class; otherwise a class's hits, predictions and targets
  ptrdiff_t cellCount;
  int64_t *cells;
  _Atomic bool isWrong;  ///< a label is out of range
} Count;

/// The classes of decisions that are adjacent in memory: up to `unit` of them, with points > 1 all of one image.
static void decide(const Count *c, ptrdiff_t first, ptrdiff_t count, int64_t *found) {
  const LevinDecisions *d = c->d;
  if (d->labels) {
    memcpy(found, d->labels + first, (size_t)count * sizeof(int64_t));
    return;
  }
  const float *x = d->scores + first / d->points * d->classes * d->points + first % d->points;
  if (d->points == 1 && d->classes >= wideRow) {
    for (ptrdiff_t i = 0; i < count; i++) found[i] = c->kernels->index_of_max(d->classes, x + i * d->classes);
    return;
  }
  float best[unit], room[group * unit];
  for (ptrdiff_t begin = 0; begin < d->classes; begin += group) {
    ptrdiff_t width = at_most(d->classes - begin, group), step = d->points;
    const float *scores = x + begin * d->points;
    if (d->points == 1) {
      c->kernels->transpose_any(sizeof(float), count, width, scores, d->classes, room, unit);
      scores = room;
      step = unit;
    }
    for (ptrdiff_t i = 0; i < width; i++, scores += step) {
      if (begin + i == 0) {
        memcpy(best, scores, (size_t)count * sizeof(float));
        memset(found, 0, (size_t)count * sizeof(int64_t));
      } else {
        c->kernels->find_in_row[LevinComputeFloat32](true, count, scores, begin + i, best, found);
      }
    }
  }
}

static bool count_classes(const Count *c, ptrdiff_t begin, ptrdiff_t end, int64_t *cells) {
  const LevinDecisions *d = c->d;
  uint64_t classes = (uint64_t)d->classes;
  bool isWrong = false;
  int64_t found[unit];
  for (ptrdiff_t count; begin < end; begin += count) {
    count = at_most(end - begin, unit);
    if (d->points > 1) count = at_most(count, d->points - begin % d->points);
    decide(c, begin, count, found);
    for (ptrdiff_t i = 0; i < count; i++) {
      int64_t target = d->targets[begin + i];
      uint64_t t = (uint64_t)target, p = (uint64_t)found[i];
      bool isIgnored = d->ignores && target == d->ignored;
      if (p >= classes || (t >= classes && !isIgnored)) {
        isWrong = true;
      } else if (isIgnored) {
        continue;
      } else if (c->countsPairs) {
        cells[t * classes + p]++;
      } else {
        cells[4 * t] += t == p;
        cells[4 * p + 1]++;
        cells[4 * t + 2]++;
      }
    }
  }
  return isWrong;
}

static bool count_flags(const Count *c, ptrdiff_t begin, ptrdiff_t end, int64_t *cells) {
  const LevinDecisions *d = c->d;
  bool isWrong = false;
  ptrdiff_t label = begin / d->points % d->classes, left = d->points - begin % d->points;
  for (ptrdiff_t i = begin; i < end; i++) {
    int64_t target = d->targets[i];
    uint64_t t = (uint64_t)target, p = d->scores ? d->scores[i] > d->threshold : (uint64_t)d->labels[i];
    bool isIgnored = d->ignores && target == d->ignored;
    if (p > 1 || (t > 1 && !isIgnored))
      isWrong = true;
    else if (!isIgnored)
      cells[label * 4 + (ptrdiff_t)(t * 2 + p)]++;
    if (--left > 0) continue;
    left = d->points;
    label = label + 1 == d->classes ? 0 : label + 1;
  }
  return isWrong;
}

/// Adds to cells; returns whether a label is out of range.
static bool count_range(const Count *c, ptrdiff_t begin, ptrdiff_t end, int64_t *cells) {
  return c->d->isMulticlass ? count_classes(c, begin, end, cells) : count_flags(c, begin, end, cells);
}

static void count_part(void *context, ptrdiff_t begin, ptrdiff_t end) {
  Count *c = context;
  int64_t own[mostCells];
  memset(own, 0, (size_t)c->cellCount * sizeof(int64_t));
  if (count_range(c, begin, end, own)) c->isWrong = true;
  for (ptrdiff_t i = 0; i < c->cellCount; i++)
    if (own[i]) __atomic_fetch_add(&c->cells[i], own[i], __ATOMIC_RELAXED);
}

/// Sets cells; returns whether all labels are in range.
static bool count_all(Count *c) {
  const LevinDecisions *d = c->d;
  c->kernels = levin_kernels();
  ptrdiff_t count = d->batch * d->points * (d->isMulticlass ? 1 : d->classes);
  memset(c->cells, 0, (size_t)c->cellCount * sizeof(int64_t));
  if (count == 0) return true;
  if (count <= smallBatch || c->cellCount > mostCells) return !count_range(c, 0, count, c->cells);
  levin_parallel_for(count, smallBatch, c, count_part);
  return !c->isWrong;
}

bool levin_decision_matrix(const LevinDecisions *decisions, int64_t *matrix) {
  ptrdiff_t classes = decisions->classes;
  Count c = {
    .d = decisions, .countsPairs = true, .cells = matrix,
    .cellCount = decisions->isMulticlass ? classes * classes : 4 * classes};
  return count_all(&c);
}

bool levin_decision_counts(const LevinDecisions *decisions, int64_t *counts) {
  ptrdiff_t classes = decisions->classes;
  Count c = {.d = decisions, .cells = counts, .cellCount = 4 * classes};
  bool isRight = count_all(&c);
  int64_t total = 0;
  for (ptrdiff_t k = 0; k < classes; k++) total += counts[4 * k + 2];
  for (int64_t *n = counts; n < counts + 4 * classes; n += 4) {
    int64_t hits, wrong, missed, rest;
    if (decisions->isMulticlass) {
      hits = n[0];
      wrong = n[1] - hits;
      missed = n[2] - hits;
      rest = total - hits - wrong - missed;
    } else {
      rest = n[0];
      wrong = n[1];
      missed = n[2];
      hits = n[3];
    }
    n[0] = hits;
    n[1] = wrong;
    n[2] = rest;
    n[3] = missed;
  }
  return isRight;
}

// MARK: Checks

bool levin_is_within_unit(ptrdiff_t count, const float *x) {
  enum { block = 1 << 12 };
  const LevinKernels *kernels = levin_kernels();
  for (ptrdiff_t i = 0; i < count; i += block) {
    ptrdiff_t n = at_most(count - i, block);
    // With a NaN both extremes are NaN.
    bool isWithin = kernels->fold_f32(LevinReductionMinimum, n, x + i) >= 0 &&
                    kernels->fold_f32(LevinReductionMaximum, n, x + i) <= 1;
    if (!isWithin) return false;
  }
  return true;
}

bool levin_are_labels(ptrdiff_t count, const int64_t *labels, int64_t below, const int64_t *ignored) {
  bool areLabels = true;
  for (ptrdiff_t i = 0; i < count; i++)
    areLabels &= (uint64_t)labels[i] < (uint64_t)below || (ignored && labels[i] == *ignored);
  return areLabels;
}

// MARK: Scores of one class

/// A decision as a number that is ordered as its score, with -0 equal to 0; the lowest bit is set for a target.
static inline uint64_t key_of(float score, bool isTarget) {
  uint32_t bits;
  score += 0.0f;
  memcpy(&bits, &score, sizeof(bits));
  bits = bits >> 31 ? ~bits : bits | 0x80000000u;
  return (uint64_t)bits << 1 | isTarget;
}

float levin_score_of_key(uint64_t key) {
  uint32_t bits = (uint32_t)(key >> 1);
  bits = bits >> 31 ? bits & 0x7fffffffu : ~bits;
  float score;
  memcpy(&score, &bits, sizeof(score));
  return score;
}

ptrdiff_t levin_rank_scores(const LevinScores *s, uint64_t *keys, uint64_t *room) {
  enum { few = 64, bits = 11, digits = 3, places = 1 << bits };
  // After three passes from one array to the other, the keys are in the right one.
  ptrdiff_t count = 0;
  for (ptrdiff_t i = 0; i < s->count; i++) {
    int64_t target = s->targets[i * s->targetStep];
    room[count] = key_of(s->scores[i * s->step], target == s->positive);
    count += !(s->ignores && target == s->ignored);
  }
  if (count <= few) {
    for (ptrdiff_t i = 0; i < count; i++) {
      ptrdiff_t j = i;
      for (; j > 0 && keys[j - 1] > room[i]; j--) keys[j] = keys[j - 1];
      keys[j] = room[i];
    }
    return count;
  }
  // Of 32 bits, so that they fit the first-level cache.
  uint32_t counts[digits][places];
  memset(counts, 0, sizeof(counts));
  for (ptrdiff_t i = 0; i < count; i++)
    for (int d = 0; d < digits; d++) counts[d][room[i] >> (d * bits) & (places - 1)]++;
  for (int d = 0; d < digits; d++) {
    uint32_t place = 0;
    for (int b = 0; b < places; b++) {
      uint32_t n = counts[d][b];
      counts[d][b] = place;
      place += n;
    }
    for (ptrdiff_t i = 0; i < count; i++)
      keys[counts[d][room[i] >> (d * bits) & (places - 1)]++] = room[i];
    uint64_t *swapped = keys;
    keys = room;
    room = swapped;
  }
  return count;
}

LevinROCArea levin_roc_area(ptrdiff_t count, const uint64_t *keys) {
  LevinROCArea roc = {0};
  // The counts at the last distinct score; between two of them the curve is a line.
  int64_t lastTargets = 0, lastOthers = 0;
  for (ptrdiff_t i = count - 1; i >= 0; i--) {
    roc.targets += keys[i] & 1;
    roc.others += ~keys[i] & 1;
    if (i > 0 && keys[i - 1] >> 1 == keys[i] >> 1) continue;
    roc.twiceArea += (roc.others - lastOthers) * (roc.targets + lastTargets);
    lastTargets = roc.targets;
    lastOthers = roc.others;
  }
  return roc;
}

void levin_count_reached(
  const LevinScores *s, ptrdiff_t limitCount, const float *limits, int64_t *reached) {
  memset(reached, 0, (size_t)(2 * (limitCount + 1)) * sizeof(int64_t));
  for (ptrdiff_t i = 0; i < s->count; i++) {
    int64_t target = s->targets[i * s->targetStep];
    if (s->ignores && target == s->ignored) continue;
    float score = s->scores[i * s->step];
    ptrdiff_t low = 0, high = limitCount;
    while (low < high) {
      ptrdiff_t middle = (low + high) / 2;
      if (score >= limits[middle])
        low = middle + 1;
      else
        high = middle;
    }
    reached[2 * low + (target == s->positive)]++;
  }
}
