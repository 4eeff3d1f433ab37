internal import LevinConfiguration
internal import ArgumentParser
internal import LevinTrainer
internal import Synchronization

/// The training commands in the program's help and in shell completions.
///
/// None of them is ever run: their options depend on the model and its data, so ``OptionTree`` reads them before the
/// parser sees them. The parser finds the options of a command through its mirror; this mirror shows those of the
/// tree.
protocol TrainingHelp: ParsableCommand, CustomReflectable {
  static var command: TrainingCommand { get }
}

extension TrainingHelp {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: command.rawValue, abstract: command.abstract,
      usage: "\(Program.name) \(command.rawValue) [options]",
      discussion: "\(Program.name) \(command.rawValue) --help lists the options.")
  }

  var customMirror: Mirror {
    let tree = TrainingHelps.options.withLock { $0.first { $0.command == Self.command } }
    return Mirror(self, children: tree?.completions.map { ($0.name, $0.option) } ?? [])
  }

  init(from decoder: any Decoder) throws {
    // The parser checks that each option of the mirror has a key.
    _ = try decoder.container(keyedBy: AnyKey.self)
    self.init()
  }
}

private struct AnyKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension OptionTree {
  /// The options for shell completion, with the values that they take.
  fileprivate var completions: [(name: String, option: Any)] {
    let file = Option<String?>(
      name: [.short, .long], help: "Read values from a YAML file.",
      completion: .file(extensions: ["yaml", "yml"]))
    let flag = Flag(name: .customLong("print_config"), help: "Print all values as YAML and exit.")
    let options = leaves(of: schema, under: "").filter { command.uses($0.path) }.map { path, leaf in
      let parts = path.split(separator: ".", maxSplits: 1).map(String.init)
      let text = parts.count == 2 ? group(parts[0])?.help[parts[1]] : nil
      let option = Option<String?>(
        name: .customLong(path),
        help: ArgumentHelp(text.map { "\($0)" } ?? "", valueName: leaf.placeholder),
        completion: path == "ckpt_path" ? RunCompletion.checkpoint : leaf.completion)
      return (name: path, option: option as Any)
    }
    let classes = instances(of: schema).filter { command.uses($0.path) }.map { path, instance in
      let option = Option<String?>(
        name: .customLong(path), help: ArgumentHelp(group(path)?.about ?? "", valueName: "class"),
        completion: .list(ClassRegistry.all(instance.base).map(\.name)))
      return (name: path, option: option as Any)
    }
    return [("config", file), ("print_config", flag)] + options + classes
  }
}

extension ConfigSchema.Leaf {
  fileprivate var completion: CompletionKind? {
    switch type {
    case .bool: .list(["true", "false"])
    case .choice(let words): .list(words)
    default: nil
    }
  }
}

enum TrainingHelps {
  /// All of them, in the order of ``TrainingCommand``.
  static let all: [any ParsableCommand.Type] = [
    FitHelp.self, ValidateHelp.self, TestHelp.self, PredictHelp.self, PrepareHelp.self,
  ]
  /// The options of the program's commands, for shell completion.
  static let options = Mutex<[OptionTree]>([])
}

struct FitHelp: TrainingHelp { static let command = TrainingCommand.fit }
struct ValidateHelp: TrainingHelp { static let command = TrainingCommand.validate }
struct TestHelp: TrainingHelp { static let command = TrainingCommand.test }
struct PredictHelp: TrainingHelp { static let command = TrainingCommand.predict }
struct PrepareHelp: TrainingHelp { static let command = TrainingCommand.prepare }
