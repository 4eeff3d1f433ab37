extension LightningKey {
  /// The keys of Lightning 2.6 and of torch's loaders that Levin does not have.
  static let all: [LightningKey] =
    settings + loaderArguments.map { LightningKey("data.\($0)", nil, "leave it out") }

  /// Arguments of torch's loader that change nothing here.
  ///
  /// Workers are threads, and their batches are not copied to another device. A data module that has one of these uses it.
  static let loaderArguments = [
    "pin_memory", "pin_memory_device", "persistent_workers", "prefetch_factor",
    "multiprocessing_context",
  ]

  private static let settings: [LightningKey] = [
    .init("trainer.strategy", ["auto"], "Levin trains in one process; leave it out"),
    .init("trainer.num_nodes", ["1"], "Levin trains on one machine; leave it out"),
    .init(
      "trainer.deterministic", ["null", "false", "true", "warn"],
      "Levin always computes the same results from the same seed; leave it out"),
    .init("trainer.benchmark", ["null", "false", "true"], "it is cuDNN's; leave it out"),
    .init(
      "trainer.inference_mode", ["true", "false"],
      "Levin records no gradients outside training; leave it out"),
    .init(
      "trainer.use_distributed_sampler", ["true", "false"],
      "Levin trains in one process; leave it out"),
    .init("trainer.plugins", ["null", "[]"], "Levin has no plugins; leave it out"),
    .init(
      "trainer.sync_batchnorm", ["false", "true"], "Levin trains in one process; leave it out"),
    .init(
      "trainer.enable_autolog_hparams", ["true"],
      "Levin always writes the hyperparameters; leave it out"),
    .init("trainer.model_registry", ["null"], "Levin has no model registry; leave it out"),
    .init(
      "weights_only", ["null", "false", "true"],
      "a checkpoint is a safetensors file, which contains no code; leave it out"),
    .init("verbose", ["true"], "Levin always prints the results; leave it out"),
    .init(
      "return_predictions", ["null", "true", "false"], "Levin prints the predictions; leave it out"),
  ]
}
