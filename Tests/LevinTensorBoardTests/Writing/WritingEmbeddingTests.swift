import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// The Projector's files.
  @Suite struct EmbeddingTests {
    func names(in folder: String) throws -> [String] {
      let list = try String(contentsOfFile: folder + "/projector_config.pbtxt", encoding: .utf8)
      return list.split(separator: "\n").filter { $0.contains("tensor_name") }
        .map { String($0.dropFirst("  tensor_name: \"".count).dropLast()) }
    }

    func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// A later stage of a run, or another process, adds to the list and removes nothing.
    @Test func severalWritersHaveOneList() throws {
      try withTemporaryFolder { folder in
        try SummaryWriter(directory: folder).addEmbedding("a", [[1]], step: 1)
        let second = try SummaryWriter(directory: folder)
        try second.addEmbedding("b", [[1]])
        try second.addEmbedding("a", [[1, 2]], metadata: [["new"]], step: 1)
        #expect(try names(in: folder) == ["b:00000", "a:00001"])
        #expect(try text(folder + "/00001/a/tensors.tsv") == "1.0\t2.0\n")
        let list = try text(folder + "/projector_config.pbtxt")
        #expect(list.contains("metadata_path: \"00001/a/metadata.tsv\""))
      }
    }

    /// Entries that others wrote to the list stay.
    @Test func theListOfOthersStays() throws {
      try withTemporaryFolder { folder in
        let list =
          "model_checkpoint_path: \"x\"\nembeddings {\n  tensor_name: \"theirs\"\n"
          + "  sprite {\n    image_path: \"s\"\n  }\n}\n"
        try write(Array(list.utf8), to: folder + "/projector_config.pbtxt")
        try SummaryWriter(directory: folder).addEmbedding("ours", [[1]])
        #expect(try text(folder + "/projector_config.pbtxt").hasPrefix(list))
        #expect(try names(in: folder) == ["theirs", "ours:00000"])
      }
    }

    @Test func manyThreadsAddToTheList() throws {
      try withTemporaryFolder { folder in
        let workers = (0..<8).map { number in
          Worker {
            do {
              let writer = try SummaryWriter(directory: folder)
              for step in 0..<5 { try writer.addEmbedding("\(number)", [[1]], step: step) }
            } catch {
              Issue.record(error)
            }
          }
        }
        for worker in workers { worker.join() }
        let listed = Set(try names(in: folder))
        #expect(listed.count == 40)
      }
    }

    /// Tags and cells that would break a path, a line or the list.
    @Test func textsThatMeanSomething() throws {
      try withTemporaryFolder { folder in
        let run = folder + "/run"
        let writer = try SummaryWriter(directory: run)
        let tags = ["..", ".", "a/\u{301}b", "new\nline", "quote\"back\\slash\u{301}", "zero\0"]
        for tag in tags { try writer.addEmbedding(tag, [[1]]) }
        try writer.addEmbedding("negative", [[1]], step: -3)
        #expect(
          try FileManager.default.contentsOfDirectory(atPath: run + "/00000").sorted()
            == [
              "%2e", "%2e%2e", "a%2f\u{301}b", "new\nline", "quote\"back%5cslash\u{301}", "zero%00",
            ].sorted())
        #expect(
          try names(in: run) == [
            "..:00000", ".:00000", "a/\u{301}b:00000", "new\\012line:00000",
            "quote\\\"back\\\\slash\u{301}:00000", "zero\\000:00000", "negative:-0003",
          ])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["run"])
        try writer.addEmbedding(
          "cells", [[1], [2]], metadata: [["a\tb", "c\r\nd"], ["", "e"]], header: ["x\n", "y"])
        #expect(try text(run + "/00000/cells/metadata.tsv") == "x \ty\na b\tc  d\n\te\n")
        // The Projector takes the first line for names only where lines have several cells.
        try writer.addEmbedding("single", [[1]], metadata: [["m"]], header: ["name"])
        #expect(try text(run + "/00000/single/metadata.tsv") == "m\n")
      }
    }

    @Test func aFolderThatCannotBeMade() throws {
      try withTemporaryFolder { folder in
        try write([], to: folder + "/00000")
        let writer = try SummaryWriter(directory: folder)
        let error = #expect(throws: EventWriterError.self) { try writer.addEmbedding("t", [[1]]) }
        #expect(error?.description.contains("cannot make the folder '\(folder)/00000/t'") == true)
      }
    }
  }
}
