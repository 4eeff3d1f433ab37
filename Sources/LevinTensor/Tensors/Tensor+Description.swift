import Foundation

extension Tensor: CustomStringConvertible {
  /// The text that `str(tensor)` gives in PyTorch: 4 decimals, 80 columns, more than 1000 elements summarised.
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
      ? format.text(element(0), padded: false)
      : nested(0, 0, indent: 7, summarises, format)
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

  /// The positions along an axis that are shown; nil stands for the dots.
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
        position.map { format.text(element(offset + $0), padded: true) } ?? " ..."
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

/// How the elements of one tensor are written: all in the same width.
private struct ElementFormat {
  private enum Style { case integer, bool, whole, decimals, scientific }
  private var style: Style
  private(set) var width = 0

  init(_ tensor: Tensor, shown: [Int]) {
    let values = shown.map(tensor.element)
    switch tensor.dtype {
    case .bool: style = .bool
    case .int32, .int64, .uint8: style = .integer
    case .float32, .float64, .float16, .bfloat16:
      let sizes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
      let (least, most) = (sizes.min() ?? 1, sizes.max() ?? 1)
      let isWhole = values.allSatisfy { !$0.isFinite || $0 == $0.rounded(.up) }
      if isWhole {
        style = most / least > 1000 || most > 1e8 ? .scientific : .whole
      } else {
        style = most / least > 1000 || most > 1e8 || least < 1e-4 ? .scientific : .decimals
      }
    }
    // As in PyTorch, neither zeros nor what is not finite make the columns of floats wider.
    let counted = tensor.dtype.isFloatingPoint ? values.filter { $0.isFinite && $0 != 0 } : values
    width = counted.map { text($0, padded: false).count }.max() ?? 1
  }

  func text(_ value: Double, padded: Bool) -> String {
    var text: String
    switch style {
    case .integer: text = String(Int64(value))
    case .bool: text = value == 0 ? "False" : "True"
    case _ where value.isNaN: text = "nan"
    case _ where value.isInfinite: text = value < 0 ? "-inf" : "inf"
    case .whole: text = String(format: "%.0f.", value)
    case .decimals: text = String(format: "%.4f", value)
    case .scientific: text = String(format: "%.4e", value)
    }
    if padded { text = String(repeating: " ", count: Swift.max(0, width - text.count)) + text }
    return text
  }
}
