import LevinTensorBoard
import Testing

extension WritingTests {
  /// A run that continues in another file: the session START at the head of each file.
  @Suite struct StartTests {
    /// Writes points of curves, each 0.5 larger than its step.
    func log(
      _ folder: String, _ steps: Range<Int>, _ tags: [String] = ["x"], purgeStep: Int? = nil
    ) throws {
      let writer = try SummaryWriter(directory: folder, purgeStep: purgeStep)
      for step in steps {
        for tag in tags { writer.addScalar(tag, Double(step) + 0.5, step: step) }
      }
      try writer.close()
    }

    /// Without a START in the first file, TensorBoard takes the second file's for the first one,
    /// and purges nothing.
    @Test func theFirstFileStartsAtZero() throws {
      try withTemporaryFolder { folder in
        try log(folder, 7..<9)
        #expect(try starts(in: folder) == [0])
        try log(folder + "/resumed", 7..<9, purgeStep: 7)
        #expect(try starts(in: folder + "/resumed") == [0])
      }
    }

    @Test func aLaterFileStartsAtItsFirstStep() throws {
      try withTemporaryFolder { folder in
        try log(folder, 0..<10)
        try log(folder, 10..<12)
        try log(folder, 5..<7)
        #expect(try starts(in: folder) == [0, 10, 5])
        #expect(try Run(directory: folder).scalars("x")?.steps == Array(0..<7))
      }
    }

    /// What the resumed run will write again is hidden in all curves, including those that it reaches later or never.
    @Test func purgeStepHidesWhatComesAgain() throws {
      try withTemporaryFolder { folder in
        try log(folder, 0..<10, ["x", "y"])
        try log(folder, 6..<8, purgeStep: 5)
        #expect(try starts(in: folder) == [0, 5])
        let run = try Run(directory: folder)
        #expect(run.scalars("x")?.steps == [0, 1, 2, 3, 4, 6, 7])
        #expect(run.scalars("y")?.steps == [0, 1, 2, 3, 4])
        #expect(run.purgedCount == 10)
        #expect(try allPoints(folder, "x").steps == Array(0..<10) + [6, 7])
      }
    }

    /// The step is that of the continuing file; the next file continues after that.
    @Test func purgeStepCountsForOneFile() throws {
      try withTemporaryFolder { folder in
        try log(folder, 0..<4)
        let writer = try SummaryWriter(directory: folder, purgeStep: 2)
        for step in 2..<6 { writer.addScalar("x", 1, step: step) }
        try writer.close()
        writer.addScalar("x", 1, step: 6)
        try writer.close()
        #expect(try starts(in: folder) == [0, 2, 6])
        #expect(try Run(directory: folder).scalars("x")?.steps == Array(0..<7))
      }
    }

    /// Two writers that are active in one folder do not hide each other's points; one that has ended is continued.
    @Test func aNeighbourAtWorkIsNotHidden() throws {
      try withTemporaryFolder { folder in
        let first = try SummaryWriter(directory: folder)
        first.addScalar("a", 1, step: 0)
        first.addScalar("a", 1, step: 1)
        try first.flush()
        try log(folder, 0..<2, ["b"])
        #expect(try Run(directory: folder).scalars("a")?.steps == [0, 1])
        #expect(try Run(directory: folder).scalars("b")?.steps == [0, 1])
        try log(folder, 1..<3, ["b"], purgeStep: 1)
        #expect(try Run(directory: folder).scalars("a")?.steps == [0], "it was asked for")
        try first.close()
        try log(folder, 0..<1, ["b"])
        #expect(try starts(in: folder) == [0, .max, 1, 0])
      }
    }

    /// Use after closing: another file of the same run.
    @Test func aClosedWriterOpensAnotherFile() throws {
      try withTemporaryFolder { folder in
        let writer = try SummaryWriter(directory: folder)
        for step in 0..<3 {
          writer.addScalar("x", Double(step), step: step)
          try writer.close()
          try writer.close()
        }
        #expect(try starts(in: folder) == [0, 1, 2])
        #expect(try Run(directory: folder).scalars("x")?.values == [0, 1, 2])
      }
    }
  }
}
