internal import Foundation
internal import LevinConfiguration

/// The template of a checkpoint's name: text with `{name}` and `{name:format}`.
struct CheckpointName {
  private enum Part {
    case text(String)
    case value(name: String, format: Format?)
  }
  /// A format as C and Python have it, such as `02d` or `.3f`.
  private struct Format {
    let flags: String
    let kind: Character

    init?(_ text: Substring) {
      let kinds: Set<Character> = ["d", "f", "e", "g"]
      let kind = text.last.flatMap { kinds.contains($0) ? $0 : nil }
      let flags = kind == nil ? text : text.dropLast()
      let parts = flags.split(separator: ".", omittingEmptySubsequences: false)
      guard !text.isEmpty, parts.count <= 2, kind != "d" || parts.count < 2,
        parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } && $0.count < 3 }),
        parts.count < 2 || !parts[1].isEmpty
      else { return nil }
      self.flags = String(flags)
      self.kind = kind ?? (parts.count > 1 ? "g" : "d")
    }

    func text(_ value: Double) -> String {
      guard value.isFinite else { return "\(value)" }
      return kind == "d"
        ? String(format: "%\(flags)lld", Int(exactly: value.rounded(.towardZero)) ?? 0)
        : String(format: "%\(flags)\(kind)", value)
    }
  }

  private var parts: [Part] = []
  private let insertsNames: Bool

  /// Throws ``ConfigError`` for an open brace without an end, or an unknown format.
  init(_ template: String, insertsNames: Bool) throws(ConfigError) {
    self.insertsNames = insertsNames
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      guard let close = rest[open...].firstIndex(of: "}") else {
        throw ConfigError(
          "filename: found '{' without '}' in '\(template)'; expected a name such as {epoch}-{val/acc:.2f}",
          key: "filename")
      }
      parts.append(.text(String(rest[..<open])))
      let inner = rest[rest.index(after: open)..<close]
      let colon = inner.lastIndex(of: ":")
      let spec = colon.map { inner[inner.index(after: $0)...] }
      let format = spec.flatMap(Format.init)
      if let spec, format == nil {
        throw ConfigError(
          "filename: found the format '\(spec)' in '\(template)'; expected one such as 02d, .3f, .2e or .4g",
          key: "filename")
      }
      parts.append(.value(name: String(inner[..<(colon ?? inner.endIndex)]), format: format))
      rest = rest[rest.index(after: close)...]
    }
    parts.append(.text(String(rest)))
  }

  /// The name for some values; those that are missing count as 0.
  func text(_ values: [String: Double]) -> String {
    parts.map { part in
      switch part {
      case .text(let text): return text
      case .value(let name, let format):
        let value = values[name] ?? 0
        let text = format?.text(value) ?? Self.short(value)
        // A slash would create folders.
        return insertsNames ? name.map { $0 == "/" ? "-" : "\($0)" }.joined() + "=" + text : text
      }
    }.joined()
  }

  /// At most four decimals.
  static func short(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    if value == value.rounded() { return "\(Int(value))" }
    return "\((value * 10_000).rounded() / 10_000)"
  }
}
