extension TrainerConfiguration {
  /// The doc comments of the properties, for `--help`; a test checks that the two agree.
  public static var help: [String: String] {
    [
      "max_epochs":
        "Stop after this many epochs; -1: no limit; null: 1000, or no limit if max_steps "
        + "or max_time is set.",
      "min_epochs":
        "Do not stop early before this many epochs; null: no minimum.",
      "max_steps":
        "Stop after this many optimizer steps; -1: no limit.",
      "min_steps":
        "Do not stop early before this many optimizer steps; null: no minimum.",
      "max_time":
        "Stop after this time of training, earlier runs included: DD:HH:MM:SS; null: no limit.",
      "limit_train_batches":
        "Training batches in an epoch: a count, such as 10, or a fraction, such as 0.25; 1.0: "
        + "all.",
      "limit_val_batches":
        "Batches in a validation: a count or a fraction; 1.0: all; 0: no validation.",
      "limit_test_batches":
        "Batches in a test: a count or a fraction; 1.0: all.",
      "limit_predict_batches":
        "Batches in a prediction: a count or a fraction; 1.0: all.",
      "val_check_interval":
        "How often to validate within an epoch: a fraction, such as 0.25, a count of batches, or a "
        + "time, DD:HH:MM:SS; 1.0: at its end.",
      "check_val_every_n_epoch":
        "Validate in every n-th epoch; null: count the batches of val_check_interval across epochs.",
      "num_sanity_val_steps":
        "Validation batches to try before the training; 0: none; -1: all.",
      "log_every_n_steps":
        "Write the metrics of every n-th training step; 0: of none.",
      "x_axis":
        "The x-axis of metrics of an epoch, also of validations and tests: step or epoch.",
      "accumulate_grad_batches":
        "Batches whose gradients are averaged for one optimizer step.",
      "gradient_clip_val":
        "The largest norm, or absolute value, of the gradients; 0 or null: no limit.",
      "gradient_clip_algorithm":
        "What gradient_clip_val limits: the norm of all gradients together, or the value of "
        + "each element.",
      "fast_dev_run":
        "Run this many batches of each loop once, without a logger or checkpoints, to check "
        + "that everything works; true: 1; 0: off.",
      "overfit_batches":
        "Train and validate on this part of the batches only: a count or a fraction; 0.0: "
        + "off.",
      "reload_dataloaders_every_n_epochs":
        "Ask for new loaders after this many epochs; 0: never.",
      "randomness":
        "Whether validations change the random numbers of the training, as in Lightning (torch), or "
        + "not (isolated).",
      "precision":
        "The numbers that parameters and batches are computed in.",
      "accelerator":
        "The processor to train on: auto or cpu.",
      "devices":
        "How many of them: auto or 1.",
      "threads":
        "Threads that share large computations; null: one a core.",
      "default_root_dir":
        "The folder in which lightning_logs is created; null: the working directory.",
      "logger":
        "Write a run folder for TensorBoard.",
      "enable_progress_bar":
        "Show a progress bar.",
      "enable_model_summary":
        "Print the layers before the training.",
      "enable_checkpointing":
        "Write checkpoints.",
      "profiler":
        "Measure what the run does: simple, a table of times, or advanced, with a trace of each "
        + "operation; null: off.",
      "detect_anomaly":
        "Look for NaN in each training step and its gradients, and report the operation and "
        + "the layer that produced the first one; slow.",
      "barebones":
        "Leave out everything but the training itself: logger, checkpoints, progress bar, summary, "
        + "sanity check and log.",
    ]
  }
}
