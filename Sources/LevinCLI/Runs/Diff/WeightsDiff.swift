internal import Foundation
internal import LevinFormats

/// The weights of two checkpoints, compared tensor by tensor.
struct WeightsDiff: Sendable {
  struct Tensor: Sendable {
    var name: String
    /// Why the tensors cannot be subtracted; nil if they can.
    var obstacle: String?
    /// The Euclidean norm of the difference.
    var distance = 0.0
    /// The distance divided by the norm of the first run's tensor; NaN if that is 0.
    var relative = 0.0
    var greatest = 0.0
    var isEqual: Bool { obstacle == nil && distance == 0 }
  }

  /// The state of the comparison.
  enum State: Sendable {
    case compared
    /// Neither run has a checkpoint.
    case absent
    /// Only one run has a checkpoint.
    case onlyOne
    /// Both have one, but not both are safetensors.
    case pickled
    /// A checkpoint is damaged.
    case unreadable
  }

  var run: Int
  var state = State.compared
  /// The names of the two compared checkpoints, the last one of each run.
  var files: [String] = []
  var tensors: [Tensor] = []
  /// Why there was nothing to compare.
  var note: String?
  /// What is wrong with the checkpoints of the first and of the other run.
  var problems: [String?] = [nil, nil]

  /// Whether the runs are known to have different weights.
  var differs: Bool { state == .onlyOne || tensors.contains { !$0.isEqual } }

  init(_ first: RunOverview, _ other: RunOverview, run: Int) {
    self.run = run
    let runs = [first, other]
    let last = runs.map { $0.checkpoints.last { $0.name.hasSuffix(".safetensors") } }
    if let left = last[0], let right = last[1] {
      files = [left.name, right.name]
      let found = [left, right].enumerated().map { number, checkpoint -> SafetensorsFile? in
        do {
          return try SafetensorsFile(path: checkpoint.path)
        } catch {
          problems[number] = "\(error)"
          return nil
        }
      }
      if let left = found[0], let right = found[1] {
        compare(left, right)
      } else {
        state = .unreadable
        note =
          problems.allSatisfy { $0 != nil }
          ? "both checkpoints are damaged" : "the checkpoint of one run is damaged"
      }
      return
    }
    switch runs.count(where: { !$0.checkpoints.isEmpty }) {
    case 0: state = .absent
    case 1:
      state = .onlyOne
      let having = first.checkpoints.isEmpty ? other : first
      note = "only \(having.name) has a checkpoint"
    default:
      state = .pickled
      let names = zip(runs, last).filter { $0.1 == nil }.map { $0.0.name }
      note =
        names.joined(separator: " and ") + (names.count == 1 ? " has" : " have")
        + " no checkpoint in safetensors (PyTorch's .ckpt is a pickle, which is not read)"
    }
  }

  private mutating func compare(_ left: SafetensorsFile, _ right: SafetensorsFile) {
    // Entries beside the weights, such as the optimizer's state, do not count.
    func weights(_ file: SafetensorsFile) -> [(name: String, entry: SafetensorsFile.Entry)] {
      file.entries.filter { !$0.name.hasPrefix("levin.") }
        .sorted { $0.name.compare($1.name, options: .numeric) == .orderedAscending }
    }
    let others = Dictionary(weights(right).map { ($0.name, $0.entry) }) { first, _ in first }
    var names: Set<String> = []
    for (name, entry) in weights(left) {
      names.insert(name)
      guard let other = others[name] else {
        tensors.append(Tensor(name: name, obstacle: "only in the first run"))
        continue
      }
      tensors.append(Self.compare(name, entry, other))
    }
    for (name, _) in weights(right) where !names.contains(name) {
      tensors.append(Tensor(name: name, obstacle: "only in the other run"))
    }
  }

  private static func compare(
    _ name: String, _ left: SafetensorsFile.Entry, _ right: SafetensorsFile.Entry
  ) -> Tensor {
    guard left.shape == right.shape else {
      return Tensor(name: name, obstacle: "shape \(left.shape) against \(right.shape)")
    }
    if left.dtype == right.dtype, left.bytes == right.bytes { return Tensor(name: name) }
    guard let a = values(left), let b = values(right) else {
      if left.dtype == right.dtype {
        return Tensor(name: name, obstacle: "the bytes differ, in \(left.dtype)")
      }
      return Tensor(name: name, obstacle: "dtype \(left.dtype) against \(right.dtype)")
    }
    var tensor = Tensor(name: name)
    var (sum, norm) = (0.0, 0.0)
    for (x, y) in zip(a, b) where !(x.isNaN && y.isNaN) && x != y {
      sum += (x - y) * (x - y)
      tensor.greatest = max(tensor.greatest, abs(x - y))
    }
    for x in a { norm += x * x }
    tensor.distance = sum.squareRoot()
    tensor.relative = (sum / norm).squareRoot()
    return tensor
  }

  /// The numbers of an array; nil for dtypes that are unusual for weights.
  private static func values(_ entry: SafetensorsFile.Entry) -> [Double]? {
    func load<Value: BitwiseCopyable>(_: Value.Type, _ convert: (Value) -> Double) -> [Double] {
      entry.bytes.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: MemoryLayout<Value>.size).map {
          convert(bytes.loadUnaligned(fromByteOffset: $0, as: Value.self))
        }
      }
    }
    switch entry.dtype {
    case "F32": return load(UInt32.self) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
    case "F64": return load(UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) }
    case "BF16":
      return load(UInt16.self) {
        Double(Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16))
      }
    case "I64": return load(Int64.self) { Double(Int64(littleEndian: $0)) }
    case "I32": return load(Int32.self) { Double(Int32(littleEndian: $0)) }
    case "U8", "BOOL": return load(UInt8.self) { Double($0) }
    default: return nil
    }
  }
}
