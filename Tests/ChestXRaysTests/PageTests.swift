import Foundation
import Levin
import Testing

// The example of docs/chest-xrays.md, word for word.

private func example(_ transform: Compose) throws -> DataLoader<ChestXRayBatch> {
  let list = try CheXpert.images(root: "~/data", part: .train).filtered(view: .frontal)
  let parts = list.split(fractions: [0.9, 0.1])  // by patient
  let policy = LabelPolicy(uncertain: .zeros, except: [.edema: .ones, .atelectasis: .ones])
  let set = ChestXRayDataset(parts[0], policy: policy, transform: transform, damaged: .skip)
  let loader = DataLoader(set, batchSize: 16, shuffle: true, workerCount: 4)
  return loader
}

@Suite struct PageTests {
  /// Each line of the page's example is in this file.
  @Test func thePageHasThisExample() throws {
    let here = URL(filePath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: root.appending(path: "docs/chest-xrays.md"), encoding: .utf8)
    let source = try String(contentsOf: here, encoding: .utf8)
    let lines = page.split(separator: "\n").filter { $0.hasPrefix("    let ") }
    #expect(lines.count == 5)
    for line in lines { #expect(source.contains(line.trimmingCharacters(in: .whitespaces))) }
  }
}
