internal import Foundation
internal import LevinFormats
internal import LevinNN
internal import LevinTensor

/// How a tensor of one file differs from that of another.
struct TensorDiff: Sendable {
  var name: String
  /// Why the tensors cannot be subtracted; nil if they can.
  var obstacle: String?
  /// The Euclidean norm of the difference.
  var distance = 0.0
  /// The distance divided by the norm of the first tensor; NaN if that is 0.
  var relative = 0.0
  var greatest = 0.0
  var isEqual: Bool { obstacle == nil && distance == 0 }

  /// All tensors of two files; what a checkpoint of Levin's holds beside the weights does not count.
  ///
  /// - Parameter names: What the files are called.
  static func all(
    _ left: TensorFile, _ right: TensorFile, names: (String, String)
  ) -> [TensorDiff] {
    func weights(_ file: TensorFile) -> [TensorFile.Entry] {
      file.entries.filter { !$0.name.hasPrefix("levin.") }
        .sorted { $0.name.compare($1.name, options: .numeric) == .orderedAscending }
    }
    return weights(left).map { entry in
      guard let other = right[entry.name] else {
        return TensorDiff(name: entry.name, obstacle: "only in \(names.0)")
      }
      return TensorDiff(entry, other)
    }
      + weights(right).filter { left[$0.name] == nil }
      .map { TensorDiff(name: $0.name, obstacle: "only in \(names.1)") }
  }

  /// All of them if they are at most 40, and otherwise the 20 that differ most, in the order of the file.
  static func most(_ diffs: [TensorDiff]) -> [TensorDiff] {
    guard diffs.count > 40 else { return diffs }
    func weight(_ diff: TensorDiff) -> Double {
      diff.obstacle != nil || diff.relative.isNaN ? .infinity : diff.relative
    }
    let places = diffs.indices.sorted { weight(diffs[$0]) > weight(diffs[$1]) }
    return places.prefix(20).sorted().map { diffs[$0] }
  }

  private init(name: String, obstacle: String?) {
    (self.name, self.obstacle) = (name, obstacle)
  }

  init(_ left: TensorFile.Entry, _ right: TensorFile.Entry) {
    name = left.name
    guard left.shape == right.shape else {
      obstacle = "shape \(left.shape) against \(right.shape)"
      return
    }
    do {
      let haveSameType = left.typeName == right.typeName
      if haveSameType, try left.bytes() == right.bytes() { return }
      guard left.elementType?.widened != nil, right.elementType?.widened != nil else {
        obstacle =
          haveSameType
          ? "the bytes differ, in \(left.typeName)"
          : "type \(left.typeName) against \(right.typeName)"
        return
      }
      try subtract(Self.numbers(left), Self.numbers(right))
    } catch {
      obstacle = "\(error)"
    }
  }

  private static func numbers(_ entry: TensorFile.Entry) throws -> [Double] {
    try Tensor(entry).to(.float64).scalars(as: Double.self)
  }

  private mutating func subtract(_ a: [Double], _ b: [Double]) {
    var (sum, norm) = (0.0, 0.0)
    for (x, y) in zip(a, b) where !(x.isNaN && y.isNaN) && x != y {
      sum += (x - y) * (x - y)
      greatest = max(greatest, abs(x - y))
    }
    for x in a { norm += x * x }
    distance = sum.squareRoot()
    relative = (sum / norm).squareRoot()
  }
}
