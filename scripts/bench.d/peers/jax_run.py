"""The tutorial's run in JAX, epochs as one compiled loop: five of them with validation, then the test."""

import jax_model
from report import report

train, validation = jax_model.split()
data = jax_model.batches(*train)
layers = jax_model.parameters()
state = jax_model.OPTIMIZER.init(layers)
for _ in range(5):
    layers, state, _ = jax_model.scan(layers, state, *data)
    int(jax_model.correct(layers, *validation))
test = jax_model.part("t10k")
report("test", "1", [int(jax_model.correct(layers, *test)) / len(test[1])])
