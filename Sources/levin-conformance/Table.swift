import LevinTensor

/// From the names of PyTorch's suite to calls of Levin's public interface, a line each.
typealias Call = (Case) throws -> [Tensor]

func makeTable() -> [String: Call] {
  [arithmetic, reductions, shapes, indexing, products, creation, layers].reduce(into: [:]) {
    $0.merge($1) { first, _ in first }
  }
}

/// A function of two tensors, or of a tensor and a number on either side.
private func pair(
  _ tensors: @escaping (Tensor, Tensor) -> Tensor,
  _ right: @escaping (Tensor, AnyNumber) -> Tensor
) -> Call {
  { c in
    let x = try c.x
    if case .tensor(let other) = c.value("other", 0) ?? c.value("exponent", 0) {
      return [tensors(x, other)]
    }
    guard let number = try c.number("other", 0) ?? c.number("exponent", 0) else {
      throw CaseError("no second operand")
    }
    return [right(x, AnyNumber(number: number))]
  }
}

/// A number of any kind.
struct AnyNumber: TensorNumber {
  let number: Number
}

private func unary(_ function: @escaping (Tensor) -> Tensor) -> Call {
  { c in [function(try c.x)] }
}

private var arithmetic: [String: Call] {
  [
    "abs": unary { $0.absolute() },
    "add": { c in
      let x = try c.x
      let other = try Case.tensor(c.value("other", 0), "other")
      guard let alpha = try c.number("alpha", 1) else {
        if let number = try? c.number("other", 0) { return [x + AnyNumber(number: number)] }
        return [x + other]
      }
      return [x + other * AnyNumber(number: alpha)]
    },
    "sub": { c in
      let x = try c.x
      let other = try Case.tensor(c.value("other", 0), "other")
      guard let alpha = try c.number("alpha", 1) else { return [x - other] }
      return [x - other * AnyNumber(number: alpha)]
    },
    "mul": pair(*) { $0 * $1 },
    "div": { c in
      let (x, other) = (try c.x, try Case.tensor(c.value("other", 0), "other"))
      return switch try c.text("rounding_mode", 1) {
      case "floor": [x.divided(by: other, rounding: .floor)]
      case "trunc": [x.divided(by: other, rounding: .truncate)]
      default: [x / other]
      }
    },
    "pow": pair({ $0.power($1) }) { $0.power($1) },
    "remainder": { c in [try c.x.remainder(dividingBy: Case.tensor(c.value("other", 0), "other"))]
    },
    "reciprocal": unary { $0.reciprocal() },
    "neg": unary { -$0 },
    "sign": unary { $0.sign() },
    "square": unary { $0.squared() },
    "sqrt": unary { $0.sqrt() },
    "rsqrt": unary { $0.rsqrt() },
    "exp": unary { $0.exp() },
    "expm1": unary { $0.expm1() },
    "log": unary { $0.log() },
    "log2": unary { $0.log2() },
    "log10": unary { $0.log10() },
    "log1p": unary { $0.log1p() },
    "sin": unary { $0.sin() },
    "cos": unary { $0.cos() },
    "tan": unary { $0.tan() },
    "tanh": unary { $0.tanh() },
    "atan": unary { $0.atan() },
    "atan2": { c in [try c.x.atan2(c.tensor("other", 0))] },
    "sigmoid": unary { $0.sigmoid() },
    "erf": unary { $0.erf() },
    "erfc": unary { $0.erfc() },
    "floor": unary { $0.floor() },
    "ceil": unary { $0.ceil() },
    "trunc": unary { $0.trunc() },
    "round": { c in [try c.x.round(decimals: c.int("decimals", 0) ?? 0)] },
    "maximum": { c in [Tensor.maximum(try c.x, try c.tensor("other", 0))] },
    "minimum": { c in [Tensor.minimum(try c.x, try c.tensor("other", 0))] },
    "clamp": { c in
      let bounds = try ["min", "max"].enumerated().map { place, name -> Tensor? in
        guard let value = c.value(name, place) else { return nil }
        if case .tensor(let tensor) = value { return tensor }
        return try c.number(name, place).map { Tensor.full([], AnyNumber(number: $0)) }
      }
      return [try c.x.clamped(bounds[0], bounds[1])]
    },
    "clamp_max": { c in [Tensor.minimum(try c.x, try Case.tensor(c.value("max", 0), "max"))] },
    "clamp_min": { c in [Tensor.maximum(try c.x, try Case.tensor(c.value("min", 0), "min"))] },
    "lerp": { c in
      let (x, end) = (try c.x, try c.tensor("end", 0))
      if let weight = try? c.tensor("weight", 1) { return [x.lerp(end, weight)] }
      return [x.lerp(end, try c.double("weight", 1) ?? 0)]
    },
    "nan_to_num": { c in
      [
        try c.x.replacingNaN(
          c.double("nan", 0) ?? 0, positiveInfinity: c.double("posinf", 1),
          negativeInfinity: c.double("neginf", 2))
      ]
    },
    "where": { c in
      [
        Tensor.where(
          try c.tensor("condition", 0), try c.x, try Case.tensor(c.value("other", 1), "other"))
      ]
    },
    "masked_fill": { c in
      let (x, mask) = (try c.x, try c.tensor("mask", 0))
      if case .tensor(let value) = c.value("value", 1) {
        return [Tensor.where(mask, value.to(x.dtype), x)]
      }
      guard let number = try c.number("value", 1) else { throw CaseError("no value") }
      return [x.maskedFill(mask, with: AnyNumber(number: number))]
    },
    "isfinite": unary { $0.isFinite() },
    "isinf": unary { $0.isInfinite() },
    "isnan": unary { $0.isNaN() },
    "isclose": { c in
      [
        try c.x.isClose(
          to: c.tensor("other", 0), relative: c.double("rtol", 1) ?? 1e-5,
          absolute: c.double("atol", 2) ?? 1e-8, equalNaN: c.bool("equal_nan", 3))
      ]
    },
    "allclose": { c in
      [
        Tensor(
          try c.x.allClose(
            to: c.tensor("other", 0), relative: c.double("rtol", 1) ?? 1e-5,
            absolute: c.double("atol", 2) ?? 1e-8, equalNaN: c.bool("equal_nan", 3)))
      ]
    },
    "eq": pair(.==) { $0 .== $1 },
    "ne": pair(.!=) { $0 .!= $1 },
    "lt": pair(.<) { $0 .< $1 },
    "le": pair(.<=) { $0 .<= $1 },
    "gt": pair(.>) { $0 .> $1 },
    "ge": pair(.>=) { $0 .>= $1 },
    "logical_and": { c in [try c.x .& c.tensor("other", 0)] },
    "logical_or": { c in [try c.x .| c.tensor("other", 0)] },
    "logical_xor": { c in [try c.x .^ c.tensor("other", 0)] },
    "logical_not": unary { .!$0 },
  ]
}

