internal import LevinFormats

/// What a file of tensors holds.
struct WeightsListing {
  struct Row {
    var name: String
    var type: String
    var shape: [Int]
    var bytes: Int
    /// The CRC-32 of the elements, or why they cannot be read.
    var checksum: Result<UInt32, any Error>
  }

  let file: TensorFile
  let rows: [Row]

  init(_ file: TensorFile) {
    self.file = file
    rows = file.entries.map { entry in
      Row(
        name: entry.name, type: entry.typeName, shape: entry.shape, bytes: entry.byteCount,
        checksum: Result { try entry.checksum() })
    }
  }

  private var elementCount: Int {
    rows.reduce(0) { $0 + $1.shape.reduce(1, *) }
  }

  /// The values beside the weights in a file of `torch.save`.
  private var others: [PickleLeaf] {
    guard let content = file.content else { return [] }
    let names = Set(file.entries.map(\.name))
    var budget = 10_000
    return content.leaves([], &budget).filter { leaf in
      // The weights are listed above.
      !leaf.isTensor || !names.contains(leaf.path.last ?? "")
    }
  }

  /// The hyperparameters, what only Python could build, and parts of a few values; of others, their number.
  private var facts: [(name: String, value: String)] {
    let parts = Dictionary(grouping: others) { $0.path.first ?? "" }
    var counted: Set<String> = []
    return file.metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      + others.compactMap { leaf in
        let part = leaf.path.first ?? ""
        let count = parts[part]?.count ?? 0
        if count <= Self.partLimit || part.contains("hyper_parameters") || leaf.isOpaque {
          return (leaf.path.joined(separator: " > "), leaf.text)
        }
        return counted.insert(part).inserted ? (part, "\(count) values; --json shows them") : nil
      }
  }

  private static let partLimit = 8

  private static func hex(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The tensors as a table, and what is beside them.
  func lines(_ page: Page) -> [String] {
    var lines = page.facts(
      file.path,
      [
        file.format.rawValue, plural(rows.count, "tensor"), plural(elementCount, "element"),
        NumberText.bytes(rows.reduce(0) { $0 + $1.bytes }),
      ])
    var table = TextTable(columns: [
      .init("tensor"), .init("type"), .init("shape"), .init("bytes", isRight: true),
      .init("crc32", isRight: true),
    ])
    var problems: [String] = []
    table.rows = rows.map { row in
      let checksum: TextTable.Cell
      switch row.checksum {
      case .success(let sum): checksum = .init(Self.hex(sum))
      case .failure(let error):
        checksum = .init("–", .red)
        problems.append("\(error)")
      }
      return [
        .init(row.name), .init(row.type), .init("\(row.shape)"), .init("\(row.bytes)"), checksum,
      ]
    }
    if !rows.isEmpty { lines += [""] + table.lines(page) }
    for notice in file.notices + problems { lines += [""] + page.hangingIndent(printable(notice)) }
    if !facts.isEmpty {
      lines += ["", page.paint(file.content == nil ? "metadata" : "besides", .bold)]
      for (name, value) in facts {
        lines += page.hangingIndent(
          printable("\(name): \(shortened(value, to: 200))"), indent: 2)
      }
    }
    return lines
  }

  /// Everything, also what the page only counts.
  var json: JSONText {
    .object([
      ("path", .string(file.path)), ("format", .string(file.format.rawValue)),
      (
        "tensors",
        .array(
          rows.map { row in
            var members: [(String, JSONText)] = [
              ("name", .string(row.name)), ("type", .string(row.type)),
              ("shape", .array(row.shape.map { .integer($0) })), ("bytes", .integer(row.bytes)),
            ]
            switch row.checksum {
            case .success(let sum): members.append(("crc32", .string(Self.hex(sum))))
            case .failure(let error): members.append(("error", .string("\(error)")))
            }
            return .object(members)
          })
      ),
      (
        "metadata",
        .object(file.metadata.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
      ),
      ("besides", .object(others.map { ($0.path.joined(separator: " > "), .string($0.text)) })),
      ("notices", .array(file.notices.map { .string($0) })),
    ])
  }
}

/// A value that is neither a list nor a dictionary.
private struct PickleLeaf {
  let path: [String]
  let text: String
  let isTensor: Bool
  let isOpaque: Bool
}

extension PickleValue {
  /// All leaves; `budget` is the largest number of values, since a value may be in several places.
  fileprivate func leaves(_ path: [String], _ budget: inout Int) -> [PickleLeaf] {
    guard budget > 0 else { return [] }
    budget -= 1
    var below: [(key: String, value: PickleValue)] = []
    if let pairs {
      below = pairs.map { ($0.key.text ?? "\($0.key)", $0.value) }
    } else if let elements, elements.contains(where: { $0.pairs != nil || $0.elements != nil }) {
      below = elements.enumerated().map { ("\($0.offset)", $0.element) }
    }
    guard !below.isEmpty else {
      return [
        PickleLeaf(
          path: path, text: "\(self)", isTensor: tensor != nil, isOpaque: kind == .opaque)
      ]
    }
    var result: [PickleLeaf] = []
    for (key, value) in below { result += value.leaves(path + [key], &budget) }
    return result
  }
}
