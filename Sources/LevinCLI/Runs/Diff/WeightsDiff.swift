internal import Foundation
internal import LevinFormats

/// The weights of two checkpoints, tensor by tensor.
struct WeightsDiff: Sendable {
  struct Tensor: Sendable {
    var name: String
    /// Why the tensors cannot be subtracted; nil when they can.
    var obstacle: String?
    /// The Euclidean norm of the difference.
    var distance = 0.0
    /// The distance over the norm of the first run's tensor; NaN where that is 0.
    var relative = 0.0
    var greatest = 0.0
    var isEqual: Bool { obstacle == nil && distance == 0 }
  }

  var run: Int
  /// Names of the two checkpoints that were compared, each run's last.
  var files: [String]
  var tensors: [Tensor] = []
  /// Why there was nothing to compare.
  var note: String?

  var isEqual: Bool { tensors.allSatisfy(\.isEqual) }

  init(_ first: RunOverview, _ other: RunOverview, run: Int) {
    self.run = run
    let runs = [first, other]
    files = []
    let last = runs.map { $0.checkpoints.last { $0.name.hasSuffix(".safetensors") } }
    guard let left = last[0], let right = last[1] else {
      let without = runs.filter { run in
        !run.checkpoints.contains { $0.name.hasSuffix(".safetensors") }
      }
      let pickled = without.filter { !$0.checkpoints.isEmpty }
      if without.count < 2 || !pickled.isEmpty {
        note =
          Set(without.map(\.name)).sorted().joined(separator: " and ")
          + (Set(without.map(\.name)).count == 1 ? " has" : " have")
          + " no checkpoint in safetensors"
          + (pickled.isEmpty ? "" : " (PyTorch's .ckpt is a pickle, which is not read)")
      }
      return
    }
    files = [left.name, right.name]
    do {
      compare(try SafetensorsFile(path: left.path), try SafetensorsFile(path: right.path))
    } catch {
      note = "\(error)"
    }
  }

  private mutating func compare(_ left: SafetensorsFile, _ right: SafetensorsFile) {
    // What Levin keeps beside the weights, such as the optimizer's state, is no weight.
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
    guard let a = values(left), let b = values(right) else {
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

  /// The numbers of an array; nil for dtypes that are rare among weights.
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
