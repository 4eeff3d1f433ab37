extension Trainer {
  /// Prints as Swift's `print` does, above the progress bar where there is one.
  ///
  /// Below a text stands the bar, so one that does not end its line has it ended.
  public func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    Terminal.print(items, separator: separator, terminator: terminator)
  }
}

extension LightningModuleBase {
  /// Prints as Swift's `print` does, above the progress bar where there is one; see ``Trainer/print(_:separator:terminator:)``.
  ///
  /// A plain `print(…)` in a module's methods is this one.
  public final func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    Terminal.print(items, separator: separator, terminator: terminator)
  }
}

extension Terminal {
  fileprivate static func print(_ items: [Any], separator: String, terminator: String) {
    print(items.map { "\($0)" }.joined(separator: separator), terminator: terminator)
  }
}