private var reductions: [String: Call] {
  [
    "sum": { c in
      [
        try c.x.sum(
          dimensions: c.ints("dim", 0), keepDimension: c.bool("keepdim", 1),
          dtype: c.dtype("dtype", 2))
      ]
    },
    "mean": { c in
      let x = try c.x
      let dtype = try c.dtype("dtype", 2)
      return [
        try (dtype.map(x.to) ?? x).mean(
          dimensions: c.ints("dim", 0), keepDimension: c.bool("keepdim", 1))
      ]
    },
    "prod": { c in
      let x = try c.x
      guard let dimension = try c.int("dim", 0) else { return [x.product()] }
      return [x.product(dimension: dimension, keepDimension: try c.bool("keepdim", 1))]
    },
    "amax": { c in
      [try c.x.maximum(dimensions: c.ints("dim", 0), keepDimension: c.bool("keepdim", 1))]
    },
    "amin": { c in
      [try c.x.minimum(dimensions: c.ints("dim", 0), keepDimension: c.bool("keepdim", 1))]
    },
    "argmax": { c in
      [try c.x.argmax(dimension: c.int("dim", 0), keepDimension: c.bool("keepdim", 1))]
    },
    "argmin": { c in
      [try c.x.argmin(dimension: c.int("dim", 0), keepDimension: c.bool("keepdim", 1))]
    },
    "max": extreme({ $0.max() }, { $0.max(dimension: $1, keepDimension: $2) }, Tensor.maximum),
    "min": extreme({ $0.min() }, { $0.min(dimension: $1, keepDimension: $2) }, Tensor.minimum),
    "all": { c in [try c.x.all(dimensions: c.ints("dim", 0), keepDimension: c.bool("keepdim", 1))]
    },
    "any": { c in [try c.x.any(dimensions: c.ints("dim", 0), keepDimension: c.bool("keepdim", 1))]
    },
    "count_nonzero": { c in [try c.x.countNonzero(dimensions: c.ints("dim", 0))] },
    "var.unbiased": { c in [try c.x.variance(correction: c.bool("unbiased", 0) ? 1 : 0)] },
    "std.unbiased": { c in [try c.x.standardDeviation(correction: c.bool("unbiased", 0) ? 1 : 0)] },
    "var": { c in
      [
        try c.x.variance(
          dimensions: c.ints("dim", 0), correction: c.correction,
          keepDimension: c.bool("keepdim", 2))
      ]
    },
    "std": { c in
      [
        try c.x.standardDeviation(
          dimensions: c.ints("dim", 0), correction: c.correction,
          keepDimension: c.bool("keepdim", 2))
      ]
    },
    "norm": { c in [try c.norm(order: "p", axes: "dim", 0)] },
    "norm.inf": { c in [try c.norm(order: "p", axes: "dim", 0)] },
    "norm.fro": { c in [try c.norm(order: "p", axes: "dim", 0)] },
    "linalg.vector_norm": { c in [try c.norm(order: "ord", axes: "dim", 0)] },
    "linalg.norm.subgradients_at_zero": { c in [try c.norm(order: "ord", axes: "dim", 0)] },
    "linalg.norm": { c in [try c.norm(order: "ord", axes: "dim", 0)] },
    "logsumexp": { c in
      [try c.x.logSumExp(dimensions: c.ints("dim", 0), keepDimension: c.bool("keepdim", 1))]
    },
    "cumsum": { c in [try c.x.cumulativeSum(c.int("dim", 0) ?? 0, dtype: c.dtype("dtype", 1))] },
    "cumprod": { c in [try c.x.cumulativeProduct(c.int("dim", 0) ?? 0, dtype: c.dtype("dtype", 1))]
    },
  ]
}

