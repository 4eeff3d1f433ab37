internal import LevinSystem
public import LevinTensor

/// The base of PyTorch's padding layers: adds elements at both ends of the last dimensions.
public class Padding: Layer {
  /// The amounts before and after each dimension, beginning with the last one; negative amounts remove elements.
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

/// Pads `[…, length]` with a constant.
public final class ConstantPad1d: Padding {
  /// Adds `amount` elements with `value` on each side.
  public init(_ amount: Int, _ value: Double) { super.init([amount], 1, .constant, value) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int], _ value: Double) { super.init(amounts, 1, .constant, value) }
}

/// Pads `[…, height, width]` with a constant.
public final class ConstantPad2d: Padding {
  /// Adds `amount` elements with `value` on each side.
  public init(_ amount: Int, _ value: Double) { super.init([amount], 2, .constant, value) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int], _ value: Double) { super.init(amounts, 2, .constant, value) }
}

/// Pads `[…, depth, height, width]` with a constant.
public final class ConstantPad3d: Padding {
  /// Adds `amount` elements with `value` on each side.
  public init(_ amount: Int, _ value: Double) { super.init([amount], 3, .constant, value) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int], _ value: Double) { super.init(amounts, 3, .constant, value) }
}

/// Pads `[…, length]` with zeros.
public final class ZeroPad1d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 1, .constant) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 1, .constant) }
}

/// Pads `[…, height, width]` with zeros.
public final class ZeroPad2d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 2, .constant) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 2, .constant) }
}

/// Pads `[…, depth, height, width]` with zeros.
public final class ZeroPad3d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 3, .constant) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 3, .constant) }
}

/// Pads `[…, length]` by reflection at its ends; the outermost elements are not repeated.
public final class ReflectionPad1d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 1, .reflect) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 1, .reflect) }
}

/// Pads `[…, height, width]` by reflection at its ends; the outermost elements are not repeated.
public final class ReflectionPad2d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 2, .reflect) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 2, .reflect) }
}

/// Pads `[…, depth, height, width]` by reflection at its ends; the outermost elements are not repeated.
public final class ReflectionPad3d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 3, .reflect) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 3, .reflect) }
}

/// Pads `[…, length]` by repeating its outermost elements.
public final class ReplicationPad1d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 1, .replicate) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 1, .replicate) }
}

/// Pads `[…, height, width]` by repeating its outermost elements.
public final class ReplicationPad2d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 2, .replicate) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 2, .replicate) }
}

/// Pads `[…, depth, height, width]` by repeating its outermost elements.
public final class ReplicationPad3d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 3, .replicate) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 3, .replicate) }
}

/// Pads `[…, length]` with the elements of the opposite end.
public final class CircularPad1d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 1, .circular) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 1, .circular) }
}

/// Pads `[…, height, width]` with the elements of the opposite end.
public final class CircularPad2d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 2, .circular) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 2, .circular) }
}

/// Pads `[…, depth, height, width]` with the elements of the opposite end.
public final class CircularPad3d: Padding {
  /// Adds `amount` elements on each side.
  public init(_ amount: Int) { super.init([amount], 3, .circular) }
  /// Takes the amounts before and after each dimension, beginning with the last dimension.
  public init(_ amounts: [Int]) { super.init(amounts, 3, .circular) }
}
