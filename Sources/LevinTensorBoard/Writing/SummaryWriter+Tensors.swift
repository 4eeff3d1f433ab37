extension SummaryWriter {
  /// Adds the values of a tensor, row-major, for programs that read event files: no tab of TensorBoard shows them.
  ///
  /// Traps unless the number of `values` matches `shape`.
  public func addTensor(
    _ tag: String, _ values: [Float], shape: [Int], step: Int = 0, wallTime: Double? = nil
  ) {
    addTensor(tag, .floats(values), values.count, shape, step, wallTime)
  }

  /// Adds the values of an integer tensor.
  public func addTensor(
    _ tag: String, _ values: [Int64], shape: [Int], step: Int = 0, wallTime: Double? = nil
  ) {
    addTensor(tag, .integers(values), values.count, shape, step, wallTime)
  }

  private func addTensor(
    _ tag: String, _ values: TensorSummary.Values, _ count: Int, _ shape: [Int], _ step: Int,
    _ wallTime: Double?
  ) {
    let expected = shape.reduce(1.0) { $0 * Double($1) }
    guard shape.allSatisfy({ $0 >= 0 }), expected == Double(count) else {
      refuse(
        "addTensor", tag, found: "\(count) values for the shape \(shape)",
        expected: "sizes of 0 or more whose product is the number of values")
    }
    add(
      tag, .tensor(TensorSummary(shape: shape, values: values)), SummaryMetadata(plugin: "tensor"),
      step, wallTime)
  }
}