extension Case {
  fileprivate var correction: Double {
    get throws {
      if let keyword = keywords.first(where: { $0.name == "correction" }) {
        switch keyword.value {
        case .int(let number): return Double(number)
        case .double(let number): return number
        default: return 1
        }
      }
      if let unbiased = value("unbiased", arguments.count == 1 ? 0 : 1),
        case .bool(let flag) = unbiased
      {
        return flag ? 1 : 0
      }
      return 1
    }
  }

  fileprivate func norm(order: String, axes: String, _ place: Int) throws -> Tensor {
    var p = 2.0
    switch value(order, place) {
    case .text("fro"), nil: break
    case .text(let text): throw CaseError("order \(text)")
    default: p = try double(order, place) ?? 2
    }
    return try x.norm(
      p, dimensions: ints(axes, place + 1), keepDimension: bool("keepdim", place + 2))
  }
}

private func extreme(
  _ whole: @escaping (Tensor) -> Tensor,
  _ along: @escaping (Tensor, Int, Bool) -> (values: Tensor, indices: Tensor),
  _ pairwise: @escaping (Tensor, Tensor) -> Tensor
) -> Call {
  { c in
    let x = try c.x
    if case .tensor(let other) = c.value("other", 0) { return [pairwise(x, other)] }
    guard let dimension = try c.int("dim", 0) else { return [whole(x)] }
    let result = along(x, dimension, try c.bool("keepdim", 1))
    return [result.values, result.indices]
  }
}

