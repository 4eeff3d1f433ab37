import CLevinRuntime
import Testing

/// All kernels' tests.
///
/// They switch the instruction set and the thread count of the process, so they run one after the
/// other.
@Suite(.serialized) struct KernelTests {}

extension LevinISA {
  /// The instruction sets that this machine can run; plain is always one of them.
  static var onThisMachine: [LevinISA] {
    [.plain, .avx2, .avx512].filter(levin_isa_available)
  }
}

/// Calls `body` once for each instruction set of this machine, with one and with three threads, and returns its
/// result for each set after checking that the threads made no difference.
func onEachISA<Result: Equatable>(
  _ body: () -> Result, sourceLocation: SourceLocation = #_sourceLocation
) -> [(isa: LevinISA, result: Result)] {
  let isa = levin_isa()
  let threads = levin_thread_count()
  defer {
    levin_set_isa(isa)
    levin_set_thread_count(threads)
  }
  return LevinISA.onThisMachine.map { isa in
    levin_set_isa(isa)
    levin_set_thread_count(1)
    let alone = body()
    levin_set_thread_count(3)
    let shared = body()
    let name = String(cString: levin_isa_name(isa))
    #expect(alone == shared, "\(name): three threads differ", sourceLocation: sourceLocation)
    return (isa, alone)
  }
}

/// Numbers that are the same in each run of the tests.
struct Draws {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// In 0..<1.
  mutating func unit() -> Float { Float(next() >> 40) / Float(1 << 24) }

  mutating func int(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  mutating func floats(_ count: Int, in range: ClosedRange<Float> = -1...1) -> [Float] {
    (0..<count).map { _ in range.lowerBound + unit() * (range.upperBound - range.lowerBound) }
  }
}

/// Row-major floats with room between the rows.
///
/// The room holds a mark that kernels must not touch.
struct Grid: Equatable {
  static let mark: Float = 12345

  var rows: Int
  var columns: Int
  var stride: Int
  var values: [Float]

  init(_ rows: Int, _ columns: Int, gap: Int, from draws: inout Draws) {
    self.init(rows, columns, gap: gap)
    for row in 0..<rows {
      for column in 0..<columns { self[row, column] = draws.unit() * 2 - 1 }
    }
  }

  init(_ rows: Int, _ columns: Int, gap: Int) {
    (self.rows, self.columns, stride) = (rows, columns, columns + gap)
    values = [Float](repeating: Grid.mark, count: rows * stride)
  }

  subscript(row: Int, column: Int) -> Float {
    get { values[row * stride + column] }
    set { values[row * stride + column] = newValue }
  }

  var transposed: Grid {
    var result = Grid(columns, rows, gap: 0)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }

  /// Whether the room between the rows is untouched.
  var isIntact: Bool {
    (0..<rows).allSatisfy { row in
      (columns..<stride).allSatisfy { values[row * stride + $0] == Grid.mark }
    }
  }
}
