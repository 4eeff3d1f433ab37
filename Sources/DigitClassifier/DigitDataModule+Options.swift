internal import Levin

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

  public func validate() throws {
    guard batchSize >= 1 else {
      throw ConfigError("data.batch_size: found \(batchSize); expected at least 1")
    }
    guard numWorkers >= 0 else {
      throw ConfigError("data.num_workers: found \(numWorkers); expected at least 0")
    }
  }
}
