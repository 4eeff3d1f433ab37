internal import LevinData
internal import LevinSystem

/// MIMIC-CXR-JPG: 377,110 chest X-rays of 227,835 studies, with CheXpert's labels (Johnson and others 2019,
/// arXiv:1901.07042).
///
/// It is read as it is downloaded:
///
///     mimic-cxr-2.0.0-metadata.csv.gz
///     mimic-cxr-2.0.0-split.csv.gz
///     mimic-cxr-2.0.0-chexpert.csv.gz
///     files/p10/p10000032/s50414267/02aa804e-bde0afdd-112c0b34-7bc16630-4e384014.jpg
public enum MIMICCXR {
  /// The program that read the reports.
  public enum Labeler: String, Sendable, Hashable, Codable, CaseIterable {
    case cheXpert = "chexpert"
    case negBio = "negbio"
  }

  /// Where a download may have put the tables, below the folder that was named.
  static let folders = ["2.1.0", "2.0.0"].flatMap { version in
    [
      "mimic-cxr-jpg/\(version)", "physionet.org/files/mimic-cxr-jpg/\(version)",
      "mimic-cxr-jpg-\(version)",
      "mimic-cxr-jpg-chest-radiographs-with-structured-labels-\(version)",
    ]
  }

  /// The views that count as frontal and as lateral; others are unknown.
  static let views: [String: ChestView] = [
    "AP": .frontal, "PA": .frontal, "LATERAL": .lateral, "LL": .lateral,
  ]

  /// Reads the tables, and joins them by the names of images, subjects and studies.
  ///
  /// Tables may be compressed or not. Images that are not in the split, or whose study has no labels, are left out, with
  /// their number in the list's notices.
  ///
  /// - Parameters:
  ///   - root: The folder of the tables, or the one above it; a leading `~` is the user's home.
  ///   - part: The official part.
  ///   - labeler: Whose labels to take.
  /// - Throws: ``ChestXRayError`` and ``TableError`` with path and line, `FileError`, `GzipError`.
  public static func images(
    root: String, part: ChestXRayPart, labeler: Labeler = .cheXpert
  ) throws -> ChestXRayList {
    let root = FileSystem.expandingHome(root)
    let places = [root] + folders.map { FileSystem.joined(root, $0) }
    guard let folder = places.first(where: { file("metadata", in: $0) != nil }) else {
      throw ChestXRayError.missing(
        dataset: "MIMIC-CXR-JPG", table: fileName("metadata") + ".gz", folders: places)
    }
    func table(_ kind: String) throws -> Table {
      guard let path = file(kind, in: folder) else {
        throw ChestXRayError.missing(
          dataset: "MIMIC-CXR-JPG", table: fileName(kind) + ".gz", folders: [folder])
      }
      return try Table(contentsOf: path)
    }
    let all = try table("metadata").selecting([
      "dicom_id", "subject_id", "study_id", "ViewPosition",
    ])
    let assigned = try all.joined(with: table("split"), on: ["dicom_id"])
    let name = part == .validation ? "validate" : part.rawValue
    let wanted = assigned.filtered { $0["split"] == name }
    let labelled = try wanted.joined(
      with: table(labeler.rawValue), on: ["subject_id", "study_id"])
    guard labelled.count > 0 else { throw ChestXRayError.empty(path: all.path, part: part) }
    return ChestXRayList(
      try images(labelled, in: folder),
      notices: [
        notice("images left out because the split does not name them", all.count - assigned.count),
        notice(
          "images of the part '\(name)' left out because their study has no labels",
          wanted.count - labelled.count),
      ].compactMap { $0 })
  }

  private static func images(_ table: Table, in folder: String) throws -> [ChestXRay] {
    let labels = try ChestLabels(table)
    let (images, subjects) = (try table.texts("dicom_id"), try table.texts("subject_id"))
    let (studies, projections) = (try table.texts("study_id"), try table.texts("ViewPosition"))
    return try (0..<table.count).map { row in
      let (subject, study) = (subjects[row] ?? "", studies[row] ?? "")
      return ChestXRay(
        path: FileSystem.joined(
          folder, "files/p\(subject.prefix(2))/p\(subject)/s\(study)/\(images[row] ?? "").jpg"),
        patient: subject, study: study, view: projections[row].flatMap { views[$0] },
        projection: projections[row], labels: try labels.row(row))
    }
  }

  private static func notice(_ text: String, _ count: Int) -> String? {
    count == 0 ? nil : "MIMIC-CXR-JPG: \(text): \(count)"
  }

  private static func fileName(_ kind: String) -> String { "mimic-cxr-2.0.0-\(kind).csv" }

  /// The file of a table, compressed or not; nil if it is not there.
  private static func file(_ kind: String, in folder: String) -> String? {
    [".gz", ""].map { FileSystem.joined(folder, fileName(kind) + $0) }.first(
      where: FileBytes.isFile)
  }
}
