/// A downloadable file with its expected size and SHA-256.
struct RemoteFile: Sendable, Hashable {
  /// The name, appended to a mirror's address.
  let name: String
  let byteCount: Int
  /// The SHA-256 as 64 lower-case hexadecimal digits.
  let sha256: String
}

extension ImageDataset {
  /// The mirrors of the dataset's files, each address ending in `/`.
  var mirrors: [String] {
    switch self {
    case .mnist:
      [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
      ]
    case .fashionMNIST: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]
    case .kmnist: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"]
    case .strokes: []
    }
  }

  /// The files of the dataset.
  ///
  /// Sizes and hashes of MNIST were measured; those of the others are published by both torchvision and TensorFlow
  /// Datasets.
  var remoteFiles: [RemoteFile] {
    let parts: [(Int, String)] =
      switch self {
      case .mnist:
        [
          (9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
          (28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
          (1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
          (4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
        ]
      case .fashionMNIST:
        [
          (26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
          (29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
          (4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
          (5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ]
      case .kmnist:
        [
          (18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
          (29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
          (3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
          (5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
        ]
      case .strokes: []
      }
    let names = [true, false].flatMap {
      [MNISTFiles.imagesFile(train: $0), MNISTFiles.labelsFile(train: $0)]
    }
    return zip(names, parts).map {
      RemoteFile(name: $0 + ".gz", byteCount: $1.0, sha256: $1.1)
    }
  }
}
