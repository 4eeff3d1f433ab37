internal import LevinTensor

extension Conversion {
  func normalizations() throws -> [String]? {
    switch step.name {
    case "batchNorm(mean:variance:)":
      let given = try given()
      let channels = inputs[1].first.elementCount
      return [
        node(
          "BatchNormalization",
          [
            try input(0),
            try vector(given["weight"], or: 1, channels),
            try vector(given["bias"], or: 0, channels), try input(1),
            try input(2),
          ], [("epsilon", .float(try double("epsilon")))])
      ]
    case "layerNorm(_:)":
      let (given, shape) = (try given(), try ints("shape"))
      let weight =
        try given["weight"].map { try input($0) }
        ?? constant(Tensor.ones(Shape(shape), dtype: output.dtype))
      let inputs = [try input(0), weight]
      return [
        node(
          "LayerNormalization",
          inputs + (try given["bias"].map { [try input($0)] } ?? []),
          [("axis", .int(-shape.count)), ("epsilon", .float(try double("epsilon")))])
      ]
    case "groupNorm(_:)":
      let groups = try int("groups")
      let rows = node(
        "Reshape", [try input(0), constant([0, groups, -1])])
      let normal = try instanceNormalized(rows, groups)
      let x = inputs[0]
      return [try affine(try reshape(normal, x.sizes, to: x.sizes))]
    case "instanceNorm()":
      let given = try given()
      guard given["mean"] == nil else { return nil }
      let channels = inputs[0].first.shape[1]
      return [
        node(
          "InstanceNormalization",
          [
            try input(0), try vector(given["weight"], or: 1, channels),
            try vector(given["bias"], or: 0, channels),
          ], [("epsilon", .float(try double("epsilon")))])
      ]
    case "localResponseNorm(_:)":
      // ONNX puts the odd neighbour of an even size on the other side, and runtimes want images.
      let size = try int("size")
      guard size % 2 == 1, inputs[0].rank == 4 else { return nil }
      return [
        node(
          "LRN", [try input(0)],
          [
            ("alpha", .float(try double("alpha"))),
            ("beta", .float(try double("beta"))),
            ("bias", .float(try double("k"))), ("size", .int(size)),
          ])
      ]
    default: return nil
    }
  }

  /// The operand of an input, or a vector of one number.
  private func vector(
    _ index: Int?, or number: Double, _ count: Int
  ) throws -> String {
    try index.map { try input($0) }
      ?? constant(Tensor.full([count], number, dtype: output.dtype))
  }

  private func instanceNormalized(
    _ value: String, _ channels: Int
  ) throws -> String {
    node(
      "InstanceNormalization",
      [
        value, try vector(nil, or: 1, channels),
        try vector(nil, or: 0, channels),
      ], [("epsilon", .float(try double("epsilon")))])
  }

  /// `value`, of the output's shape, times a weight and plus a bias for each channel.
  private func affine(_ value: String) throws -> String {
    let given = try given()
    let axes = Array(1..<(max(output.rank - 1, 1)))
    func along(_ index: Int) throws -> String {
      let vector = try input(index)
      return axes.isEmpty
        ? vector : node("Unsqueeze", [vector, constant(axes)])
    }
    var value = value
    if let weight = given["weight"] { value = node("Mul", [value, try along(weight)]) }
    if let bias = given["bias"] { value = node("Add", [value, try along(bias)]) }
    return value
  }
}
