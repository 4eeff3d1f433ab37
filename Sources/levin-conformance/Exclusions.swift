import LevinTensor

/// Cases that are left out, and why.
struct Exclusion: Sendable {
  let reason: String
  let applies: @Sendable (_ entry: String, _ example: Case) -> Bool
}

let exclusions: [Exclusion] = [
  Exclusion(reason: "bounds given as tensors: Levin takes numbers") { entry, _ in
    entry == "linspace.tensor_overload"
  },
  Exclusion(reason: "the nuclear norm hides a singular value decomposition") { entry, _ in
    entry == "norm.nuc"
  },
  Exclusion(reason: "local_response_norm of integers, whose means PyTorch truncates") {
    entry, example in
    entry == "nn.functional.local_response_norm" && example.dtype == .int64
  },
  Exclusion(reason: "attention with dropout: drawn inside the suite's wrapper") { entry, example in
    guard entry == "nn.functional.scaled_dot_product_attention" else { return false }
    return (try? example.double("dropout_p", 3)).flatMap { $0 }.map { $0 != 0 } ?? false
  },
  Exclusion(reason: "scatter with a reduction other than add is deprecated in PyTorch") {
    entry, example in
    entry == "scatter"
      && example.keywords.contains { if case .text("multiply") = $0.value { true } else { false } }
  },
]
