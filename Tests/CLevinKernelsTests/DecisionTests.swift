import CLevinKernels
import Testing

extension KernelTests {
  @Suite struct DecisionTests {
    /// Decisions of a batch, counted one by one.
    struct Batch {
      var sizes: (batch: Int, classes: Int, points: Int)
      var isMulticlass: Bool
      var scores: [Float]?
      var labels: [Int64] = []
      var targets: [Int64]
      var ignored: Int64?

      init(_ batch: Int, _ classes: Int, _ points: Int, isMulticlass: Bool, ties: Bool, seed: Int) {
        sizes = (batch, classes, points)
        self.isMulticlass = isMulticlass
        var draws = Draws(seed: UInt64(seed))
        let cells = batch * classes * points
        let all = draws.floats(cells, in: 0...1)
        scores = ties ? all.map { ($0 * 4).rounded() / 4 } : all
        let limit = isMulticlass ? classes : 2
        targets = (0..<(isMulticlass ? batch * points : cells)).map { _ in
          Int64(draws.int(in: 0...(limit - 1)))
        }
      }

      /// The decisions of the scores.
      func decided() -> [Int64] {
        guard let scores else { return labels }
        guard isMulticlass else { return scores.map { $0 > 0.5 ? 1 : 0 } }
        let (batch, classes, points) = sizes
        return (0..<batch * points).map { index in
          let (row, point) = (index / points, index % points)
          var best = 0
          for c in 1..<max(classes, 1) {
            let x = scores[(row * classes + c) * points + point]
            if x > scores[(row * classes + best) * points + point] { best = c }
          }
          return Int64(best)
        }
      }

      /// [classes, classes] or [classes, 2, 2], by a dictionary of triples.
      func matrix() -> [Int64] {
        let (_, classes, points) = sizes
        let width = isMulticlass ? classes : 2
        var matrix = [Int64](repeating: 0, count: isMulticlass ? width * width : classes * 4)
        for (index, (prediction, target)) in zip(decided(), targets).enumerated()
        where target != ignored {
          let label = isMulticlass ? 0 : index / points % classes
          matrix[label * 4 + Int(target) * width + Int(prediction)] += 1
        }
        return matrix
      }

      private func withC<Result>(_ body: (LevinDecisions) -> Result) -> Result {
        (scores ?? []).withUnsafeBufferPointer { scores in
          labels.withUnsafeBufferPointer { labels in
            targets.withUnsafeBufferPointer { targets in
              body(
                LevinDecisions(
                  batch: sizes.batch, classes: sizes.classes, points: sizes.points,
                  isMulticlass: isMulticlass,
                  scores: self.scores == nil ? nil : scores.baseAddress, threshold: 0.5,
                  labels: self.scores == nil ? labels.baseAddress : nil,
                  targets: targets.baseAddress!,
                  ignores: ignored != nil, ignored: ignored ?? 0))
            }
          }
        }
      }

      func counted(perClass: Bool) -> [Int64]? {
        let size = perClass || !isMulticlass ? sizes.classes * 4 : sizes.classes * sizes.classes
        var cells = [Int64](repeating: 77, count: size)
        return withC { decisions in
          var decisions = decisions
          let isRight =
            perClass
            ? levin_decision_counts(&decisions, &cells) : levin_decision_matrix(&decisions, &cells)
          return isRight ? cells : nil
        }
      }
    }

    /// True positives, false positives, true negatives and false negatives of each class of a matrix.
    private func counts(_ matrix: [Int64], classes: Int, isMulticlass: Bool) -> [Int64] {
      (0..<classes).flatMap { c -> [Int64] in
        guard isMulticlass else { return [3, 1, 0, 2].map { matrix[c * 4 + $0] } }
        let hits = matrix[c * classes + c]
        let predicted = (0..<classes).reduce(0) { $0 + matrix[$1 * classes + c] }
        let wanted = matrix[c * classes..<(c + 1) * classes].reduce(0, +)
        return [
          hits, predicted - hits, matrix.reduce(0, +) - predicted - wanted + hits, wanted - hits,
        ]
      }
    }

    static let sizes = [
      (1, 2, 1), (64, 10, 1), (300, 17, 1), (40, 70, 1), (5, 3, 33), (3, 20, 700), (20_000, 10, 1),
      (9000, 3, 2), (2, 40, 2000), (2000, 80, 1), (1, 1, 20_000),
    ]

