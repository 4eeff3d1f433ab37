/// A float of an optimizer's memory for each element of a parameter, changed in place.
///
/// It begins at a cache line, unlike an array: vectors that straddle two lines make a step of Adam
/// take a third longer on two threads, and more than half on one.
final class Moment {
  let count: Int
  let floats: UnsafeMutablePointer<Float>

  /// `count` zeros.
  init(count: Int) {
    self.count = count
    floats = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: count)
    floats.initialize(repeating: 0, count: count)
  }

  deinit { floats.deallocate() }

  /// A copy of the elements.
  var scalars: [Float] { Array(UnsafeBufferPointer(start: floats, count: count)) }

  /// Overwrites the elements with as many others.
  func assign(_ scalars: [Float]) { floats.update(from: scalars, count: count) }
}
