internal import Levin

extension DigitModule.Hyperparameters {
  public static var help: [String: String] { ["learning_rate": "Adam's step size."] }
}

extension DigitDataModule.Hyperparameters {
  public static var help: [String: String] {
    [
      "dataset": "Which images; strokes are drawn by code and need no file.",
      "root": "Folder that has MNIST/raw, or the files themselves; LEVIN_MNIST goes before it.",
      "mirror": "Address to download from before all others: http://, https:// or file://.",
      "batch_size": "Images in a step.",
      "num_workers": "Threads that fetch ahead; 0 is fastest for images in memory.",
    ]
  }

  public static var settings: Set<String> { ["root", "mirror", "num_workers"] }

  public func validate() throws {
    try require("data.batch_size", batchSize, atLeast: 1)
    try require("data.num_workers", numWorkers, atLeast: 0)
  }
}
