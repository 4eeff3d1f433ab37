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
  Exclusion(reason: "scatter with a reduction other than add is deprecated in PyTorch") {
    entry, example in
    entry == "scatter"
      && example.keywords.contains { if case .text("multiply") = $0.value { true } else { false } }
  },
]
