public import LevinTensor

/// The order in which a loader visits the samples of a dataset (torch's `Sampler`).
///
/// A sampler of one's own returns any indices of the dataset, as often as it likes. So that a pass can be resumed in
/// its middle, its order must depend on nothing but the generator that it is given and what does not change between
/// the two runs.
public protocol Sampler<Element> {
  /// `Int` for a sampler of samples, `[Int]` for one of batches.
  associatedtype Element
  /// The number of elements in a pass.
  var count: Int { get }
  /// The sampler's own generator, whose state a checkpoint saves; nil, the default, for the default generator.
  var generator: LevinTensor.Generator? { get }
  /// Whether every pass has a new order; true by default.
  var shuffles: Bool { get }
  /// The order of a pass, with all random numbers drawn from `generator`.
  func order(drawingFrom generator: LevinTensor.Generator) -> [Element]
  /// Whether the order is drawn from a new generator, whose seed is drawn from the default one; false by default.
  var drawsFromNewGenerator: Bool { get }
  /// Draws what is drawn when the last element has been used; nothing by default.
  func finish(drawingFrom generator: LevinTensor.Generator)
  /// Announces the epoch of the next pass; does nothing by default.
  func setEpoch(_ epoch: Int)
}

extension Sampler {
  /// nil: the default generator.
  public var generator: LevinTensor.Generator? { nil }
  /// true.
  public var shuffles: Bool { true }
  /// false.
  public var drawsFromNewGenerator: Bool { false }
  /// Draws nothing.
  public func finish(drawingFrom generator: LevinTensor.Generator) {}
  /// Does nothing.
  public func setEpoch(_ epoch: Int) {}
}

/// The samples in the order of the dataset (torch's `SequentialSampler`).
public struct SequentialSampler: Sampler {
  /// The number of samples.
  public let count: Int

  /// The order 0..<count.
  public init(count: Int) { self.count = count }

  /// false.
  public var shuffles: Bool { false }
  /// 0..<count.
  public func order(drawingFrom generator: LevinTensor.Generator) -> [Int] { Array(0..<count) }
}
