import Foundation
import Levin
import Testing

/// The tables of CheXpert, as pandas reads them.
@Suite struct CheXpertTests {
  struct Facts: Decodable {
    struct Tree: Decodable {
      let files: Int
      let sha256: String
    }
    struct Part: Decodable {
      let paths, labels: [String]
      let counts: [String: [Int]]
      let frontal: Int
      let studies, patients: [Int]
      let sexes, projections: [String: Int]
      let ages: Int
    }
    struct Policy: Decodable {
      let uncertain, unmentioned: String
      let `except`: [String: String]
      let targets: [String]
      let weights: [Double]
    }
    let tree: Tree
    let header: [String]
    let parts: [String: Part]
    let policies: [Policy]
  }
  private let facts: Facts

  init() throws { facts = try Golden.load("chexpert", as: Facts.self) }

  /// The hash of all paths and contents below a folder, and the number of files.
  static func tree(_ folder: String) throws -> (files: Int, sha256: String) {
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: folder + "/" + name, isDirectory: &isFolder)
      return !isFolder.boolValue
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let lines = try names.map { name in
      let bytes = try [UInt8](Data(contentsOf: URL(filePath: folder + "/" + name)))
      return SHA256.hexadecimal(of: bytes) + " \(name)\n"
    }
    return (names.count, SHA256.hexadecimal(of: Array(lines.joined().utf8)))
  }

  @Test func theMiniatureIsTheOneThatWasRead() throws {
    let found = try Self.tree(Miniature.cheXpert)
    #expect(found.files == facts.tree.files && found.sha256 == facts.tree.sha256)
  }

  @Test(arguments: [ChestXRayPart.train, .validation])
  func tablesAreAsPandasReadsThem(part: ChestXRayPart) throws {
    let facts = try #require(facts.parts[part.rawValue])
    let list = try CheXpert.images(root: Miniature.root, part: part)
    #expect(list.images.map(\.path) == facts.paths.map { Miniature.cheXpert + "/" + $0 })
    #expect(list.images.map { characters($0.labels) } == facts.labels)
    #expect(list.studies == facts.studies && list.patients == facts.patients)
    for finding in ChestFinding.allCases {
      let counts = [ChestLabel.present, .absent, .uncertain, .unmentioned]
        .map { list.count(of: finding, $0) }
      #expect(counts == facts.counts[finding.rawValue], "\(finding)")
    }
    #expect(list.filtered(view: .frontal).count == facts.frontal)
    #expect(list.filtered(view: .lateral).count == list.count - facts.frontal)
    #expect(list.images.reduce(0) { $0 + ($1.age ?? 0) } == facts.ages)
    func counted(_ values: [String?]) -> [String: Int] {
      values.compactMap { $0 }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    #expect(counted(list.images.map(\.sex)) == facts.sexes)
    #expect(counted(list.images.map(\.projection)) == facts.projections)
  }

  @Test func theHeaderIsTheOriginals() {
    #expect(
      facts.header == ["Path", "Sex", "Age", "Frontal/Lateral", "AP/PA"]
        + ChestFinding.allCases.map(\.rawValue))
  }

  @Test func policiesAndWeightsAreThoseOfPandas() throws {
    let list = try CheXpert.images(root: Miniature.root, part: .train)
    for facts in facts.policies {
      var policy = LabelPolicy(
        uncertain: try #require(.init(rawValue: facts.uncertain)),
        unmentioned: try #require(.init(rawValue: facts.unmentioned)))
      for (name, rule) in facts.except {
        policy.exceptions[try #require(.init(rawValue: name))] = .init(rawValue: rule)
      }
      let dataset = ChestXRayDataset(list, policy: policy, transform: Compose(ToTensor()))
      let targets = dataset.labels(at: Array(0..<list.count)).scalars(as: Float.self)
      let rows = (0..<list.count).map { row in
        targets[row * 5..<row * 5 + 5].map { $0 == 1 ? "1" : $0 == 0 ? "0" : "." }.joined()
      }
      #expect(rows == facts.targets)
      for (weight, expected) in zip(dataset.samplingWeights, facts.weights) {
        #expect(abs(weight - expected) < 1e-12)
      }
    }
  }

  @Test func theRootMayBeTheFolderOrTheOneAbove() throws {
    let list = try CheXpert.images(root: Miniature.root, part: .validation)
    #expect(try CheXpert.images(root: Miniature.cheXpert, part: .validation).images == list.images)
    try withTemporaryFolder { folder in
      // Renamed, with a table from another system.
      let text = try String(contentsOfFile: Miniature.cheXpert + "/valid.csv", encoding: .utf8)
      let other = Data([0xef, 0xbb, 0xbf] + text.replacing("\n", with: "\r\n").utf8)
      try other.write(to: URL(filePath: folder + "/valid.csv"))
      let renamed = try CheXpert.images(root: folder, part: .validation)
      #expect(renamed.images.map(\.labels) == list.images.map(\.labels))
      #expect(
        renamed.images.map(\.path)
          == list.images.map {
            $0.path.replacing(Miniature.cheXpert, with: folder)
          })
      // Of the full version, with the images in "val".
      let full = folder + "/above/CheXpert-v1.0"
      try FileManager.default.createDirectory(
        atPath: full + "/val", withIntermediateDirectories: true)
      try text.replacing("CheXpert-v1.0-small/", with: "CheXpert-v1.0/")
        .write(toFile: full + "/valid.csv", atomically: true, encoding: .utf8)
      let large = try CheXpert.images(root: folder + "/above", part: .validation)
      #expect(large.images.map(\.labels) == list.images.map(\.labels))
      #expect(large.images[0].path == full + "/val/patient64541/study1/view1_frontal.jpg")
    }
  }

  @Test func testLabelsHaveNothingButPathsAndFindings() throws {
    try withTemporaryFolder { folder in
      // In another order, as columns are found by name.
      let findings = ChestFinding.allCases.reversed()
      let text =
        "Path,\(findings.map(\.rawValue).joined(separator: ","))\n"
        + "test/patient64741/study1/view1_frontal.jpg,1,0,0,nan,0,0,0,0,0,0,0,0,0,-1\n"
        + "test/patient64741/study1/view2_lateral.jpg,1,0,0,,0,0,0,0,0,0,0,0,0,-1.0\n"
      try text.write(
        toFile: folder + "/test_labels.csv", atomically: true, encoding: .utf8)
      let list = try CheXpert.images(root: folder, part: .test)
      #expect(list.images.map(\.view) == [.frontal, .lateral])
      #expect(list.studies == [0, 0] && list.images[0].sex == nil)
      for image in list.images {
        #expect(image[.supportDevices] == .present && image[.pleuralEffusion] == .unmentioned)
        #expect(image[.noFinding] == .uncertain && image[.fracture] == .absent)
      }
    }
  }

  @Test func wrongFoldersAndCellsAreNamed() throws {
    try withTemporaryFolder { folder in
      #expect(
        message { _ = try CheXpert.images(root: folder, part: .train) } == """
          CheXpert: cannot find train.csv. Looked in:
            \(folder)
            \(folder)/CheXpert-v1.0-small
            \(folder)/CheXpert-v1.0
          Name the folder that holds it, or the one above, with --data.data_path. The images need an agreement \
          with their authors, so Levin cannot download them: see https://stanfordmlgroup.github.io/competitions/chexpert/.
          """)
      let header = "Path," + ChestFinding.allCases.map(\.rawValue).joined(separator: ",")
      let blanks = String(repeating: ",", count: 13)
      func text(_ content: String) -> String {
        message {
          try content.write(toFile: folder + "/train.csv", atomically: true, encoding: .utf8)
          _ = try CheXpert.images(root: folder, part: .train)
        }
      }
      let path = "train/patient00001/study1/view1_frontal.jpg"
      #expect(text("\(header)\n\(path),\(blanks)\n") == "")
      #expect(
        text("\(header)\n\(path),\(blanks)\n\(path),,2.0\(blanks.dropFirst())\n")
          == "\(folder)/train.csv:3: found '2.0' in the column Enlarged Cardiomediastinum; "
          + "expected 1.0, 0.0, -1.0 or nothing")
      #expect(
        text("\(header)\nimages/view1.jpg,\(blanks)\n")
          == "\(folder)/train.csv:2: found the path 'images/view1.jpg'; expected …/patient…/study…/file"
      )
      #expect(
        text("Path,Edema\n\(path),1.0\n").hasPrefix(
          "\(folder)/train.csv:1: no column is named No Finding"))
    }
  }

  @Test func partsShareNoPatient() throws {
    let list = try CheXpert.images(root: Miniature.root, part: .train)
    let parts = list.split(fractions: [0.7, 0.2, 0.1], generator: Generator(seed: 4))
    let patients = parts.map { Set($0.images.map(\.patient)) }
    // Of 52 patients.
    #expect(patients.map(\.count) == [37, 10, 5])
    #expect(patients[0].union(patients[1]).union(patients[2]).count == 52)
    #expect(parts.reduce(0) { $0 + $1.count } == list.count)
  }
}
