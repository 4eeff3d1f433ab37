internal import LevinFormats
internal import LevinSystem

/// The four files of MNIST, or of a dataset in the same format, and where they are.
struct MNISTFiles {
  /// The dataset's name, which is also the name of its folder in torchvision's layout.
  let name: String
  /// The folders to search, in order.
  let folders: [String]

  /// The files below `root`, or for MNIST below the folder in the environment variable `LEVIN_MNIST` if it is set.
  ///
  /// Throws if either is a file, or if the variable names nothing: a download creates the root, but a variable that
  /// names nothing is a typo.
  static func configured(name: String, root: String) throws(MNISTError) -> MNISTFiles {
    let named = name == "MNIST" ? CurrentProcess.environment("LEVIN_MNIST") : nil
    let folder = named ?? root
    let isFile = FileBytes.isFile(folder)
    if isFile || named != nil && !FileSystem.exists(folder) {
      throw .notAFolder(
        name: name, origin: named == nil ? "--data.root" : "LEVIN_MNIST", path: folder,
        isFile: isFile)
    }
    return MNISTFiles(name: name, root: folder)
  }

  /// The files below `root`.
  init(name: String, root: String) {
    self.name = name
    // The files of all such datasets have the same names, so a folder without the dataset's name is taken for
    // MNIST's.
    let places = name == "MNIST" ? ["MNIST/raw", "raw", ""] : ["\(name)/raw", name]
    folders = places.map { Self.join(root, $0) }
  }

  static func imagesFile(train: Bool) -> String {
    train ? "train-images-idx3-ubyte" : "t10k-images-idx3-ubyte"
  }
  static func labelsFile(train: Bool) -> String {
    train ? "train-labels-idx1-ubyte" : "t10k-labels-idx1-ubyte"
  }

  /// The path of a file, plain or else with `.gz`; nil if neither exists.
  func path(of file: String) -> String? {
    folders.lazy.compactMap { Self.path(of: file, in: $0) }.first
  }

  private static func path(of file: String, in folder: String) -> String? {
    [join(folder, file), join(folder, file + ".gz")].first { FileBytes.isFile($0) }
  }

  /// The folder for missing files: beside those that exist, or else where torchvision puts them.
  var folderForMissing: String {
    let files = [true, false].flatMap { [Self.imagesFile(train: $0), Self.labelsFile(train: $0)] }
    return folders.first { folder in files.contains { Self.path(of: $0, in: folder) != nil } }
      ?? folders[0]
  }

  /// Throws if an existing folder cannot be listed, because its files would count as missing.
  func checkReadable() throws(FileError) {
    for folder in folders where !FileBytes.isFile(folder) {
      try FileSystem.checkListable(folder)
    }
  }

  /// Removes torchvision's folder and its parent if they are empty; partial files stay for the next time.
  func removeEmptyFolder() {
    let parts = folders[0].split(separator: "/", omittingEmptySubsequences: false)
    guard FileSystem.removeEmptyFolder(folders[0]), parts.count > 1 else { return }
    FileSystem.removeEmptyFolder(parts.dropLast().joined(separator: "/"))
  }

  /// Reads the images and labels of one of the two sets.
  func read(train: Bool) throws -> (images: IDXArray, labels: IDXArray) {
    let files = [Self.imagesFile(train: train), Self.labelsFile(train: train)]
    let paths = files.map(path(of:))
    guard let imagesPath = paths[0], let labelsPath = paths[1] else {
      let missing = zip(files, paths).filter { $0.1 == nil }.map(\.0)
      throw MNISTError.missing(name: name, files: missing, folders: folders)
    }
    let images = try IDXArray(
      Self.content(imagesPath), path: imagesPath, elementType: .uint8,
      rank: 3)
    let labels = try IDXArray(
      Self.content(labelsPath), path: labelsPath, elementType: .uint8, rank: 1)
    guard images.shape[1...] == [28, 28] else {
      throw MNISTError.wrongSize(
        path: imagesPath, height: images.shape[1], width: images.shape[2])
    }
    guard images.shape[0] == labels.shape[0] else {
      throw MNISTError.countsDisagree(
        imagesPath: imagesPath, images: images.shape[0], labelsPath: labelsPath,
        labels: labels.shape[0])
    }
    guard images.shape[0] > 0 else { throw MNISTError.empty(path: imagesPath) }
    let classes = labels.bytes[labels.payloadOffset...]
    if let place = classes.firstIndex(where: { $0 > 9 }) {
      throw MNISTError.wrongLabel(path: labelsPath, offset: place, label: Int(classes[place]))
    }
    return (images, labels)
  }

  /// The size of the largest accepted file: 65,536 images of 28×28 and a header.
  static let greatestSize = 65536 * 784 + 16

  private static func content(_ path: String) throws -> [UInt8] {
    let bytes = try FileBytes.read(path, limit: greatestSize)
    return path.hasSuffix(".gz")
      ? try Gzip.inflate(bytes, path: path, limit: greatestSize) : bytes
  }

  private static func join(_ folder: String, _ name: String) -> String {
    if name.isEmpty { return folder.isEmpty ? "." : folder }
    return folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}
