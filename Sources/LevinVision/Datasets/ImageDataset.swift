public import LevinData
internal import LevinSystem

/// Datasets of 28×28 gray images in ten classes, by name.
public enum ImageDataset: String, Sendable, Codable, CaseIterable {
  /// Handwritten digits (LeCun, Cortes, Burges).
  case mnist
  /// Photographs of clothes (Xiao, Rasul, Vollgraf, 2017).
  case fashionMNIST = "fashion_mnist"
  /// Handwritten Japanese characters (Clanuwat and others, 2018).
  case kmnist
  /// Digits drawn by code (``Strokes``), without files or network.
  case strokes

  /// The common name, which is also the name of torchvision's folder.
  public var name: String {
    switch self {
    case .mnist: "MNIST"
    case .fashionMNIST: "FashionMNIST"
    case .kmnist: "KMNIST"
    case .strokes: "Strokes"
    }
  }

  /// Opens the training or the test images.
  ///
  /// Files are searched for below `root` in torchvision's layout (`FashionMNIST/raw`); for MNIST also in `raw` and
  /// flat, and below the folder in the environment variable `LEVIN_MNIST`. Throws if they are missing, unreadable or
  /// damaged.
  public func open(
    root: String, train: Bool, transform: Compose
  ) throws -> any Dataset<LabeledImages> {
    if self == .strokes { return Strokes(train: train, transform: transform) }
    return try ByteImages(.configured(name: name, root: root), train: train, transform)
  }

  /// Opens the training and the test images at the same time, as ``open(root:train:transform:)`` does.
  ///
  /// A folder may hold the training files alone: the test images are nil if they cannot be opened.
  public func openBoth(
    root: String, transform: Compose
  ) throws -> (train: any Dataset<LabeledImages>, test: (any Dataset<LabeledImages>)?) {
    let sets = concurrentMap([true, false]) { isTrain in
      Result { try open(root: root, train: isTrain, transform: transform) }
    }
    return (try sets[0].get(), try? sets[1].get())
  }
}
