import Foundation

extension Tensor: CustomStringConvertible {
  /// The text of PyTorch's `str(tensor)`: 4 decimals, 80 columns, more than 1000 elements summarised.
  public var description: String {
    guard isOnHost else {
      return onHost().description.dropLast() + ", device='\(device)')"
    }
    var suffix = ""
    if dtype != .float32, dtype != .int64, dtype != .bool { suffix = ", dtype=torch.\(dtype.name)" }
    guard elementCount > 0 else {
      let size = rank == 1 ? "" : ", size=(\(shape.map(String.init).joined(separator: ", ")))"
      let type = dtype == .float32 ? "" : ", dtype=torch.\(dtype.name)"
      return "tensor([]\(size)\(type))"
    }
    let summarises = elementCount > 1000
    let format = ElementFormat(self, shown: shownIndices(0, 0, summarises))
    let body =
      rank == 0
      ? format.text(self, 0, padded: false)
      : nested(0, 0, indent: 7, summarises, format)
    // The dtype gets its own line if the 80 columns are full.
    let last =
      ("tensor(" + body).split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
    if last + 2 + suffix.count > 80, !suffix.isEmpty {
      suffix = ",\n       " + suffix.dropFirst(2)
    }
    return "tensor(" + body + suffix + ")"
  }

  private static let edgeItems = 3

  private func shownIndices(_ axis: Int, _ offset: Int, _ summarises: Bool) -> [Int] {
    guard axis < rank else { return [offset] }
    let stride = shape[(axis + 1)...].reduce(1, *)
    return positions(axis, summarises).flatMap {
      $0.map { shownIndices(axis + 1, offset + $0 * stride, summarises) } ?? []
    }
  }

  /// The positions along an axis that are printed; nil stands for the dots.
  private func positions(_ axis: Int, _ summarises: Bool) -> [Int?] {
    let size = shape[axis]
    guard summarises, size > 2 * Self.edgeItems else { return (0..<size).map { $0 } }
    return (0..<Self.edgeItems).map { $0 } + [nil] + ((size - Self.edgeItems)..<size).map { $0 }
  }

  private func nested(
    _ axis: Int, _ offset: Int, indent: Int, _ summarises: Bool, _ format: ElementFormat
  ) -> String {
    let stride = shape[(axis + 1)...].reduce(1, *)
    let positions = positions(axis, summarises)
    if axis == rank - 1 {
      let items = positions.map { position in
        position.map { format.text(self, offset + $0, padded: true) } ?? " ..."
      }
      let perLine = Swift.max(1, (80 - indent) / (format.width + 2))
      let lines = Swift.stride(from: 0, to: items.count, by: perLine).map {
        items[$0..<Swift.min($0 + perLine, items.count)].joined(separator: ", ")
      }
      return "[" + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
    }
    let rows = positions.map { position in
      position.map {
        nested(axis + 1, offset + $0 * stride, indent: indent + 1, summarises, format)
      }
        ?? "..."
    }
    let breaks = String(repeating: "\n", count: rank - axis - 1)
    return "[" + rows.joined(separator: "," + breaks + String(repeating: " ", count: indent + 1))
      + "]"
  }
}

/// How the elements of one tensor are written: all with the same width.
private struct ElementFormat {
  private enum Style { case integer, bool, whole, decimals, scientific }
  private var style: Style
  private(set) var width = 0

  init(_ tensor: Tensor, shown: [Int]) {
    var counted = shown
    switch tensor.dtype {
    case .bool: style = .bool
    case .int32, .int64, .uint8: style = .integer
    case .float32, .float64, .float16, .bfloat16:
      // As in PyTorch, zeros and non-finite elements do not make the columns of floats wider.
      counted = shown.filter { tensor.element($0).isFinite && tensor.element($0) != 0 }
      let values = counted.map(tensor.element)
      let sizes = values.map(abs)
      let (least, most) = (sizes.min() ?? 1, sizes.max() ?? 1)
      let isWide = most / least > 1000 || most > 1e8
      if values.allSatisfy({ $0 == $0.rounded(.up) }) {
        style = isWide ? .scientific : .whole
      } else {
        style = isWide || least < 1e-4 ? .scientific : .decimals
      }
    }
    width = counted.map { text(tensor, $0, padded: false).count }.max() ?? 1
  }

  /// Element `index` of `tensor`.
  func text(_ tensor: Tensor, _ index: Int, padded: Bool) -> String {
    var text: String
    switch style {
    case .integer: text = String(tensor.integer(index))
    case .bool: text = tensor.integer(index) == 0 ? "False" : "True"
    case .whole, .decimals, .scientific: text = self.text(tensor.element(index))
    }
    if padded { text = String(repeating: " ", count: Swift.max(0, width - text.count)) + text }
    return text
  }

  private func text(_ value: Double) -> String {
    switch style {
    case _ where value.isNaN: "nan"
    case _ where value.isInfinite: value < 0 ? "-inf" : "inf"
    case .decimals: String(format: "%.4f", value)
    case .scientific: String(format: "%.4e", value)
    default: String(format: "%.0f.", value)
    }
  }
}
