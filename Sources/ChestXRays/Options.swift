internal import Levin

extension CheXpertModule.Hyperparameters {
  public static var help: [String: String] {
    [
      "tasks": "The findings to predict; the same as the data's.",
      "criterion":
        "The loss of the predicted probabilities; MaskedBCELoss leaves out labels that are nothing.",
      "learning_rate": "Adam's step size.",
      "weights":
        "File with torchvision's weights of densenet121, such as densenet121-a639ec97.pth; the classifier is not taken from it.",
      "view_pooling": "How a study's score is made of the scores of its images.",
    ]
  }

  public static var settings: Set<String> { ["weights"] }

  public func validate() throws {
    try require("model.learning_rate", learningRate, atLeast: 0)
    try requireTasks("model.tasks", tasks)
  }
}

extension CheXpertDataModule.Hyperparameters {
  public static var help: [String: String] {
    [
      "dataset": "The dataset whose folders and tables to read.",
      "data_path":
        "The folder above CheXpert-v1.0-small (or MIMIC-CXR's tables), or the dataset's folder itself.",
      "tasks": "The findings to predict.",
      "views": "The images to use.",
      "uncertain": "What uncertain labels are in training: 0, 1, or nothing.",
      "uncertain_ones": "Tasks whose uncertain labels are 1, whatever uncertain says.",
      "uncertain_zeros": "Tasks whose uncertain labels are 0, whatever uncertain says.",
      "uncertain_ignored": "Tasks whose uncertain labels are nothing, whatever uncertain says.",
      "unmentioned": "What blanks are: 0, or nothing.",
      "validation_fraction":
        "Share of the training patients that validate; 0: the official validation set does.",
      "image_size": "Height and width of the images for the model, in pixels.",
      "augment": "Whether training images are turned, shifted and scaled a little.",
      "balance":
        "Whether images are drawn so that present and absent findings are about equally often.",
      "damaged": "What to do with a file that is missing or damaged.",
      "batch_size": "Images per batch.",
      "num_workers": "Threads that decode images ahead of the training.",
    ]
  }

  public static var settings: Set<String> { ["data_path", "num_workers"] }

  public func validate() throws {
    try requireTasks("data.tasks", tasks)
    try require("data.validation_fraction", validationFraction, in: 0...0.9)
    try require("data.image_size", imageSize, atLeast: 32)
    try require("data.batch_size", batchSize, atLeast: 1)
    try require("data.num_workers", numWorkers, atLeast: 0)
  }
}

extension HyperparameterSet {
  fileprivate func requireTasks(_ key: String, _ tasks: [ChestFinding]) throws {
    guard tasks.isEmpty || Set(tasks).count < tasks.count else { return }
    throw ConfigError(
      "\(key): found \(tasks.map(\.rawValue)); expected one or more findings, each once", key: key)
  }
}
