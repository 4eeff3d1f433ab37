import LevinTensor

// Losses, and the distances that they use.

extension DifferentiableOperation {
  static let losses: [Row] = [
    Row("crossEntropy(_:weight:ignoreIndex:reduction:labelSmoothing:)", [[3, 2]]) {
      $0[0].crossEntropy(Tensor([1, 0, -100] as [Int64]))
    },
    Row("crossEntropy(_:weight:ignoreIndex:reduction:labelSmoothing:)", [[3, 4]]) {
      $0[0].crossEntropy(
        Tensor([1, -100, 3] as [Int64]), weight: Tensor([1.0, 2, 0.5, 3]), labelSmoothing: 0.1)
    },
    Row("crossEntropy(_:weight:ignoreIndex:reduction:labelSmoothing:)", [[2, 3], [2, 3]]) {
      $0[0].crossEntropy($0[1])
    },
    Row("nllLoss(_:weight:ignoreIndex:reduction:)", [[3, 2]]) {
      $0[0].squared().nllLoss(Tensor([1, 0, -100] as [Int64]), weight: Tensor([0.5, 2]))
    },
    Row("binaryCrossEntropy(_:weight:reduction:)", [[4], [4]]) {
      ($0[0] * 0.5).binaryCrossEntropy($0[1] * 0.5, reduction: .none)
    },
    Row("binaryCrossEntropyWithLogits(_:weight:positiveWeight:reduction:)", [[4], [4]]) {
      ($0[0] * 3 - 3).binaryCrossEntropyWithLogits($0[1], positiveWeight: Tensor(2.0))
    },
    Row("softMarginLoss(_:reduction:)", [[3]]) { $0[0].softMarginLoss(Tensor([1.0, -1, 1])) },
    Row("multilabelSoftMarginLoss(_:weight:reduction:)", [[2, 3]]) {
      $0[0].multilabelSoftMarginLoss(Tensor([1.0, 0, 1, 0, 0, 1], shape: [2, 3]))
    },
    Row("ctcLoss(_:inputLengths:targetLengths:blank:zeroInfinity:reduction:)", [[4, 1, 3]]) {
      $0[0].logSoftmax(dimension: 2)
        .ctcLoss(Tensor([1, 2] as [Int64], shape: [1, 2]), inputLengths: [4], targetLengths: [2])
    },
    Row("cosineEmbeddingLoss(_:_:margin:reduction:)", [[3, 2], [3, 2]]) {
      $0[0].cosineEmbeddingLoss($0[1], Tensor([1.0, -1, 1]))
    },
    Row("marginRankingLoss(_:_:margin:reduction:)", [[3], [3]]) {
      $0[0].marginRankingLoss($0[1], Tensor([1.0, -1, 1]), margin: 0.5, reduction: .none).squared()
    },
    Row("hingeEmbeddingLoss(_:margin:reduction:)", [[4]]) {
      $0[0].hingeEmbeddingLoss(Tensor([1.0, -1, 1, -1]), reduction: .none).squared()
    },
    Row("tripletMarginLoss(positive:negative:margin:p:epsilon:swap:reduction:)", [[2], [2], [2]]) {
      $0[0].tripletMarginLoss(positive: $0[1], negative: $0[2] * 0.9, margin: 3)
    },
    Row("tripletMarginLoss(positive:negative:margin:swap:reduction:distance:)", [[2], [2], [2]]) {
      $0[0].tripletMarginLoss(positive: $0[1], negative: $0[2] * 0.9, margin: 9) {
        ($0 - $1).squared().sum()
      }
    },
    Row("multiMarginLoss(_:p:margin:weight:reduction:)", [[2, 3]]) {
      $0[0].multiMarginLoss(Tensor([2, 0] as [Int64]), p: 2)
    },
    Row("multilabelMarginLoss(_:reduction:)", [[3]]) {
      $0[0].multilabelMarginLoss(Tensor([2, -1, 0] as [Int64])).squared()
    },
    Row("mseLoss(_:weight:reduction:)", [[2, 3], [2, 3]]) { $0[0].mseLoss($0[1]) },
    Row("l1Loss(_:weight:reduction:)", [[3], [3]]) {
      $0[0].l1Loss($0[1] * 1.1, reduction: .none).squared()
    },
    Row("smoothL1Loss(_:beta:reduction:)", [[5], [5]]) { $0[0].smoothL1Loss($0[1] * 2, beta: 0.7) },
    Row("huberLoss(_:delta:weight:reduction:)", [[5], [5]]) {
      $0[0].huberLoss($0[1] * 2, delta: 0.7)
    },
    Row("klDivergence(_:logTarget:reduction:)", [[4], [4]]) { $0[0].klDivergence($0[1]) },
    Row("klDivergence(_:logTarget:reduction:)", [[4], [4]]) {
      $0[0].klDivergence($0[1], logTarget: true, reduction: .sum)
    },
    Row("gaussianNLLLoss(_:variance:full:epsilon:reduction:)", [[3], [3], [3]]) {
      $0[0].gaussianNLLLoss($0[1] * 2, variance: $0[2])
    },
    Row("poissonNLLLoss(_:logInput:full:epsilon:reduction:)", [[3], [3]]) {
      $0[0].poissonNLLLoss($0[1] * 2, full: true)
    },
    Row("normalized(_:dimension:epsilon:)", [[2, 3]]) { $0[0].normalized() },
    Row("cosineSimilarity(_:dimension:epsilon:)", [[2, 3], [2, 3]]) {
      $0[0].cosineSimilarity($0[1])
    },
    Row("pairwiseDistance(_:p:epsilon:keepDimension:)", [[2, 3], [2, 3]]) {
      $0[0].pairwiseDistance($0[1] * 2)
    },
  ]
}
