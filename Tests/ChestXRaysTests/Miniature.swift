import Foundation
import Levin

/// The miniatures that several tests read, drawn once for a process.
enum Miniature {
  /// The folder of both miniatures, of 60 patients each; removed when the process ends.
  static let root: String = {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "levin-xrays-\(ProcessInfo.processInfo.processIdentifier)").path
    atexit { try? FileManager.default.removeItem(atPath: Miniature.root) }
    do {
      for layout in ChestXRayMiniature.Layout.allCases {
        try ChestXRayMiniature(patientCount: 60).write(to: folder, layout: layout)
      }
    } catch {
      fatalError("the miniature cannot be drawn: \(error)")
    }
    return folder
  }()
  static var cheXpert: String { root + "/CheXpert-v1.0-small" }
  static var mimic: String { root + "/mimic-cxr-jpg/2.0.0" }
}

/// Runs `body` with a new folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.appending(path: "levin-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// The text of the error that `body` throws; empty if it throws none.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return "\(error)"
  }
}

/// One character for each label: 1, 0, a dash for uncertain, or a point for a blank.
func characters(_ labels: [ChestLabel]) -> String {
  labels.map { label in
    switch label {
    case .present: "1"
    case .absent: "0"
    case .uncertain: "-"
    case .unmentioned: "."
    }
  }.joined()
}
