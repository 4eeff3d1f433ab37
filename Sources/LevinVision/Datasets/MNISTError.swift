/// What is wrong with the files of MNIST or of a dataset in the same format.
public enum MNISTError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `LEVIN_MNIST` or `--data.root` (see `origin`) names a file or nothing that exists, instead of a folder.
  case notAFolder(name: String, origin: String, path: String, isFile: Bool)
  /// Files are in none of the folders.
  case missing(name: String, files: [String], folders: [String])
  /// The images are not 28×28.
  case wrongSize(path: String, height: Int, width: Int)
  /// There are more or fewer images than labels.
  case countsDisagree(imagesPath: String, images: Int, labelsPath: String, labels: Int)
  /// A file has no images.
  case empty(path: String)
  /// A label is not one of the classes.
  case wrongLabel(path: String, offset: Int, label: Int)

  /// What is wrong, where, what was found and expected, and what to do.
  public var description: String {
    switch self {
    case .notAFolder(let name, let origin, let path, let isFile):
      return "\(origin) names \(path), which is \(isFile ? "a file" : "not there"). "
        + "Name the folder that holds the four files, or the one that holds \(name)/raw."
    case .missing(let name, let files, let folders):
      let files = files.map { "\($0)[.gz]" }.joined(separator: " and ")
      let places = folders.map { "\n  \($0)" }.joined()
      return "\(name): cannot find \(files). Looked in:\(places)\n"
        + "Put the files there, or name their folder with --data.root"
        + (name == "MNIST" ? " or LEVIN_MNIST." : ".")
    case .wrongSize(let path, let height, let width):
      return "\(path): byte 8: images of \(height)×\(width) pixels, expected 28×28. "
        + "Delete the file and download it again."
    case .countsDisagree(let imagesPath, let images, let labelsPath, let labels):
      return "\(imagesPath) has \(images) images, but \(labelsPath) has \(labels) labels. "
        + "Delete both files and download them again."
    case .empty(let path):
      return "\(path): byte 4: no images. Delete the file and download it again."
    case .wrongLabel(let path, let offset, let label):
      return "\(path): byte \(offset): label \(label), expected 0 to 9. "
        + "Delete the file and download it again."
    }
  }
}
