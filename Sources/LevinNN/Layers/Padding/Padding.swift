internal import LevinSystem
public import LevinTensor

/// Adds places at both ends of the last dimensions: the base of PyTorch's padding layers.
public class Padding: Layer {
  /// Before and after, for the last dimension, the one before, and so on; negative ones take places away.
  public let amounts: [Int]
  let mode: Tensor.PaddingMode
  let value: Double

  fileprivate init(_ amounts: [Int], _ rank: Int, _ mode: Tensor.PaddingMode, _ value: Double = 0) {
    guard amounts.count == 1 || amounts.count == 2 * rank else {
      fail(
        "\(Self.self)", "amounts \(amounts)",
        expected: "one, or a pair for each of \(rank) dimensions")
    }
    self.amounts = amounts.count == 1 ? [Int](repeating: amounts[0], count: 2 * rank) : amounts
    self.mode = mode
    self.value = value
  }

  public override func forward(_ input: Tensor) -> Tensor {
    let places = amounts.count / 2
    guard (places + 1...places + 2).contains(input.rank) else {
      refuse(input, expected: "\(places + 1) or \(places + 2) dimensions")
    }
    return input.padded(amounts, mode: mode, value: value)
  }
}

/// Adds a number at the ends of `[…, length]`.
public final class ConstantPad1d: Padding {
  /// As many places everywhere, with `value` in them.
  public init(_ amount: Int, _ value: Double) { super.init([amount], 1, .constant, value) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int], _ value: Double) { super.init(amounts, 1, .constant, value) }
}

/// Adds a number at the ends of `[…, height, width]`.
public final class ConstantPad2d: Padding {
  /// As many places everywhere, with `value` in them.
  public init(_ amount: Int, _ value: Double) { super.init([amount], 2, .constant, value) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int], _ value: Double) { super.init(amounts, 2, .constant, value) }
}

/// Adds a number at the ends of `[…, depth, height, width]`.
public final class ConstantPad3d: Padding {
  /// As many places everywhere, with `value` in them.
  public init(_ amount: Int, _ value: Double) { super.init([amount], 3, .constant, value) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int], _ value: Double) { super.init(amounts, 3, .constant, value) }
}

/// Adds zeros at the ends of `[…, length]`.
public final class ZeroPad1d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 1, .constant) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 1, .constant) }
}

/// Adds zeros at the ends of `[…, height, width]`.
public final class ZeroPad2d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 2, .constant) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 2, .constant) }
}

/// Adds zeros at the ends of `[…, depth, height, width]`.
public final class ZeroPad3d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 3, .constant) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 3, .constant) }
}

/// Adds the elements inside, mirrored at the ends of `[…, length]`.
public final class ReflectionPad1d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 1, .reflect) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 1, .reflect) }
}

/// Adds the elements inside, mirrored at the ends of `[…, height, width]`.
public final class ReflectionPad2d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 2, .reflect) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 2, .reflect) }
}

/// Adds the elements inside, mirrored at the ends of `[…, depth, height, width]`.
public final class ReflectionPad3d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 3, .reflect) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 3, .reflect) }
}

/// Adds the outermost element at the ends of `[…, length]`.
public final class ReplicationPad1d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 1, .replicate) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 1, .replicate) }
}

/// Adds the outermost element at the ends of `[…, height, width]`.
public final class ReplicationPad2d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 2, .replicate) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 2, .replicate) }
}

/// Adds the outermost element at the ends of `[…, depth, height, width]`.
public final class ReplicationPad3d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 3, .replicate) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 3, .replicate) }
}

/// Adds the elements of the other end at the ends of `[…, length]`.
public final class CircularPad1d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 1, .circular) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 1, .circular) }
}

/// Adds the elements of the other end at the ends of `[…, height, width]`.
public final class CircularPad2d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 2, .circular) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 2, .circular) }
}

/// Adds the elements of the other end at the ends of `[…, depth, height, width]`.
public final class CircularPad3d: Padding {
  /// As many places everywhere.
  public init(_ amount: Int) { super.init([amount], 3, .circular) }
  /// Amounts before and after, for the last dimension first.
  public init(_ amounts: [Int]) { super.init(amounts, 3, .circular) }
}
