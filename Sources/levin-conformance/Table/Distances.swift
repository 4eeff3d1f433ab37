import LevinTensor

let distances: [Operation] = [
  op(
    "nn.functional.triplet_margin_loss",
    "x.tripletMarginLoss(positive: positive, negative: negative)"
  ) { c in
    try c.x.tripletMarginLoss(
      positive: c.tensor("positive", 0), negative: c.tensor("negative", 1),
      margin: c.double("margin", 2) ?? 1, p: c.double("p", 3) ?? 2,
      epsilon: c.double("eps", 4) ?? 1e-6, swap: c.bool("swap", 5), reduction: c.reduction)
  },
  op(
    "nn.functional.triplet_margin_with_distance_loss",
    "x.tripletMarginLoss(positive: positive, negative: negative) { $0.pairwiseDistance($1) }"
  ) { c in
    // The suite has no other distance.
    try c.x.tripletMarginLoss(
      positive: c.tensor("positive", 0), negative: c.tensor("negative", 1),
      margin: c.double("margin", -1) ?? 1, swap: c.bool("swap", -1), reduction: c.reduction
    ) { $0.pairwiseDistance($1) }
  },
  op("nn.functional.cosine_embedding_loss", "x.cosineEmbeddingLoss(y, target)") { c in
    try c.x.cosineEmbeddingLoss(
      c.tensor("input2", 0), c.tensor("target", 1), margin: c.double("margin", 2) ?? 0,
      reduction: c.reduction)
  },
  op("nn.functional.margin_ranking_loss", "x.marginRankingLoss(y, target)") { c in
    try c.x.marginRankingLoss(
      c.tensor("input2", 0), c.tensor("target", 1), margin: c.double("margin", 2) ?? 0,
      reduction: c.reduction)
  },
  op("nn.functional.hinge_embedding_loss", "x.hingeEmbeddingLoss(target)") { c in
    try c.x.hingeEmbeddingLoss(
      c.tensor("target", 0), margin: c.double("margin", 1) ?? 1, reduction: c.reduction)
  },
  op("nn.functional.cosine_similarity", "x.cosineSimilarity(y, dimension: 1)") { c in
    try c.x.cosineSimilarity(
      c.tensor("x2", 0), dimension: c.int("dim", 1) ?? 1, epsilon: c.double("eps", 2) ?? 1e-8)
  },
  op("nn.functional.pairwise_distance", "x.pairwiseDistance(y)") { c in
    try c.x.pairwiseDistance(
      c.tensor("x2", 0), p: c.double("p", 1) ?? 2, epsilon: c.double("eps", 2) ?? 1e-6,
      keepDimension: c.bool("keepdim", 3))
  },
  op("nn.functional.normalize", "x.normalized(2, dimension: 1)") { c in
    try c.x.normalized(
      c.double("p", 0) ?? 2, dimension: c.int("dim", 1) ?? 1,
      epsilon: c.double("eps", 2) ?? 1e-12)
  },
]
