import ArgumentParser
import Foundation
import LevinFormats
import LevinTrainer
import Testing

@testable import LevinCLI

/// `levin weights`: files of PyTorch, Lightning and others.
@Suite struct WeightsTests {
  private static let folder = GoldenText.folder.appending(path: "torch").path + "/"

  private func page(_ width: Int?) -> Page {
    Page(width: width, hasColor: false, timeZone: .gmt)
  }

  @Test(arguments: ["lightning.ckpt", "unusual.pt", "kinds.npz", "dtypes.safetensors"])
  func listing(name: String) throws {
    let bytes = try Data(contentsOf: URL(filePath: Self.folder + name))
    let listing = WeightsListing(try TensorFile([UInt8](bytes), path: name))
    let stem = name.split(separator: ".")[0]
    for width in [80, nil] {
      try GoldenText.expect(
        listing.lines(page(width)).joined(separator: "\n"),
        "weights/\(stem)-\(width.map { "\($0)" } ?? "pipe")")
    }
    try GoldenText.expect(listing.json.pretty(), "weights/\(stem)-json")
  }

  @Test func listingOfAFolder() throws {
    let listing = WeightsListing(try TensorFile(path: Self.folder + "sharded"))
    try GoldenText.expect(
      listing.lines(page(nil)).joined(separator: "\n").replacing(Self.folder, with: ""),
      "weights/sharded-pipe")
  }

  private func convert(_ arguments: String...) throws {
    let command = try WeightsConvertCommand.parse(arguments)
    try command.run()
  }

  @Test func everyFormatBecomesEveryOther() throws {
    try withFolder { folder in
      var last = Self.folder + "lightning.ckpt"
      for name in ["a.safetensors", "b.pt", "c.npz", "d.ckpt", "e.bin", "f.safetensors"] {
        try convert(last, folder + name)
        last = folder + name
      }
      try convert(last, folder + "shards", "--shard-size", "32B")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "shards").count > 2)
      let diffs = TensorDiff.all(
        try TensorFile(path: Self.folder + "lightning.ckpt"),
        try TensorFile(path: folder + "shards"), names: ("a", "b"))
      #expect(diffs.count == 4 && diffs.allSatisfy(\.isEqual))
    }
  }

  @Test func typesPrefixesAndTargetsThatAreThere() throws {
    try withFolder { folder in
      let source = Self.folder + "lightning.ckpt"
      try convert(source, folder + "half.safetensors", "--dtype", "float16", "--prefix", "net.")
      let half = try TensorFile(path: folder + "half.safetensors")
      #expect(half.entries.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
      #expect(half.entries.allSatisfy { $0.elementType == .float16 })
      try convert(source, folder + "whole.safetensors", "--prefix", "net.")
      let diffs = TensorDiff.all(
        half, try TensorFile(path: folder + "whole.safetensors"), names: ("half", "whole"))
      // Eleven bits are left of each number.
      #expect(diffs.allSatisfy { $0.obstacle == nil && $0.relative <= 0x1p-11 })
      #expect(diffs.contains { !$0.isEqual })
      try GoldenText.expect(
        TensorDiff.page(diffs, page(80)).joined(separator: "\n"), "weights/diff-80")
      #expect(throws: (any Error).self) { try convert(source, folder + "whole.safetensors") }
      try convert(source, folder + "whole.safetensors", "--overwrite")
      #expect(throws: (any Error).self) {
        try convert(source, folder + "x.npz", "--dtype", "float8")
      }
      #expect(throws: (any Error).self) { try convert(source, folder + "x.npz", "--prefix", "no") }
      #expect(!FileManager.default.fileExists(atPath: folder + "x.npz"))
    }
  }

  @Test func tensorsOfOneFileOnlyAndOtherShapes() throws {
    try withFolder { folder in
      func source(_ name: String, _ count: Int) -> TensorFile.Source {
        .init(name, .uint8, shape: [count], bytes: Array(repeating: 1, count: count))
      }
      try TensorFile.write([source("a", 1), source("b", 2)], to: folder + "left.npz")
      try TensorFile.write([source("b", 3), source("c", 1)], to: folder + "right.pt")
      let diffs = TensorDiff.all(
        try TensorFile(path: folder + "left.npz"), try TensorFile(path: folder + "right.pt"),
        names: ("left", "right"))
      #expect(
        TensorDiff.page(diffs, page(nil)) == [
          "tensor               distance  relative  greatest",
          "a                only in left",
          "b       shape [2] against [3]",
          "c               only in right",
          "",
          "3 tensors of 3 differ",
        ])
    }
  }

  @Test func ofManyTensorsThoseThatDifferMost() throws {
    try withFolder { folder in
      func write(_ name: String, _ value: (Int) -> Float) throws {
        let sources = (0..<60).map { index in
          let bytes = withUnsafeBytes(of: value(index)) { Array($0) }
          return TensorFile.Source("w\(index)", .float32, shape: [1], bytes: bytes)
        }
        try TensorFile.write(sources, to: folder + name)
      }
      try write("left.safetensors") { _ in 1 }
      // The even ones differ, the later the more.
      try write("right.safetensors") { $0.isMultiple(of: 2) ? 1 + Float($0) : 1 }
      let diffs = TensorDiff.all(
        try TensorFile(path: folder + "left.safetensors"),
        try TensorFile(path: folder + "right.safetensors"), names: ("left", "right"))
      #expect(
        TensorDiff.most(diffs).map(\.name) == stride(from: 20, to: 60, by: 2).map { "w\($0)" })
      #expect(TensorDiff.most(Array(diffs.prefix(40))).count == 40)
    }
  }
}
