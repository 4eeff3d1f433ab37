extension LightningKey {
  /// The keys of Lightning 2.6 that Levin does not have.
  static let all: [LightningKey] = [
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
