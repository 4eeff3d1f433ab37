internal import Levin

extension DigitModule.Hyperparameters {
  public static var help: [String: String] { ["learning_rate": "Adam's step size."] }
}

extension DigitDataModule.Hyperparameters {
  public static var help: [String: String] {
    [
      "dataset": "The images; strokes are drawn by code and need no file.",
      "root": "Folder with MNIST/raw, or with the files themselves; LEVIN_MNIST takes precedence.",
      "mirror": "Address to try first for downloads: http://, https:// or file://.",
      "batch_size": "Images per batch.",
      "num_workers": "Threads that load ahead; 0 is fastest for images in memory.",
    ]
  }

  public static var settings: Set<String> { ["root", "mirror", "num_workers"] }

  public func validate() throws {
    try require("data.batch_size", batchSize, atLeast: 1)
    try require("data.num_workers", numWorkers, atLeast: 0)
  }
}
