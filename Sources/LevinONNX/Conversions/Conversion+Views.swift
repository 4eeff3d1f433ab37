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
}
