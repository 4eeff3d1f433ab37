import Synchronization

/// Numbers the event files of this process, from 0.
enum FileCounter {
  private static let counter = Atomic<Int>(0)

  static func next() -> Int { counter.wrappingAdd(1, ordering: .relaxed).oldValue }
}
