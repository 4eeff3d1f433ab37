internal import LevinData
internal import LevinSystem

/// CheXpert: 224,316 chest X-rays of 65,240 patients, with labels for 14 findings (Irvin and others 2019).
///
/// It is read as it is downloaded, in both sizes:
///
///     CheXpert-v1.0-small/train.csv
///     CheXpert-v1.0-small/valid.csv
///     CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg
///
/// Labels of the test images are published separately, as `test_labels.csv`; put it and the folder `test` beside the others.
public enum CheXpert {
  /// The names of the dataset's folder, in the order in which they are tried.
  static let folders = ["CheXpert-v1.0-small", "CheXpert-v1.0"]

  /// Reads the table of a part.
  ///
  /// The table's columns are found by name. Its paths begin with the name of the dataset's folder, which may have been
  /// renamed since.
  ///
  /// - Parameter root: The dataset's folder, or the one above it (of the two sizes the small one is then preferred); a leading
  ///   `~` is the user's home.
  /// - Throws: ``ChestXRayError`` and ``TableError`` with path and line, `FileError`.
  public static func images(root: String, part: ChestXRayPart) throws -> ChestXRayList {
    let root = FileSystem.expandingHome(root)
    let name = tables[part] ?? ""
    let places = [root] + folders.map { FileSystem.joined(root, $0) }
    guard
      let folder = places.first(where: { FileBytes.isFile(FileSystem.joined($0, name)) })
    else {
      throw ChestXRayError.missing(dataset: "CheXpert", table: name, folders: places)
    }
    let table = try Table(contentsOf: FileSystem.joined(folder, name))
    return ChestXRayList(try images(table, in: folder))
  }

  private static let tables: [ChestXRayPart: String] = [
    .train: "train.csv", .validation: "valid.csv", .test: "test_labels.csv",
  ]

  private static func images(_ table: Table, in folder: String) throws -> [ChestXRay] {
    func optional(_ name: String) throws -> [String?]? {
      table.names.contains(name) ? try table.texts(name) : nil
    }
    let paths = try table.texts("Path")
    let (sexes, ages) = (try optional("Sex"), try optional("Age"))
    let (views, projections) = (try optional("Frontal/Lateral"), try optional("AP/PA"))
    let labels = try ChestLabels(table)
    let folder = FileSystem.joined(folder, "")
    // Some copies have the images of valid.csv in a folder of another name.
    let isRenamed = !FileSystem.isFolder(folder + "valid") && FileSystem.isFolder(folder + "val")
    return try paths.enumerated().map { row, cell in
      let cell = cell ?? ""
      var path = cell
      if cell.hasPrefix("CheXpert"), let slash = cell.utf8.firstIndex(of: UInt8(ascii: "/")) {
        path = String(cell[cell.utf8.index(after: slash)...])
      }
      if isRenamed, path.hasPrefix("valid/") { path = "val/" + path.dropFirst(6) }
      // Texts, since comparing parts of texts is several times as slow.
      let parts = path.utf8.split(separator: UInt8(ascii: "/")).suffix(3)
        .map { String(Substring($0)) }
      guard parts.count == 3, parts[0].hasPrefix("patient"), parts[1].hasPrefix("study") else {
        throw ChestXRayError.imagePath(
          path: table.path, line: table.lines[row], found: cell)
      }
      return ChestXRay(
        path: folder + path, patient: parts[0], study: parts[0] + "/" + parts[1],
        view: view(views?[row] ?? (parts[2].contains("lateral") ? "Lateral" : "Frontal")),
        projection: projections?[row], sex: sexes?[row], age: ages?[row].flatMap { Int($0) },
        labels: try labels.row(row))
    }
  }

  private static func view(_ name: String) -> ChestView? {
    name == "Frontal" ? .frontal : name == "Lateral" ? .lateral : nil
  }
}

/// The columns of the labels in a table, by name.
struct ChestLabels {
  private let table: Table
  private let columns: [[String?]]

  /// Throws unless the table has a column for each finding.
  init(_ table: Table) throws {
    self.table = table
    columns = try ChestFinding.allCases.map { try table.texts($0.rawValue) }
  }

  /// The labels in a row.
  func row(_ row: Int) throws -> [ChestLabel] {
    var labels: [ChestLabel] = []
    labels.reserveCapacity(columns.count)
    for (place, column) in columns.enumerated() {
      guard let label = ChestLabel(column[row]) else {
        throw ChestXRayError.label(
          path: table.path, line: table.lines[row],
          column: ChestFinding.allCases[place].rawValue, found: column[row] ?? "")
      }
      labels.append(label)
    }
    return labels
  }
}
