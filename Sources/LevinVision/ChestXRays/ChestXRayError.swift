/// What is wrong with a folder or a table of chest X-rays.
public enum ChestXRayError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A table is in none of the folders.
  case missing(dataset: String, table: String, folders: [String])
  /// A cell is not a label.
  case label(path: String, line: Int, column: String, found: String)
  /// The path of an image does not name a patient and a study.
  case imagePath(path: String, line: Int, found: String)
  /// A table has no image of the part.
  case empty(path: String, part: ChestXRayPart)
  /// The folder of a miniature exists.
  case exists(path: String)

  /// Where the datasets are to be had.
  private static let addresses = [
    "CheXpert": "https://stanfordmlgroup.github.io/competitions/chexpert/",
    "MIMIC-CXR-JPG": "https://physionet.org/content/mimic-cxr-jpg/",
  ]

  /// What is wrong, where, what was found and expected, and what to do.
  public var description: String {
    switch self {
    case .missing(let dataset, let table, let folders):
      "\(dataset): cannot find \(table). Looked in:" + folders.map { "\n  \($0)" }.joined()
        + "\nName the folder that holds it, or the one above, with --data.data_path. "
        + "The images need an agreement with their authors, so Levin cannot download them: see "
        + "\(Self.addresses[dataset] ?? dataset)."
    case .label(let path, let line, let column, let found):
      "\(path):\(line): found '\(found)' in the column \(column); expected 1.0, 0.0, -1.0 or nothing"
    case .imagePath(let path, let line, let found):
      "\(path):\(line): found the path '\(found)'; expected …/patient…/study…/file"
    case .empty(let path, let part):
      "\(path): found no image for the part '\(part.rawValue)'"
    case .exists(let path):
      "\(path) exists. Name another folder, or remove it."
    }
  }
}
