"""The tutorial's model, data and training in JAX with Optax; NumPy arrays in the order of the split."""

from functools import partial

import jax
import jax.numpy as jnp
import mnist
import numpy as np
import optax

BATCH = 64
OPTIMIZER = optax.adam(1e-3)


def parameters() -> list:
    """PyTorch's initial weights: uniform, within one over the root of the number of inputs."""
    def linear(key, inputs, outputs):
        weights, bias = jax.random.split(key)
        bound = inputs ** -0.5
        return (jax.random.uniform(weights, (inputs, outputs), minval=-bound, maxval=bound),
                jax.random.uniform(bias, (outputs,), minval=-bound, maxval=bound))
    keys = jax.random.split(jax.random.key(42), 3)
    return [linear(key, *sizes) for key, sizes in zip(keys, [(784, 128), (128, 64), (64, 10)])]


def forward(layers, x):
    for weights, bias in layers[:-1]:
        x = jax.nn.relu(x @ weights + bias)
    weights, bias = layers[-1]
    return x @ weights + bias


def loss(layers, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(forward(layers, x), y).mean()


def one_step(layers, state, x, y):
    value, gradients = jax.value_and_grad(loss)(layers, x, y)
    updates, state = OPTIMIZER.update(gradients, state, layers)
    return optax.apply_updates(layers, updates), state, value


step = jax.jit(one_step, donate_argnums=(0, 1))


@partial(jax.jit, donate_argnums=(0, 1))
def scan(layers, state, images, labels):
    """A whole epoch in one compiled loop: images `[steps, 64, 784]`."""
    def body(carry, batch):
        layers, state, value = one_step(*carry, *batch)
        return (layers, state), value
    (layers, state), values = jax.lax.scan(body, (layers, state), (images, labels))
    return layers, state, values


@jax.jit
def correct(layers, images, labels):
    """All of a set at once, which is faster than batches."""
    return (forward(layers, images).argmax(1) == labels).sum()


def part(name: str) -> tuple[np.ndarray, np.ndarray]:
    return mnist.normalized(mnist.images(name)), mnist.labels(name).astype(np.int32)


def split():
    images, labels = part("train")
    order = mnist.order()
    train, validation = order[:mnist.TRAIN_COUNT], order[mnist.TRAIN_COUNT:]
    return (images[train], labels[train]), (images[validation], labels[validation])


def batches(images, labels):
    """On the device, for `scan`."""
    return jnp.asarray(images.reshape(-1, BATCH, 784)), jnp.asarray(labels.reshape(-1, BATCH))