private var shapes: [String: Call] {
  [
    "broadcast_to": { c in [try c.x.expanded(to: Shape(c.ints("size", 0)))] },
    "expand": { c in [try c.x.expanded(to: Shape(c.ints("size", 0, rest: true)))] },
    "broadcast_tensors": { c in Tensor.broadcast(try [c.x] + c.arguments.flatMap(\.tensors)) },
    "permute": { c in [try c.x.permuted(c.ints("dims", 0, rest: true))] },
    "transpose": { c in [try c.x.transposed(c.int("dim0", 0) ?? 0, c.int("dim1", 1) ?? 1)] },
    "t": unary { $0.transposed() },
    "mT": unary { $0.transposed(-2, -1) },
    "movedim": { c in [try c.x.movingDimensions(c.ints("source", 0), to: c.ints("destination", 1))]
    },
    "narrow": { c in
      if case .tensor(let start) = c.value("start", 1) {
        return [
          try c.x.narrowed(
            c.int("dim", 0) ?? 0, start: Int(start.item()), length: c.int("length", 2) ?? 0)
        ]
      }
      return [
        try c.x.narrowed(
          c.int("dim", 0) ?? 0, start: c.int("start", 1) ?? 0, length: c.int("length", 2) ?? 0)
      ]
    },
    "select": { c in [try c.x.selected(c.int("dim", 0) ?? 0, c.int("index", 1) ?? 0)] },
    "squeeze": { c in
      let dimensions = try c.ints("dim", 0)
      if dimensions.isEmpty { return [try c.x.squeezed()] }
      return [try dimensions.sorted(by: >).reduce(c.x) { $0.squeezed($1) }]
    },
    "squeeze.multiple": { c in
      let x = try c.x
      let dimensions = try c.ints("dim", 0)
      let axes = dimensions.map { $0 < 0 ? $0 + x.rank : $0 }.sorted(by: >)
      return [axes.reduce(x) { $0.rank == 0 ? $0 : $0.squeezed($1) }]
    },
    "unsqueeze": { c in [try c.x.unsqueezed(c.int("dim", 0) ?? 0)] },
    "flatten": { c in
      [try c.x.flattened(from: c.int("start_dim", 0) ?? 0, through: c.int("end_dim", 1) ?? -1)]
    },
    "unflatten": { c in [try c.x.unflattened(c.int("dim", 0) ?? 0, into: c.ints("sizes", 1))] },
    "reshape": { c in [try c.x.reshaped(to: Shape(c.ints("shape", 0)))] },
    "split": { c in try c.x.split(c.int("split_size", 0) ?? 1, dimension: c.int("dim", 1) ?? 0) },
    "split.list_args": { c in
      try c.x.split(c.ints("split_size", 0), dimension: c.int("dim", 1) ?? 0)
    },
    "split_with_sizes": { c in
      try c.x.split(c.ints("split_sizes", 0), dimension: c.int("dim", 1) ?? 0)
    },
    "chunk": { c in try c.x.chunked(c.int("chunks", 0) ?? 1, dimension: c.int("dim", 1) ?? 0) },
    "unbind": { c in try c.x.unbound(c.int("dim", 0) ?? 0) },
    "diagonal": { c in
      [
        try c.x.diagonal(
          offset: c.int("offset", 0) ?? 0, c.int("dim1", 1) ?? 0, c.int("dim2", 2) ?? 1)
      ]
    },
    "diag": { c in [try c.x.diag(c.int("diagonal", 0) ?? 0)] },
    "flip": { c in [try c.x.flipped(c.ints("dims", 0, rest: true))] },
    "roll": { c in [try c.x.rolled(c.ints("shifts", 0), dimensions: c.ints("dims", 1))] },
    "repeat": { c in [try c.x.repeated(c.ints("repeats", 0, rest: true))] },
    "tile": { c in [try c.x.tiled(c.ints("dims", 0, rest: true))] },
    "repeat_interleave": { c in
      if case .tensor(let counts) = c.value("repeats", 0) {
        return [try c.x.repeatedInterleaving(counts, dimension: c.int("dim", 1))]
      }
      return [try c.x.repeatedInterleaving(c.int("repeats", 0) ?? 1, dimension: c.int("dim", 1))]
    },
    "tril": { c in [try c.x.lowerTriangle(diagonal: c.int("diagonal", 0) ?? 0)] },
    "triu": { c in [try c.x.upperTriangle(diagonal: c.int("diagonal", 0) ?? 0)] },
    "stack": { c in [Tensor.stacked(c.list, dimension: try c.int("dim", 0) ?? 0)] },
    "cat": { c in [Tensor.concatenated(c.list, dimension: try c.int("dim", 0) ?? 0)] },
    "hstack": { c in [Tensor.horizontallyStacked(c.list)] },
    "vstack": { c in [Tensor.verticallyStacked(c.list)] },
    "meshgrid.variadic_tensors": { c in
      Tensor.meshGrid(
        [try c.x] + c.arguments.flatMap(\.tensors),
        indexing: try c.text("indexing", -1) == "xy" ? .xy : .ij)
    },
    "meshgrid.list_of_tensors": { c in
      Tensor.meshGrid(c.list, indexing: try c.text("indexing", -1) == "xy" ? .xy : .ij)
    },
    "clone": unary { $0.cloned() },
  ]
}

