import LevinTensor

/// A rule for cases that are left out, and its reason.
struct Exclusion: Sendable {
  let reason: String
  let applies: @Sendable (_ entry: Entry, _ example: Case) -> Bool
}

let exclusions: [Exclusion] = [
  Exclusion(reason: "bounds of a range given as tensors: Levin takes numbers") { entry, _ in
    entry.variant == "tensor_overload"
  },
  Exclusion(reason: "norms of matrices that hide a singular value decomposition (nuclear, 2, −2)") {
    entry, example in
    if entry.fullName == "norm.nuc" { return true }
    guard ["linalg.norm", "linalg.matrix_norm"].contains(entry.name) else { return false }
    switch example.value("ord", 0) {
    case .text("nuc"): return true
    case .int(2), .int(-2), .double(2), .double(-2):
      let axes = (try? example.ints("dim", 1)) ?? []
      let rank = example.input.tensors.first?.rank ?? 0
      return entry.name == "linalg.matrix_norm" || (axes.isEmpty ? rank == 2 : axes.count == 2)
    default: return false
    }
  },
  Exclusion(reason: "negative powers of matrices, which take an inverse") { entry, example in
    if entry.name == "linalg.matrix_power", case .int(let n) = example.value("n", 0) {
      n < 0
    } else {
      false
    }
  },
  Exclusion(reason: "local_response_norm of integers, whose means PyTorch truncates") {
    entry, example in
    entry.name == "nn.functional.local_response_norm" && example.dtype == .int64
  },
  Exclusion(reason: "attention with dropout: drawn inside the suite's wrapper") { entry, example in
    guard entry.name == "nn.functional.scaled_dot_product_attention" else { return false }
    return (try? example.double("dropout_p", 3)).flatMap { $0 }.map { $0 != 0 } ?? false
  },
  Exclusion(
    reason:
      "activations of pieces at NaN in float64, whose gradients differ between PyTorch's own loops"
  ) { entry, example in
    nanPieces.contains(entry.name) && example.dtype == .float64
      && example.tensors.contains { $0.isNaN().any().item() != 0 }
  },
  Exclusion(reason: "tensors of more than 8 dimensions") { _, example in
    ([example.input] + example.arguments + example.keywords.map(\.value)).contains {
      if case .other(Value.tooDeep) = $0 { true } else { false }
    }
  },
]

private let nanPieces: Set<String> = [
  "nn.functional.celu", "nn.functional.elu", "nn.functional.hardshrink", "nn.functional.hardtanh",
  "nn.functional.relu6", "nn.functional.selu", "nn.functional.softshrink",
]

/// A rule for calls that PyTorch refuses but Levin may accept.
struct ErrorExclusion: Sendable {
  let reason: String
  let applies: @Sendable (_ entry: Entry, _ example: Case, _ text: String) -> Bool
}

let errorExclusions: [ErrorExclusion] = [
  ErrorExclusion(reason: "an `out` argument: results are new values") { _, example, _ in
    example.keywords.contains { $0.name == "out" }
  },
  ErrorExclusion(
    reason: "operands, sizes, lists or names of a type that Swift's compiler refuses"
  ) { entry, example, text in
    let reduction = (try? example.text("reduction", -1)) ?? nil
    let approximation = (try? example.text("approximate", -1)) ?? nil
    return reduction.map { LossReduction(rawValue: $0) == nil } ?? false
      || approximation.map { Tensor.GELUApproximation(rawValue: $0) == nil } ?? false
      || text.contains("should contain one int")
      // Complex numbers.
      || example.arguments.contains { if case .other("Tensor") = $0 { true } else { false } }
      || text.isEmpty || text.contains("invalid combination of arguments")
      || text.contains("must be tuple") || text.contains("got None")
      || (["linspace", "logspace"].contains(entry.name) && !example.input.tensors.isEmpty)
      || (entry.name == "narrow" && text.contains("0-dim integral Tensor"))
      || entry.name == "rot90" && text.contains("total rotation dims")
      || entry.name == "masked_fill" && text.contains("converted to type")
  },
  ErrorExclusion(reason: "limits of PyTorch's own: 64 dimensions, 2²⁴ categories") { _, _, text in
    text.contains("number of categories") || text.contains("64")
  },
  ErrorExclusion(reason: "integer weights of a draw, which Levin takes") { entry, _, text in
    entry.name == "multinomial" && text.contains("floating-point dtypes")
  },
]
