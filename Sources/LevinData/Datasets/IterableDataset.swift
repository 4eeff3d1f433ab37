/// Samples that come one after another, in a number that nobody needs to know (torch's `IterableDataset`).
///
/// ``IterableLoader`` makes batches of them.
public protocol IterableDataset<Sample> {
  /// The type of a sample.
  associatedtype Sample
  /// Begins a pass: a function that returns the next sample, and nil at the end.
  func makeSamples() throws -> () throws -> Sample?
}

/// Samples of a sequence, a new one for each pass.
public struct SampleSequence<Sample>: IterableDataset {
  private let makeSequence: () throws -> any Sequence<Sample>

  /// - Parameter makeSequence: Returns the samples of a pass.
  public init(_ makeSequence: @escaping () throws -> any Sequence<Sample>) {
    self.makeSequence = makeSequence
  }

  /// Begins a pass.
  public func makeSamples() throws -> () throws -> Sample? {
    func opened(_ sequence: some Sequence<Sample>) -> () -> Sample? {
      var iterator = sequence.makeIterator()
      return { iterator.next() }
    }
    return opened(try makeSequence())
  }
}

/// Several iterable datasets one after another (torch's `ChainDataset`).
public struct ChainDataset<Sample>: IterableDataset {
  /// The datasets.
  public let parts: [any IterableDataset<Sample>]

  /// Creates a dataset of these parts, which may be none.
  public init(_ parts: [any IterableDataset<Sample>]) { self.parts = parts }

  /// Begins a pass; each part is opened when the one before has ended.
  public func makeSamples() throws -> () throws -> Sample? {
    var rest = parts[...]
    var current: (() throws -> Sample?)?
    return {
      while true {
        if let sample = try current?() { return sample }
        guard let part = rest.popFirst() else { return nil }
        current = try part.makeSamples()
      }
    }
  }
}
