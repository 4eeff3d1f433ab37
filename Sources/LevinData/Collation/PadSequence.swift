internal import LevinSystem
public import LevinTensor

/// The sides of a sequence.
public enum PaddingSide: String, Sendable, Hashable, Codable, CaseIterable {
  /// Before the first element.
  case left
  /// After the last element.
  case right
}

/// Stacks sequences of different lengths, padded to the longest (`torch.nn.utils.rnn.pad_sequence`).
///
/// - Parameters:
///   - sequences: `[length, …]` each, of one dtype, with the same sizes after the first.
///   - batchFirst: Whether the result is `[sequences, length, …]` instead of `[length, sequences, …]`.
///   - paddingValue: The value of the elements that are added.
///   - side: Where they are added.
/// - Returns: A tensor of the same dtype; the gradient of each sequence is its part of the result's.
///   Traps if there are no sequences, or if they do not fit together.
public func padSequence(
  _ sequences: [Tensor], batchFirst: Bool = false, paddingValue: Double = 0,
  side: PaddingSide = .right
) -> Tensor {
  guard let first = sequences.first, first.rank > 0,
    sequences.allSatisfy({
      $0.rank == first.rank && $0.dtype == first.dtype
        && $0.shape.dropFirst().elementsEqual(first.shape.dropFirst())
    })
  else {
    fail(
      "padSequence", "sequences of shapes \(sequences.map(\.shape))",
      expected: "at least one, of one dtype, that differ only in their first size")
  }
  let length = sequences.map { $0.shape[0] }.max() ?? 0
  let padded = sequences.map { sequence in
    let missing = length - sequence.shape[0]
    guard missing > 0 else { return sequence }
    let filler = Tensor.full(
      Shape([missing] + first.shape.dropFirst()), paddingValue, dtype: sequence.dtype,
      device: sequence.device)
    return Tensor.concatenated(side == .right ? [sequence, filler] : [filler, sequence])
  }
  return Tensor.stacked(padded, dimension: batchFirst ? 0 : 1)
}
