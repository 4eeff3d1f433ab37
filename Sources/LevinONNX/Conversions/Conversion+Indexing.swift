internal import LevinTensor

extension Conversion {
  func joining() throws -> [String]? {
    switch step.name {
    case "concatenated(_:dimension:)":
      let axis = try int("dimension")
      let parts = try inputs.indices
        .filter { inputs[$0].first.shape != [0] }
        .map { try input($0, as: output.dtype) }
      return [node("Concat", parts, [("axis", .int(axis))])]
    case "padded(_:)":
      let (amounts, rank) = (try ints("amounts"), inputs[0].rank)
      let mode = try string("mode")
      // Opset 17 has no circular mode, and the order of removing and mirroring is ours.
      guard mode != "circular", mode == "constant" || amounts.allSatisfy({ $0 >= 0 }) else {
        return nil
      }
      guard output.dtype != .bool else { return nil }
      var (before, after) = ([Int](repeating: 0, count: rank), [Int](repeating: 0, count: rank))
      for pair in 0..<(amounts.count / 2) {
        before[rank - 1 - pair] = amounts[2 * pair]
        after[rank - 1 - pair] = amounts[2 * pair + 1]
      }
      let inputs = [try input(0), constant(before + after)]
      return [
        mode == "constant"
          ? node(
            "Pad", inputs + [constant(try double("value"))],
            [("mode", .string("constant"))])
          : node(
            "Pad", inputs, [("mode", .string(mode == "replicate" ? "edge" : mode))])
      ]
    default: return nil
    }
  }

  func indexing() throws -> [String]? {
    switch step.name {
    case "indexSelected(_:_:)":
      let rank = inputs[0].rank
      guard rank > 0, inputs[1].rank == 1 else { return nil }
      return [
        node(
          "Gather", [try input(0), try input(1)],
          [("axis", .int(try axis("dimension", rank: rank)))])
      ]
    case "gathered(_:_:)":
      let rank = inputs[0].rank
      guard rank > 0 else { return nil }
      return [
        node(
          "GatherElements", [try input(0), try input(1)],
          [("axis", .int(try axis("dimension", rank: rank)))])
      ]
    case "scattered(_:_:_:)": return try scattered("none")
    case "scatterAdded(_:_:_:)": return try scattered("add")
    case "embedding(_:)":
      let rows = node("Gather", [try input(0), try input(1)])
      var limit = builder.stateName(of: inputs[0]).flatMap { builder.rowLimits[$0] }
      if limit == nil, let norm = try optionalDouble("maxNorm") {
        limit = (norm, try double("normOrder"))
      }
      guard let limit else { return [rows] }
      return [limited(rows, limit)]
    case "rowsShortened(_:to:order:)":
      // The layer shortens the rows of its table; here each row is shortened when it is looked up.
      if let name = builder.stateName(of: inputs[0]) {
        builder.rowLimits[name] = (
          try double("maxNorm"), try double("normOrder")
        )
      }
      return []
    default: return nil
    }
  }

  private func scattered(
    _ reduction: String
  ) throws -> [String]? {
    let (x, indices, values) = (inputs[0], inputs[1], inputs[2])
    guard x.rank > 0, indices.sizes == values.sizes else { return nil }
    return [
      node(
        "ScatterElements",
        [try input(0), try input(1), try input(2)],
        [
          ("axis", .int(try axis("dimension", rank: x.rank))),
          ("reduction", .string(reduction)),
        ])
    ]
  }

  /// Vectors along the last dimension, shortened to a norm if theirs is larger.
  private func limited(
    _ rows: String, _ limit: (norm: Double, order: Double)
  ) -> String {
    let axes: [(String, ONNXModel.Attribute.Value)] = [
      ("axes", .ints([-1])), ("keepdims", .int(1)),
    ]
    let norm: String
    switch limit.order {
    case 1: norm = node("ReduceL1", [rows], axes)
    case 2: norm = node("ReduceL2", [rows], axes)
    case .infinity: norm = node("ReduceMax", [node("Abs", [rows])], axes)
    default:
      let powers = node(
        "Pow", [node("Abs", [rows]), constant(limit.order)])
      let sum = node(
        "ReduceSum", [powers, constant([-1])], [("keepdims", .int(1))])
      norm = node("Pow", [sum, constant(1 / limit.order)])
    }
    let factor = node(
      "Div",
      [
        constant(limit.norm),
        node("Add", [norm, constant(1e-7)]),
      ])
    let isLong = node("Greater", [norm, constant(limit.norm)])
    return node(
      "Mul", [rows, node("Where", [isLong, factor, constant(1)])])
  }
}
