extension PickleValue: CustomStringConvertible {
  /// The value as Python would write it; tensors by type and shape, objects as the calls that Python would make.
  ///
  /// Long values are shortened.
  public var description: String {
    var budget = 2000
    return shown(depth: 0, &budget)
  }

  private func shown(depth: Int, _ budget: inout Int) -> String {
    budget -= 1
    guard depth < 32, budget > 0 else { return "…" }
    switch value {
    case .none: return "None"
    case .bool(let flag): return flag ? "True" : "False"
    case .int(let number): return "\(number)"
    case .double(let number): return "\(number)"
    case .text(let text): return Self.quoted(text)
    case .bytes(let bytes): return "<\(bytes.count) bytes>"
    case .name(let name): return name.description
    case .node: break
    }
    func joined(_ values: [PickleTree.Value]) -> String {
      var texts: [String] = []
      for value in values {
        guard budget > 0 else {
          texts.append("…")
          break
        }
        texts.append(sub(value).shown(depth: depth + 1, &budget))
      }
      return texts.joined(separator: ", ")
    }
    func joined(_ pairs: [(key: PickleTree.Value, value: PickleTree.Value)]) -> String {
      var texts: [String] = []
      for (key, value) in pairs {
        guard budget > 0 else {
          texts.append("…")
          break
        }
        let key = sub(key).shown(depth: depth + 1, &budget)
        texts.append("\(key): \(sub(value).shown(depth: depth + 1, &budget))")
      }
      return "{\(texts.joined(separator: ", "))}"
    }
    switch node {
    case .tuple(let members):
      return members.count == 1 ? "(\(joined(members)),)" : "(\(joined(members)))"
    case .list(let members): return "[\(joined(members))]"
    case .dictionary(let dictionary): return joined(dictionary.pairs)
    case .tensor(let view):
      return "tensor(\(view.elementType.name), \(view.shape))"
    case .opaque(let opaque):
      var text = "\(opaque.name)(\(joined(opaque.arguments)))"
      if let reason = opaque.reason {
        text = reason.hasPrefix("a ") ? "<\(reason)>" : "<\(opaque.name) \(reason)>"
      }
      if !opaque.elements.isEmpty { text += "[\(joined(opaque.elements))]" }
      if !opaque.items.isEmpty { text += joined(opaque.items) }
      if let state = opaque.state { text += " with \(sub(state).shown(depth: depth + 1, &budget))" }
      return text
    case .storage, nil: return "<storage>"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "'"
    for scalar in text.unicodeScalars.prefix(1000) {
      switch scalar {
      case "'": quoted += "\\'"
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}":
        let digits = String(scalar.value, radix: 16)
        quoted += "\\x" + (digits.count < 2 ? "0" : "") + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + (text.unicodeScalars.count > 1000 ? "…'" : "'")
  }
}
