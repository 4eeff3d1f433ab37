internal import ArgumentParser

/// The training commands as lines of `levin --help`, and for a shell's completion.
///
/// None of them is ever run: their options depend on the model and its data, so ``OptionTree`` reads them before
/// the parser sees them.
protocol TrainingHelp: ParsableCommand {
  static var command: TrainingCommand { get }
}

extension TrainingHelp {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: command.rawValue, abstract: command.abstract,
      usage: "levin \(command.rawValue) [options]",
      discussion: "levin \(command.rawValue) --help lists the options.")
  }
}

enum TrainingHelps {
  /// In the order of ``TrainingCommand``.
  static let all: [any ParsableCommand.Type] = [
    FitHelp.self, ValidateHelp.self, TestHelp.self, PredictHelp.self, PrepareHelp.self,
  ]
}

struct FitHelp: TrainingHelp { static let command = TrainingCommand.fit }
struct ValidateHelp: TrainingHelp { static let command = TrainingCommand.validate }
struct TestHelp: TrainingHelp { static let command = TrainingCommand.test }
struct PredictHelp: TrainingHelp { static let command = TrainingCommand.predict }
struct PrepareHelp: TrainingHelp { static let command = TrainingCommand.prepare }
