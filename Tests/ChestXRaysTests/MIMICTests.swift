import Foundation
import Levin
import Testing

/// The tables of MIMIC-CXR-JPG, as pandas joins them.
@Suite struct MIMICTests {
  struct Facts: Decodable {
    struct Part: Decodable {
      let paths, labels: [String]
      let withoutLabels: Int
      let views: [String: Int]
    }
    let tree: CheXpertTests.Facts.Tree
    let unassigned: Int
    let parts: [String: Part]
  }

  @Test func tablesAreAsPandasJoinsThem() throws {
    let facts = try Golden.load("mimic", as: Facts.self)
    let found = try CheXpertTests.tree(Miniature.mimic)
    #expect(found.files == facts.tree.files && found.sha256 == facts.tree.sha256)
    #expect(facts.unassigned == 1)
    for (part, name) in [
      (ChestXRayPart.train, "train"), (.validation, "validate"), (.test, "test"),
    ] {
      let facts = try #require(facts.parts[name])
      for root in [Miniature.root, Miniature.mimic] {
        let list = try MIMICCXR.images(root: root, part: part)
        #expect(list.images.map(\.path) == facts.paths.map { Miniature.mimic + "/" + $0 })
        #expect(list.images.map { characters($0.labels) } == facts.labels)
        for view in ChestView.allCases {
          #expect(list.filtered(view: view).count == facts.views[view.rawValue])
        }
        #expect(
          list.notices == ["MIMIC-CXR-JPG: images left out because the split does not name them: 1"]
            + (facts.withoutLabels == 0
              ? []
              : [
                "MIMIC-CXR-JPG: images of the part '\(name)' left out because their study has no labels: "
                  + "\(facts.withoutLabels)"
              ]))
      }
    }
  }

  @Test func missingTablesAreNamed() throws {
    try withTemporaryFolder { folder in
      let text = message { _ = try MIMICCXR.images(root: folder, part: .train) }
      #expect(
        text.hasPrefix(
          "MIMIC-CXR-JPG: cannot find mimic-cxr-2.0.0-metadata.csv.gz. Looked in:\n  \(folder)\n"))
      let other = message {
        _ = try MIMICCXR.images(root: Miniature.root, part: .train, labeler: .negBio)
      }
      #expect(other.contains("cannot find mimic-cxr-2.0.0-negbio.csv.gz"))
    }
  }
}
