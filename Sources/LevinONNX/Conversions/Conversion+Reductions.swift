internal import LevinTensor

extension Conversion {
  func reductions() throws -> [String]? {
    switch step.name {
    case "sum(dimensions:)":
      let x = try input(0, as: output.dtype)
      let (axes, keeps) = try reduced()
      // Its axes are an input, unlike those of the others in opset 17.
      return [
        axes.isEmpty
          ? x
          : node(
            "ReduceSum", [x, constant(axes)], [("keepdims", .int(keeps))])
      ]
    case "mean(dimensions:)": return try reduction("ReduceMean")
    case "product(dimension:)": return try reduction("ReduceProd")
    case "maximum(dimensions:)": return try reduction("ReduceMax")
    case "minimum(dimensions:)": return try reduction("ReduceMin")
    case "logSumExp(dimensions:)": return try reduction("ReduceLogSumExp")
    case "all(dimensions:)": return try truth("ReduceMin")
    case "any(dimensions:)": return try truth("ReduceMax")
    case "argmax(dimension:)": return try place("ArgMax")
    case "argmin(dimension:)": return try place("ArgMin")
    case "max(dimension:)": return try extreme("ReduceMax", "ArgMax")
    case "min(dimension:)": return try extreme("ReduceMin", "ArgMin")
    case "cumulativeSum(_:)":
      let axis = try axis("dimension", rank: inputs[0].rank)
      return [
        node(
          "CumSum",
          [
            try input(0, as: output.dtype),
            constant(Tensor([Int64(axis)], shape: [])),
          ])
      ]
    case "topK(_:dimension:largest:)":
      guard inputs[0].rank > 0 else { return nil }
      return nodes(
        "TopK", [try input(0), constant([try int("count")])],
        [
          ("axis", .int(try int("dimension"))),
          ("largest", .int(try bool("largest") ? 1 : 0)),
        ], outputs: 2)
    case "sorted(dimension:descending:)": return try sorted()
    case "argsorted(dimension:descending:)":
      return try sorted().map { [$0[1]] }
    default: return nil
    }
  }

  /// The dimensions that disappear, counted from the first, and whether they stay with size 1.
  private func reduced() throws -> (axes: [Int], keeps: Int) {
    let rank = inputs[0].rank
    let axes = try ints("dimensions").map { $0 < 0 ? $0 + rank : $0 }
    return (
      axes.isEmpty ? Array(0..<rank) : axes.sorted(), try bool("keepDimension") ? 1 : 0
    )
  }

  private func reduction(_ operation: String) throws -> [String]? {
    let x = try input(0, as: output.dtype)
    return [try reduce(operation, x)]
  }

  private func reduce(
    _ operation: String, _ x: String
  ) throws -> String {
    let (axes, keeps) = try reduced()
    return axes.isEmpty
      ? x : node(operation, [x], [("axes", .ints(axes)), ("keepdims", .int(keeps))])
  }

  /// ONNX reduces no bools.
  private func truth(_ operation: String) throws -> [String]? {
    let x = cast(try input(0, as: .bool), from: .bool, to: .int32)
    let result = try reduce(operation, x)
    return [cast(result, from: .int32, to: output.dtype)]
  }

  private func place(_ operation: String) throws -> [String]? {
    let (axes, keeps) = try reduced()
    // Along all dimensions it is the place in row-major order.
    guard axes.count == 1, inputs[0].dtype != .bool else { return nil }
    return [
      node(
        operation, [try input(0)], [("axis", .int(axes[0])), ("keepdims", .int(keeps))])
    ]
  }

  private func extreme(
    _ value: String, _ place: String
  ) throws -> [String]? {
    let rank = inputs[0].rank
    guard rank > 0, inputs[0].dtype != .bool else { return nil }
    let axis = try axis("dimension", rank: rank)
    let (x, keeps) = (try input(0), output.rank == rank ? 1 : 0)
    return [
      node(value, [x], [("axes", .ints([axis])), ("keepdims", .int(keeps))]),
      node(place, [x], [("axis", .int(axis)), ("keepdims", .int(keeps))]),
    ]
  }

  private func sorted() throws -> [String]? {
    let rank = inputs[0].rank
    guard rank > 0 else { return nil }
    let axis = try axis("dimension", rank: rank)
    guard let count = inputs[0].sizes[axis].fixed else { return nil }
    return nodes(
      "TopK", [try input(0), constant([count])],
      [("axis", .int(axis)), ("largest", .int(try bool("descending") ? 1 : 0))],
      outputs: 2)
  }
}
