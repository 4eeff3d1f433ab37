import Foundation
import LevinTensorBoard
import Testing

extension WritingTests {
  /// Rewinding a run to a mark.
  @Suite struct RewindTests {
    /// Curves by batches, texts by epochs, and a curve that counts faster than both.
    private func log(_ writer: SummaryWriter, _ steps: Range<Int>) {
      for step in steps {
        writer.addScalar("x", Double(step), step: step)
        writer.addScalar("samples", Double(step), step: step * 64)
        if step % 10 == 0 { writer.addText("t", "\(step)", step: step / 10) }
      }
    }

    @Test func whatStandsBehindTheMarkGoes() throws {
      try withTemporaryFolder { folder in
        let first = try SummaryWriter(directory: folder)
        log(first, 0..<20)
        first.addMark("two", step: 20)
        log(first, 20..<25)
        try first.close()
        // Another file of the same stretch.
        log(first, 25..<28)
        try first.close()
        let before = try Run(directory: folder)
        #expect(before.files.count == 2)

        #expect(try SummaryWriter.rewind(folder, to: "elsewhere") == nil)
        #expect(try Run(directory: folder).scalars("x")?.steps == Array(0..<28))
        let kept = try #require(try SummaryWriter.rewind(folder, to: "two"))
        #expect(kept == 19 * 64 + 1)
        let second = try SummaryWriter(directory: folder, purgeStep: kept)
        log(second, 20..<23)
        try second.close()

        let run = try Run(directory: folder)
        #expect(run.problems.isEmpty && run.purgedCount == 0)
        #expect(run.scalars("x")?.steps == Array(0..<23))
        #expect(run.scalars("samples")?.steps == (0..<23).map { $0 * 64 })
        #expect(try run.texts("t/text_summary").map(\.step) == [0, 1, 2])
        // What was removed is kept beside them.
        let void = try FileManager.default.contentsOfDirectory(atPath: folder)
          .filter { $0.contains("void") }
        #expect(void.count == 2)
        let reader = try EventFileReader(path: folder + "/" + #require(void.min()))
        guard case .event(let event, _)? = try reader.next() else {
          Issue.record("no event in \(void)")
          return
        }
        #expect(event.step == 20)
        // And again, to the same mark.
        #expect(try SummaryWriter.rewind(folder, to: "two") == kept)
        #expect(try Run(directory: folder).scalars("x")?.steps == Array(0..<20))
      }
    }
  }
}