    @Test(arguments: sizes, [false, true])
    func counts(size: (Int, Int, Int), isMulticlass: Bool) {
      let (rows, classes, points) = size
      for (ties, ignored, hasLabels) in [
        (false, nil, false), (true, 1, false), (true, nil, true), (false, -100, true),
      ] as [(Bool, Int64?, Bool)] {
        var batch = Batch(
          rows, classes, points, isMulticlass: isMulticlass, ties: ties, seed: rows + classes)
        batch.ignored = ignored
        if ignored == -100 {
          for index in stride(from: 0, to: batch.targets.count, by: 7) {
            batch.targets[index] = -100
          }
        }
        if hasLabels {
          batch.labels = batch.decided()
          batch.scores = nil
        }
        let matrix = batch.matrix()
        let perClass = counts(matrix, classes: classes, isMulticlass: isMulticlass)
        for (isa, found) in onEachISA({
          [batch.counted(perClass: false), batch.counted(perClass: true)]
        }) {
          #expect(found == [matrix, perClass], "\(isa)")
        }
      }
    }

    @Test func outOfRange() {
      for target in [-1, 2, 10] as [Int64] {
        var batch = Batch(30_000, 2, 1, isMulticlass: true, ties: false, seed: 3)
        batch.targets[29_000] = target
        for (_, found) in onEachISA({ batch.counted(perClass: false) }) { #expect(found == nil) }
        batch.ignored = target
        #expect(batch.counted(perClass: true) != nil)
      }
      var batch = Batch(4, 3, 1, isMulticlass: true, ties: false, seed: 4)
      (batch.scores, batch.labels) = (nil, [0, 1, 2, 3])
      #expect(batch.counted(perClass: true) == nil)
    }

    /// A NaN is the largest, the first of several.
    @Test func notANumber() {
      for classes in [3, 100] {
        var batch = Batch(9, classes, 1, isMulticlass: true, ties: false, seed: 5)
        for row in 0..<9 {
          batch.scores?[row * classes + 1] = .nan
          batch.scores?[row * classes + 2] = .nan
        }
        let found = batch.counted(perClass: false) ?? []
        for (index, count) in found.enumerated() where count > 0 {
          #expect(index % classes == 1)
        }
        #expect(found.reduce(0, +) == 9)
      }
    }

    @Test func withinUnit() {
      for count in [0, 1, 63, 5000] {
        var x = (0..<count).map { Float($0) / Float(max(count - 1, 1)) }
        #expect(levin_is_within_unit(count, x))
        for wrong in [-0.001, 1.001, .nan, .infinity] as [Float] where count > 0 {
          x[count - 1] = wrong
          #expect(!levin_is_within_unit(count, x))
        }
      }
    }

    @Test(arguments: [0, 1, 40, 65, 4000], [false, true]) func ranks(count: Int, ties: Bool) {
      var draws = Draws(seed: UInt64(count))
      var scores = draws.floats(3 * count, in: -2...2)
      if ties { scores = scores.map { ($0 * 4).rounded() / 4 } }
      let targets = (0..<count).map { _ in Int64(draws.int(in: 0...2)) }
      var keys = [UInt64](repeating: 0, count: count + 1)
      var room = keys
      let kept = scores.withUnsafeBufferPointer { scores in
        targets.withUnsafeBufferPointer { targets in
          var column = LevinScores(
            count: count, scores: scores.baseAddress! + (count > 0 ? 1 : 0), step: 3,
            targets: targets.baseAddress!, targetStep: 1, positive: 2, ignores: true, ignored: 0)
          return levin_rank_scores(&column, &keys, &room)
        }
      }
      let expected = (0..<count).filter { targets[$0] != 0 }
        .map { (scores[3 * $0 + 1], targets[$0] == 2) }
        .sorted { ($0.0, $0.1 ? 1 : 0) < ($1.0, $1.1 ? 1 : 0) }
      #expect(kept == expected.count)
      #expect(keys[..<kept].map(levin_score_of_key) == expected.map(\.0))
      #expect(keys[..<kept].map { $0 & 1 == 1 } == expected.map(\.1))
      // Each pair of a target and another counts 2 if the target has the higher score, and 1 if they are equal.
      let (chosen, others) = (expected.filter(\.1), expected.filter { !$0.1 })
      let roc = levin_roc_area(kept, keys)
      #expect(roc.targets == chosen.count && roc.others == others.count)
      let pairs = chosen.map { target in
        others.reduce(0) { $0 + (target.0 > $1.0 ? 2 : target.0 == $1.0 ? 1 : 0) }
      }
      #expect(roc.twiceArea == pairs.reduce(0, +))
    }

    @Test func reachedLimits() {
      let (scores, targets) = ([0.1, 0.5, 0.9, .nan, 0.5] as [Float], [1, 0, 1, 1, 7] as [Int64])
      var reached = [Int64](repeating: 5, count: 8)
      scores.withUnsafeBufferPointer { scores in
        targets.withUnsafeBufferPointer { targets in
          var column = LevinScores(
            count: 5, scores: scores.baseAddress!, step: 1, targets: targets.baseAddress!,
            targetStep: 1, positive: 1, ignores: true, ignored: 7)
          levin_count_reached(&column, 3, [0, 0.5, 0.8], &reached)
        }
      }
      #expect(reached == [0, 1, 0, 1, 1, 0, 0, 1])
    }
  }
}