private var indexing: [String: Call] {
  [
    "__getitem__": { c in
      guard let index = c.arguments.first else { throw CaseError("no index") }
      let places: [Value]
      if case .tuple(let items) = index { places = items } else { places = [index] }
      return [try c.x.at(places.map(place))]
    },
    "slice": { c in
      let x = try c.x
      let axis = try c.int("dim", 0) ?? 0
      let before = [any TensorIndex](repeating: .all, count: axis < 0 ? axis + x.rank : axis)
      return [
        x.at(
          before + [
            .stride(
              from: try c.int("start", 1), to: try c.int("end", 2), by: try c.int("step", 3) ?? 1)
          ])
      ]
    },
    "gather": { c in [try c.x.gathered(c.int("dim", 0) ?? 0, c.tensor("index", 1))] },
    "scatter": { c in
      if let reduce = try c.text("reduce", 3) {
        guard reduce == "add" else { throw CaseError("reduce \(reduce)") }
        return [
          try c.x.scatterAdded(c.int("dim", 0) ?? 0, c.tensor("index", 1), c.tensor("src", 2))
        ]
      }
      let (x, dimension, index) = (try c.x, try c.int("dim", 0) ?? 0, try c.tensor("index", 1))
      if case .tensor(let source) = c.value("src", 2) {
        return [x.scattered(dimension, index, source)]
      }
      guard let number = try c.number("value", 2) else { throw CaseError("no value") }
      return [x.scattered(dimension, index, AnyNumber(number: number))]
    },
    "scatter_add": { c in
      [try c.x.scatterAdded(c.int("dim", 0) ?? 0, c.tensor("index", 1), c.tensor("src", 2))]
    },
    "index_select": { c in [try c.x.indexSelected(c.int("dim", 0) ?? 0, c.tensor("index", 1))] },
    "index_add": { c in
      let alpha = try c.number("alpha", 3) ?? .int(1)
      return [
        try c.x.indexAdded(
          c.int("dim", 0) ?? 0, c.tensor("index", 1), c.tensor("source", 2),
          alpha: AnyNumber(number: alpha))
      ]
    },
    "index_put": { c in
      let items: [Value]
      switch c.value("indices", 0) {
      case .list(let list), .tuple(let list): items = list
      default: throw CaseError("no indices")
      }
      return [
        try c.x.indexPut(
          items.map { $0.tensors.first }, c.tensor("values", 1), accumulate: c.bool("accumulate", 2)
        )
      ]
    },
    "masked_select": { c in [try c.x.maskedSelected(c.tensor("mask", 0))] },
    "nonzero": { c in
      let x = try c.x
      guard try c.bool("as_tuple", 0) else { return [x.nonzero()] }
      return (x.rank == 0 ? x.unsqueezed(0) : x).nonzero().unbound(1)
    },
    "argwhere": unary { $0.nonzero() },
    "sort": { c in
      let result = try c.x.sorted(
        dimension: c.int("dim", 0) ?? -1, descending: c.bool("descending", 1))
      return [result.values, result.indices]
    },
    "argsort": { c in
      [try c.x.argsorted(dimension: c.int("dim", 0) ?? -1, descending: c.bool("descending", 1))]
    },
    "topk": { c in
      let largest = c.value("largest", 2) == nil ? true : try c.bool("largest", 2)
      let result = try c.x.topK(
        c.int("k", 0) ?? 1, dimension: c.int("dim", 1) ?? -1, largest: largest)
      return [result.values, result.indices]
    },
    "unique": { c in
      if try c.int("dim", 3) != nil { throw CaseError("unique along a dimension") }
      let result = try c.x.unique()
      var outputs = [result.values]
      if try c.bool("return_inverse", 1) { outputs.append(result.inverse) }
      if try c.bool("return_counts", 2) { outputs.append(result.counts) }
      return outputs
    },
  ]
}

private func place(_ value: Value) throws -> any TensorIndex {
  func int(_ value: Value) -> Int? { if case .int(let number) = value { number } else { nil } }
  switch value {
  case .int(let number): return number
  case .bool(let flag): return Tensor(flag)
  case .tensor(let tensor): return tensor
  case .ellipsis: return .ellipsis
  case .none: return .newAxis
  case .slice(let start, let end, let step):
    return .stride(from: int(start), to: int(end), by: int(step) ?? 1)
  case .list(let items), .tuple(let items): return Tensor(items.compactMap(int))
  default: throw CaseError("an index")
  }
}

