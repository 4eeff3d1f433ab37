import Foundation
import Levin

/// The callbacks of a golden configuration.
enum GoldenCallbacks {
  struct Unknown: Error {}

  /// Throws what the callback's options throw.
  static func make(_ name: String, _ arguments: JSON, folder: String) throws -> Callback {
    switch name {
    case "ModelCheckpoint":
      var changed = arguments.value as? [String: Any] ?? [:]
      if let directory = arguments["dirpath"].text { changed["dirpath"] = "\(folder)/\(directory)" }
      return ModelCheckpoint(try options(JSON(changed)))
    case "EarlyStopping": return EarlyStopping(try options(arguments))
    case "LearningRateMonitor": return LearningRateMonitor(try options(arguments))
    case "OnExceptionCheckpoint":
      return OnExceptionCheckpoint(directory: "\(folder)/\(arguments["dirpath"].text ?? "")")
    case "Timer": return TrainingTimer(try options(arguments))
    case "StochasticWeightAveraging":
      var changed = arguments.value as? [String: Any] ?? [:]
      if let rate = arguments["swa_lrs"].number { changed["swa_lrs"] = [rate] }
      return StochasticWeightAveraging(try options(JSON(changed)))
    case "WeightAveraging": return WeightAveraging()
    case "EMAWeightAveraging": return EMAWeightAveraging(try options(arguments))
    case "GradientAccumulationScheduler":
      var options = GradientAccumulationScheduler.Options()
      for (epoch, count) in arguments["scheduling"].members {
        options.scheduling[Int(epoch) ?? 0] = count.int
      }
      try options.validate()
      return GradientAccumulationScheduler(options)
    case "BackboneFinetuning":
      var changed = arguments.value as? [String: Any] ?? [:]
      let isDoubling = changed.removeValue(forKey: "lambda_func") != nil
      // With a rate of its own it divides nothing.
      changed.removeValue(forKey: "initial_denom_lr")
      return BackboneFinetuning(
        try options(JSON(changed)), growth: isDoubling ? { _ in 2 } : nil)
    case "LearningRateFinder": return LearningRateFinder(try options(arguments))
    case "BatchSizeFinder": return BatchSizeFinder(try options(arguments))
    case "ModelSummary": return ModelSummary(try options(arguments))
    case "ThroughputMonitor":
      return ThroughputMonitor(.init { $0.windowSize = arguments["window_size"].int ?? 100 })
    default: throw Unknown()
    }
  }

  /// Options from Lightning's arguments.
  static func options<Options: HyperparameterSet>(_ arguments: JSON) throws -> Options {
    var tree = ConfigValue(encoding: Options())
    for (key, value) in arguments.members {
      // A count and a fraction differ.
      tree[key] = config(value, like: key == "swa_epoch_start" ? nil : tree[key])
    }
    let options = try Options(decoding: tree)
    try options.validate()
    return options
  }

  private static func config(_ value: JSON, like old: ConfigValue?) -> ConfigValue {
    if !value.exists { return .null }
    if let days = value["days"].int { return .string("0\(days):00:00:00") }
    if let seconds = value["seconds"].int { return .string("00:00:00:0\(seconds)") }
    if value.value is [Any] { return .array(value.list.map { config($0, like: nil) }) }
    if let bool = value.bool { return .bool(bool) }
    if let whole = value.int {
      if case .float? = old { return .float(Double(whole)) }
      return .integer(whole)
    }
    if let text = value.text { return .string(text) }
    return value.number.map { .float($0) } ?? .null
  }
}
