import Foundation
import LevinConfiguration
import LevinOptimizers
import Testing

/// Every option of every optimizer and scheduler has a name, a type, a default and a line of help.
@Suite struct OptionsTests {
  /// The options that a command line and files have, line by line.
  private func lines<Options: HyperparameterSet>(_ owner: String, _ type: Options.Type) throws
    -> [String]
  {
    guard case .group(let fields) = ConfigSchema(of: type) else { return ["\(owner): no options"] }
    #expect(Set(fields.map(\.name)) == Set(type.help.keys), "\(owner)")
    let defaults = ConfigValue(encoding: Options())
    #expect(ConfigValue(encoding: try Options(decoding: defaults)) == defaults, "\(owner)")
    return fields.map { field in
      guard case .leaf(let leaf) = field.schema else { return "\(owner).\(field.name): a group" }
      let help = type.help[field.name] ?? ""
      #expect(
        help.count > 8 && help.hasSuffix(".") && help.first?.isUppercase == true,
        "\(owner).\(field.name): \(help)")
      return "\(owner).\(field.name), \(leaf.expected), \(leaf.defaultValue.text): \(help)"
    }
  }

  /// The whole text, and no set of options in the sources that is not in it.
  private func expectGolden(_ lines: [[String]], _ folder: String, of target: String) throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let file = root.appending(path: "Tests/Golden/\(folder)/options.txt")
    let text = lines.joined().joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["LEVIN_UPDATE_GOLDEN"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
    let sources = root.appending(path: "Sources/\(target)")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    let sets = try (files?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { $0.pathExtension == "swift" }
      .map { try String(contentsOf: $0, encoding: .utf8) }
      .reduce(0) { $0 + $1.matches(of: #/public struct \w*Options: /#).count }
    #expect(lines.count == sets)
  }

  @Test func asAUserSeesThem() throws {
    let all = [
      try lines("Adadelta", Adadelta.Options.self), try lines("Adafactor", Adafactor.Options.self),
      try lines("Adagrad", Adagrad.Options.self), try lines("Adam", Adam.Options.self),
      try lines("Adamax", Adamax.Options.self), try lines("AdamW", AdamW.Options.self),
      try lines("ASGD", ASGD.Options.self), try lines("LBFGS", LBFGS.Options.self),
      try lines("Muon", Muon.Options.self), try lines("NAdam", NAdam.Options.self),
      try lines("RAdam", RAdam.Options.self), try lines("RMSprop", RMSprop.Options.self),
      try lines("Rprop", Rprop.Options.self), try lines("SGD", SGD.Options.self),
      try lines("ConstantLR", ConstantLR.Options.self),
      try lines("CosineAnnealingLR", CosineAnnealingLR.Options.self),
      try lines("CosineAnnealingWarmRestarts", CosineAnnealingWarmRestarts.Options.self),
      try lines("CyclicLR", CyclicLR.Options.self),
      try lines("ExponentialLR", ExponentialLR.Options.self),
      try lines("LinearLR", LinearLR.Options.self),
      try lines("MultiStepLR", MultiStepLR.Options.self),
      try lines("OneCycleLR", OneCycleLR.Options.self),
      try lines("PolynomialLR", PolynomialLR.Options.self),
      try lines("ReduceLROnPlateau", ReduceLROnPlateau.Options.self),
      try lines("StepLR", StepLR.Options.self), try lines("SWALR", SWALR.Options.self),
    ]
    try expectGolden(all, "optimizers", of: "LevinOptimizers")
  }
}
