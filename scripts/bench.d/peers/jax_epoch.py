"""A training epoch in JAX. usage: jax_epoch.py steps|scan all|one COUNT        one: pinned to one core"""

import os
import sys

how, cores, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
if cores == "one":
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import jax
import jax_model
from report import elapsed, report

(images, labels), (validation_images, validation_labels) = jax_model.split()
layers = jax_model.parameters()
state = jax_model.OPTIMIZER.init(layers)
if how == "scan":
    data = jax_model.batches(images, labels)


def epoch():
    global layers, state
    if how == "scan":
        layers, state, _ = jax_model.scan(layers, state, *data)
    else:
        for start in range(0, len(images), jax_model.BATCH):
            end = start + jax_model.BATCH
            layers, state, _ = jax_model.step(layers, state, images[start:end], labels[start:end])
    jax.block_until_ready(layers)


epoch()
seconds = [elapsed(epoch) for _ in range(count)]
accuracy = int(jax_model.correct(layers, validation_images, validation_labels)) / len(validation_labels)
report("epoch", "s", seconds, {"validation_accuracy": accuracy})
