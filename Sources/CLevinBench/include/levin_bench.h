#ifndef LEVIN_BENCH_H
#define LEVIN_BENCH_H

/// How many floating-point operations a core can do: loops of fused multiply-adds on registers alone.

/// Does about `operations` floating-point operations (a fused multiply-add of one element counts
/// as two) with the widest vectors that the machine has, and returns how many they were.
double levin_bench_multiply_add(double operations);

#endif
