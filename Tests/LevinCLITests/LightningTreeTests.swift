import Foundation
import Levin
import Testing

@testable import LevinCLI

/// Configs are read as Python's LightningCLI reads them; the cases and its trees are from
/// scripts/golden/make_lightning_cli.py.
@Suite struct LightningTreeTests {
  struct Case: Decodable, CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    var environment: [String: String]
    var arguments: [String]
    var style: String
    var testDescription: String { name }
  }

  private static let texts: [(item: Case, tree: ConfigValue)] = {
    do {
      let data = try Data(contentsOf: GoldenText.folder.appending(path: "cli/lightning-cli.json"))
      let cases = try JSONDecoder().decode([Case].self, from: data)
      // JSON is YAML, too.
      let trees = try ConfigValue(yaml: String(decoding: data, as: UTF8.self), file: "cases").items
      return zip(cases, trees).map { ($0, $1["tree"] ?? .null) }
    } catch { fatalError("\(error)") }
  }()

  @Test(arguments: texts.indices)
  func tree(index: Int) throws {
    let (item, expected) = Self.texts[index]
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "levin-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in item.files { try Data(text.utf8).write(to: folder.appending(path: name)) }
    let arguments = item.arguments.map {
      item.files[$0] == nil ? $0 : folder.appending(path: $0).path
    }
    let parsed =
      switch item.style {
      case "linked":
        RayProgram.one.link("data.batch_size", to: "model.width").parsed(
          arguments, environment: item.environment)
      case "classes": RayProgram.several.parsed(arguments, environment: item.environment)
      default: RayProgram.one.parsed(arguments, environment: item.environment)
      }
    guard expected != .null else {
      #expect(!parsed.errors.isEmpty, "\(item.name)")
      return
    }
    #expect(parsed.errors.isEmpty, "\(item.name): \(parsed.errors)")
    let differences = Self.differences(parsed.tree, expected, at: "", parsed)
    #expect(differences.isEmpty, "\(item.name): \(differences)")
  }

  /// What Python prints is read as it is, to the same tree, with one note about keys without meaning here.
  @Test(arguments: texts.indices)
  func printedByPython(index: Int) throws {
    let (item, expected) = Self.texts[index]
    guard expected != .null, item.style != "linked" else { return }
    let file = FileManager.default.temporaryDirectory
      .appending(path: "levin-\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(expected.yaml().utf8).write(to: file)
    let program = ["--config", file.path, "--seed_everything", "null"]
    let parsed =
      item.style == "classes" ? RayProgram.several.parsed(program) : RayProgram.one.parsed(program)
    #expect(parsed.errors.isEmpty, "\(item.name): \(parsed.errors)")
    #expect(parsed.notes.count == 1)
    let differences = Self.differences(parsed.tree, expected, at: "", parsed)
    #expect(differences.filter { !$0.hasPrefix("seed") }.isEmpty, "\(item.name): \(differences)")
  }

  /// What Levin reads otherwise than Python.
  ///
  /// A null of Python's is Levin's default. Keys that Levin does not have must be among those that it ignores; those
  /// that Python does not have are Levin's own and not compared.
  private static func differences(
    _ own: ConfigValue, _ other: ConfigValue, at path: String, _ parsed: ParsedOptions
  ) -> [String] {
    switch (own, other) {
    case (_, .null): return []
    case (.array(let a), .array(let b)):
      guard a.count == b.count else { return ["\(path): \(own.text), not \(other.text)"] }
      return zip(a, b).enumerated().flatMap {
        differences($1.0, $1.1, at: "\(path)[\($0)]", parsed)
      }
    // One object in place of a list of one.
    case (.array(let items), .object) where items.count == 1:
      return differences(items[0], other, at: path, parsed)
    // A class's name without its package.
    case (.string(let a), .string(let b)) where path.hasSuffix("class_path"):
      let last = b.split(separator: ".").last.map(String.init) ?? b
      return a == b || a == last
        || a == "lightning.pytorch.cli.ReduceLROnPlateau" && last == "ReduceLROnPlateau"
        ? [] : ["\(path): \(a), not \(b)"]
    case (.object, .object(let members)):
      return members.flatMap { member -> [String] in
        let key = path.isEmpty ? member.key : "\(path).\(member.key)"
        guard let value = own[member.key] else {
          return knownToBeAbsent(key, member.value) ? [] : ["\(key): missing"]
        }
        return differences(value, member.value, at: key, parsed)
      }
    // A list where Python has one number for all groups, and true for one batch.
    case (.array(let items), .integer), (.array(let items), .float):
      return items.count == 1 && items[0].isSame(other)
        ? [] : ["\(path): \(own.text), not \(other.text)"]
    case (.integer(let number), .bool(let isOn)) where path.hasSuffix("fast_dev_run"):
      return number == (isOn ? 1 : 0) ? [] : ["\(path): \(number)"]
    // Without a seed, Lightning takes 0 and Levin a new one.
    case (.null, .integer(0)), (.null, .bool(false)):
      return path == "seed_everything" ? [] : ["\(path): null, not \(other.text)"]
    default: return own.isSame(other) ? [] : ["\(path): \(own.text), not \(other.text)"]
    }
  }

  /// Python's keys without a counterpart: its defaults ask for what Levin does.
  private static func knownToBeAbsent(_ key: String, _ value: ConfigValue) -> Bool {
    let name = String(key.split(separator: ".").last ?? "")
    return LightningKey.all.contains { $0.path == key && $0.matches(value.text) }
      || [
        "foreach", "fused", "capturable", "differentiable", "last_epoch", "log_rank_zero_only",
        "size_average", "reduce", "flush_logs_every_n_steps",
      ].contains(name)
  }
}

extension ConfigValue {
  /// Whether both are the same value; 1 is 1.0.
  fileprivate func isSame(_ other: ConfigValue) -> Bool {
    switch (self, other) {
    case (.integer(let a), .float(let b)), (.float(let b), .integer(let a)): Double(a) == b
    case (.array(let a), .array(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.isSame($1) }
    default: self == other
    }
  }
}
