extension Trainer {
  /// Prints as Swift's `print` does, above the progress bar if there is one.
  ///
  /// The bar follows the text, so a line break is added if there is none.
  public func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    Terminal.print(items, separator: separator, terminator: terminator)
  }
}

extension LightningModuleBase {
  /// Prints as Swift's `print` does, above the progress bar if there is one; see
  /// ``Trainer/print(_:separator:terminator:)``.
  ///
  /// A plain `print(…)` in a module's methods calls this one.
  public final func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
    Terminal.print(items, separator: separator, terminator: terminator)
  }
}

extension Terminal {
  fileprivate static func print(_ items: [Any], separator: String, terminator: String) {
    print(items.map { "\($0)" }.joined(separator: separator), terminator: terminator)
  }
}