private var products: [String: Call] {
  [
    "matmul": { c in [try c.x.matmul(c.tensor("other", 0))] },
    "mm": { c in [try c.x.matmul(c.tensor("mat2", 0))] },
    "bmm": { c in [try c.x.matmul(c.tensor("mat2", 0))] },
    "mv": { c in [try c.x.matmul(c.tensor("vec", 0))] },
    "dot": { c in [try c.x.dot(c.tensor("other", 0))] },
    "inner": { c in [try c.x.inner(c.tensor("other", 0))] },
    "einsum": { c in
      guard let text = try c.text("equation", 0) else { throw CaseError("no equation") }
      return [Tensor.einsum(text, c.list)]
    },
    "outer": { c in [try c.x.outer(c.tensor("vec2", 0))] },
    "addmm": { c in
      [
        try c.x.addingProduct(
          c.tensor("mat1", 0), c.tensor("mat2", 1),
          beta: AnyNumber(number: c.number("beta", -1) ?? .int(1)),
          alpha: AnyNumber(number: c.number("alpha", -1) ?? .int(1)))
      ]
    },
  ]
}

private var creation: [String: Call] {
  [
    "arange": { c in
      // arange(end), arange(start, end) and arange(start, end, step).
      let first = try number(c.input)
      let (start, end, step): (Number, Number, Number?) =
        c.arguments.isEmpty
        ? (.int(0), first, nil)
        : (first, try c.number("end", 0) ?? .int(0), try c.number("step", 1))
      return [
        Tensor.arange(
          AnyNumber(number: start), AnyNumber(number: end), step: step.map(AnyNumber.init),
          dtype: try c.dtype("dtype", -1))
      ]
    },
    "eye": { c in
      guard case .int(let rows) = c.input else { throw CaseError("no size") }
      return [Tensor.eye(rows, try c.int("m", 0), dtype: try c.dtype("dtype", -1) ?? .float32)]
    },
    "full": { c in
      let sizes = try Case.sizes(c.input)
      guard let number = try c.number("fill_value", 0) else { throw CaseError("no value") }
      return [Tensor.full(Shape(sizes), AnyNumber(number: number), dtype: try c.dtype("dtype", -1))]
    },
    "full_like": { c in
      guard let number = try c.number("fill_value", 0) else { throw CaseError("no value") }
      let x = try c.x
      return [
        Tensor.full(x.shape, AnyNumber(number: number), dtype: try c.dtype("dtype", -1) ?? x.dtype)
      ]
    },
    "ones_like": { c in [Tensor.ones(try c.x.shape, dtype: try c.dtype("dtype", -1) ?? c.x.dtype)]
    },
    "zeros_like": { c in [Tensor.zeros(try c.x.shape, dtype: try c.dtype("dtype", -1) ?? c.x.dtype)]
    },
    "ones": { c in
      [Tensor.ones(Shape(try Case.sizes(c.input)), dtype: try c.dtype("dtype", -1) ?? .float32)]
    },
    "zeros": { c in
      [Tensor.zeros(Shape(try Case.sizes(c.input)), dtype: try c.dtype("dtype", -1) ?? .float32)]
    },
    "linspace": { c in
      [
        Tensor.linspace(
          try number(c.input).double, try c.double("end", 0) ?? 0,
          count: try c.int("steps", 1) ?? 0,
          dtype: try c.dtype("dtype", -1) ?? .float32)
      ]
    },
    "float": unary { $0.to(.float32) },
    "double": unary { $0.to(.float64) },
    "half": unary { $0.to(.float16) },
    "bfloat16": unary { $0.to(.bfloat16) },
    "int": unary { $0.to(.int32) },
    "long": unary { $0.to(.int64) },
    "byte": unary { $0.to(.uint8) },
    "bool": unary { $0.to(.bool) },
    "to": { c in
      let x = try c.x
      for value in c.arguments + c.keywords.map(\.value) {
        if case .dtype(let dtype) = value { return [x.to(dtype)] }
        if case .tensor(let other) = value { return [x.to(other.dtype)] }
      }
      return [x]
    },
  ]
}

private func number(_ value: Value) throws -> Number {
  switch value {
  case .int(let number): number.number
  case .double(let number): number.number
  case .bool(let flag): flag.number
  default: throw CaseError("no number")
  }
}

extension Case {
  fileprivate static func sizes(_ value: Value) throws -> [Int] {
    switch value {
    case .int(let size): return [size]
    case .list(let items), .tuple(let items):
      return items.compactMap { if case .int(let size) = $0 { size } else { nil } }
    default: throw CaseError("no shape")
    }
  }
}
