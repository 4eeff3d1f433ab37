public import LevinConfiguration
public import LevinMetrics
public import LevinNN
public import LevinOptimizers
public import LevinTensor
public import LevinTrainer
public import LevinVision

/// Arguments of a class that has none.
public struct NoOptions: HyperparameterSet {
  /// No arguments.
  public init() {}
}

extension ClassEntry {
  /// A class of one's own kind, for ``ClassChoice``.
  ///
  ///     ClassRegistry.add(.object(of: (any Sampler).self, Weighted.Options.self) { Weighted($0) })
  ///
  /// - Parameter name: Its name in configs; nil: that of the type.
  public static func object<Base, Options: HyperparameterSet, Object>(
    of base: Base.Type, _ options: Options.Type, name: String? = nil, about: String = "",
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry {
    ClassEntry(
      base: self.base(of: base), name: name ?? "\(Object.self)", about: about, options: options,
      make: make)
  }

  /// A loss.
  public static func loss<Options: HyperparameterSet, Object: Loss>(
    _ options: Options.Type, about: String = "",
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry { object(of: Loss.self, options, about: about, make) }

  /// A callback.
  public static func callback<Options: HyperparameterSet, Object: Callback>(
    _ options: Options.Type, about: String = "",
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry { object(of: Callback.self, options, about: about, make) }

  /// A callback without options.
  public static func callback<Object: Callback>(
    about: String = "", _ make: @escaping @Sendable () throws -> Object
  ) -> ClassEntry { callback(NoOptions.self, about: about) { _ in try make() } }

  /// A logger.
  public static func logger<Options: HyperparameterSet, Object: Logger>(
    _ options: Options.Type, about: String = "",
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry { object(of: (any Logger).self, options, about: about, make) }

  /// A metric.
  public static func metric<Options: HyperparameterSet, Object: Metric>(
    _ options: Options.Type, about: String = "",
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry { object(of: Metric.self, options, about: about, make) }

  /// A transform of images.
  public static func transform<Options: HyperparameterSet, Object: ImageTransform>(
    _ options: Options.Type, about: String = "",
    _ make: @escaping @Sendable (Options) throws -> Object
  ) -> ClassEntry { object(of: (any ImageTransform).self, options, about: about, make) }

  /// An optimizer; `make` gets the parameters that it is to train.
  public static func optimizer<Options: OptimizerOptions, Object: Optimizer>(
    _ options: Options.Type, about: String = "",
    _ make: @escaping @Sendable ([Parameter], Options) -> Object
  ) -> ClassEntry { optimizer(options, path: nil, names: [:], about: about, make) }

  /// A scheduler of learning rates; `make` gets the optimizer.
  public static func scheduler<Options: HyperparameterSet, Object: LearningRateScheduler>(
    _ options: Options.Type, about: String = "",
    _ make: @escaping @Sendable (Optimizer, Options) -> Object
  ) -> ClassEntry {
    ClassEntry(
      base: base(of: LearningRateScheduler.self), name: "\(Object.self)", about: about,
      options: options,
      make: { options in SchedulerMaker { optimizer, _ in make(optimizer, options) } })
  }

  static func optimizer<Options: OptimizerOptions, Object: Optimizer>(
    _ options: Options.Type, path: String?, names: [String: String], about: String,
    _ make: @escaping @Sendable ([Parameter], Options) -> Object
  ) -> ClassEntry {
    ClassEntry(
      base: base(of: Optimizer.self), name: "\(Object.self)", path: path, about: about,
      options: options, names: names,
      ignored: ["foreach": nil, "fused": nil, "capturable": nil, "differentiable": [.bool(false)]],
      rule: { try $0.require("learning_rate", $0.learningRate, atLeast: 0) },
      make: { options in OptimizerMaker { make($0, options) } })
  }

  /// The name of what the objects of a type have in common.
  static func base<Base>(of type: Base.Type) -> String { "\(type)".replacing("any ", with: "") }
}

/// Makes an optimizer from the parameters that it is to train.
struct OptimizerMaker: Sendable { let make: @Sendable ([Parameter]) -> Optimizer }

/// Makes a scheduler from its optimizer and the number of steps of the training, nil if it has no end.
struct SchedulerMaker: Sendable {
  let make: @Sendable (Optimizer, Int?) throws -> LearningRateScheduler
}
