internal import LevinTensor

extension Conversion {
  func views() throws -> [String]? {
    switch step.name {
    case "reshaped(to:)":
      let x = inputs[0]
      guard !x.first.shape.isEmpty, output.rank > 0 else {
        let shape = constant(output.first.shape.map { $0 })
        return [node("Reshape", [try input(0), shape])]
      }
      return [try reshape(try input(0), x, to: output)]
    case "flattened(from:through:)":
      let (x, y) = (inputs[0], output)
      guard x.rank >= 2, y.rank == 2, x.sizes[0] == y.sizes[0] else { return nil }
      return [node("Flatten", [try input(0)], [("axis", .int(1))])]
    case "transposed(_:_:)":
      var order = Array(0..<inputs[0].rank)
      order.swapAt(try int("first"), try int("second"))
      return [node("Transpose", [try input(0)], [("perm", .ints(order))])]
    case "permuted(_:)":
      return [
        node(
          "Transpose", [try input(0)], [("perm", .ints(try ints("order")))])
      ]
    case "expanded(to:)":
      // A size of 1 keeps that of the input.
      let (old, new) = (inputs[0].sizes, output.sizes)
      let added = new.count - old.count
      let sizes = new.indices.map { axis in
        axis >= added && old[axis - added] == new[axis]
          ? TensorPair.Size(perSample: 0, rest: 1) : new[axis]
      }
      let shape = try builder.shape(sizes, in: step.scopes)
      return [node("Expand", [try input(0), shape])]
    case "squeezed(_:)":
      let axes = insertions(from: output, to: inputs[0])
      return [node("Squeeze", [try input(0), constant(axes)])]
    case "unsqueezed(_:)":
      let axes = insertions(from: inputs[0], to: output)
      return [node("Unsqueeze", [try input(0), constant(axes)])]
    case "narrowed(_:start:length:)":
      let (axis, step) = (try int("dimension"), try int("step"))
      guard step > 0 else {
        // Only reversing takes steps backwards.
        return [
          slice(try input(0), axis, -1, -Int(Int32.max), step: step)
        ]
      }
      let (start, length) = (try int("start"), try int("length"))
      return [
        slice(
          try input(0), axis, start, start + (length - 1) * step + 1,
          step: step)
      ]
    case "selected(_:_:)":
      let index = constant(Tensor([Int64(try int("index"))], shape: []))
      return [
        node(
          "Gather", [try input(0), index],
          [("axis", .int(try int("dimension")))])
      ]
    case "split(_:dimension:)":
      let axis = try int("dimension")
      let sizes = step.outputs.compactMap { $0.sizes[axis].fixed }
      guard sizes.count == step.outputs.count else {
        throw ONNXError("pieces whose sizes depend on the batch; expected fixed ones")
      }
      return nodes(
        "Split", [try input(0), constant(sizes)], [("axis", .int(axis))],
        outputs: sizes.count)
    case "unbound(_:)":
      let axis = try int("dimension")
      guard inputs[0].sizes[axis].fixed != nil else {
        throw ONNXError("a tensor for each sample; expected a fixed number of them")
      }
      let x = try input(0)
      return step.outputs.indices.map { index in
        let place = constant(Tensor([Int64(index)], shape: []))
        return node("Gather", [x, place], [("axis", .int(axis))])
      }
    default: return nil
    }
  }

  /// The dimensions of size 1 that `larger` has and `smaller` lacks.
  private func insertions(from smaller: TensorPair, to larger: TensorPair) -> [Int] {
    var rest = smaller.sizes[...]
    var axes: [Int] = []
    let sizes = larger.sizes
    for (axis, size) in sizes.enumerated() {
      // A size of 1 stays if the smaller tensor has as many of them from here on.
      let ones = sizes[axis...].prefix { $0.fixed == 1 }.count
      if size.fixed == 1, rest.prefix(while: { $0.fixed == 1 }).count < ones {
        axes.append(axis)
      } else {
        rest = rest.dropFirst()
      }
    }
    return axes
  }

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

  func resizing() throws -> [String]? {
    switch step.name {
    case "interpolated(to:)": return try resized()
    case "interpolated(by:)": return try resized()
    default: return nil
    }
  }

  /// One operator for what every runtime computes in the same way; the rest are sums of gathered elements.
  private func resized() throws -> [String]? {
    let (x, mode) = (inputs[0], try string("mode"))
    let source = x.first.shape.dropFirst(2).map { $0 }
    let target = self.output.first.shape.dropFirst(2).map { $0 }
    guard x.dtype == .float32, try !bool("antialias") else { return nil }
    let isWhole = zip(source, target).allSatisfy { $1 % $0 == 0 }
    var attributes: [(String, ONNXModel.Attribute.Value)]
    switch mode {
    case "nearest" where isWhole:
      attributes = [
        ("coordinate_transformation_mode", .string("asymmetric")), ("mode", .string("nearest")),
        ("nearest_mode", .string("floor")),
      ]
    case "linear", "bilinear", "trilinear", "bicubic":
      // With factors that the sizes do not follow exactly, positions are others.
      let factors = (try? string("factors")) != nil
      let alignsCorners = try bool("alignCorners")
      guard alignsCorners || !factors || isWhole else { return nil }
      attributes = [
        (
          "coordinate_transformation_mode",
          .string(alignsCorners ? "align_corners" : "half_pixel")
        ),
        ("mode", .string(mode == "bicubic" ? "cubic" : "linear")),
      ]
      if mode == "bicubic" { attributes.append(("cubic_coeff_a", .float(-0.75))) }
    default: return nil
    }
    // The sizes of batch and channels are the input's, whatever they are.
    let scales = zip(source, target).map { Float(Double($1) / Double()) }
    if isWhole, !(try bool("alignCorners")) {
      let all = Tensor([1, 1] + scales, shape: [scales.count + 2])
      return [
        node(
          "Resize", [try input(0), "", constant(all)], attributes)
      ]
    }
    let sizes = try builder.shape(
      output.sizes, in: step.scopes)
    return [node("Resize", [try input(0), "", "", sizes], attributes)]
  }
}
