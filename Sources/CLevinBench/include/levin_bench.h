#ifndef LEVIN_BENCH_H
#define LEVIN_BENCH_H

/// Measures how many floating-point operations a core can do, with loops of fused multiply-adds on registers only.

/// Does about `operations` floating-point operations (a fused multiply-add of one element counts as two) with the
/// widest vectors of the machine, and returns how many it did.
double levin_bench_multiply_add(double operations);

#endif
