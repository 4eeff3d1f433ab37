import Levin
import Testing

/// Losses and scores, as PyTorch and scikit-learn compute them.
@Suite struct EvaluationTests {
  struct Masked: Decodable {
    struct Result: Decodable {
      let loss: Float
      let gradient: [Float]
    }
    let logits: [[Float]]
    let labels: [[Float?]]
    let fromLogits, weighted, probabilities: Result
  }

  @Test func lossesCountKnownTargetsAlone() throws {
    let facts = try Golden.load("masked", as: Masked.self)
    let logits = Tensor(facts.logits.flatMap { $0 }, shape: [2, 3])
    let labels = Tensor(facts.labels.flatMap { $0.map { $0 ?? .nan } }, shape: [2, 3])
    func check(_ input: Tensor, _ loss: Loss, _ expected: Masked.Result) {
      let leaf = Parameter(input)
      let value = loss(leaf.value, labels)
      value.backward()
      #expect(abs(Float(value.item()) - expected.loss) < 1e-6)
      let gradient = leaf.gradient?.scalars(as: Float.self) ?? []
      #expect(gradient.count == 6)
      for (found, expected) in zip(gradient, expected.gradient) {
        #expect(abs(found - expected) < 1e-6)
      }
    }
    check(logits, MaskedBCEWithLogitsLoss(), facts.fromLogits)
    check(
      logits, MaskedBCEWithLogitsLoss(positiveWeight: Tensor([3, 1, 2] as [Float])), facts.weighted)
    check(logits.sigmoid(), MaskedBCELoss(), facts.probabilities)
  }

  @Test func aBatchWithoutKnownTargetsHasNoGradient() {
    let leaf = Parameter(Tensor([0.5, -1] as [Float], shape: [1, 2]))
    let loss = MaskedBCEWithLogitsLoss()(leaf.value, Tensor([-1, .nan] as [Float], shape: [1, 2]))
    loss.backward()
    #expect(loss.item() == 0)
    #expect(leaf.gradient?.scalars(as: Float.self) == [0, 0])
    let each = MaskedBCELoss(reduction: .none)(
      Tensor([0.5, 0.5] as [Float]), Tensor([-1, 1] as [Float]))
    #expect(each.shape == [2] && each[0].item() == 0 && each[1].item() > 0.69)
  }

  struct Facts: Decodable {
    struct Pooled: Decodable {
      let scores: [Float]
      let areas: [Double?]
      let accuracies: [Double]
      let mean: Double
    }
    struct Evaluations: Decodable {
      let scores, labels: [Float]
      let pooled: [String: Pooled]
    }
    let evaluations: Evaluations
  }

  @Test(arguments: ViewPooling.allCases)
  func scoresOfStudiesAreThoseOfPandasAndScikitLearn(pooling: ViewPooling) throws {
    let facts = try Golden.load("chexpert", as: Facts.self).evaluations
    let list = try CheXpert.images(root: Miniature.root, part: .train)
    let evaluation = ChestXRayEvaluation(
      scores: Tensor(facts.scores, shape: [list.count, 5]),
      labels: Tensor(facts.labels, shape: [list.count, 5]),
      studies: Tensor(list.studies.map { Int64($0) }), tasks: ChestFinding.competition,
      pooling: pooling)
    let expected = try #require(facts.pooled[pooling.rawValue])
    for (score, expected) in zip(evaluation.scores.scalars(as: Float.self), expected.scores) {
      #expect(abs(score - expected) < 1e-6)
    }
    for (result, area) in zip(evaluation.results, expected.areas) {
      #expect((result.auroc == nil) == (area == nil), "\(result.task)")
      if let found = result.auroc, let area { #expect(abs(found - area) < 1e-6) }
    }
    for (result, accuracy) in zip(evaluation.results, expected.accuracies) {
      #expect(abs(try #require(result.accuracy) - accuracy) < 1e-6)
    }
    #expect(abs(try #require(evaluation.meanAUROC) - expected.mean) < 1e-6)
    let count = evaluation.results[3].negatives
    #expect(
      evaluation.undefined
        == "No AUROC, and left out of the mean: Edema (no positive among \(count) studies)")
    let (scores, labels) = evaluation.known(.atelectasis)
    let first = evaluation.results[0]
    #expect(scores.shape == [first.positives + first.negatives] && labels.shape == scores.shape)
    #expect(Int(labels.sum().item()) == first.positives)
  }

  /// The example of two views, one of which shows the finding.
  @Test func theMaximumFindsWhatOneViewShows() {
    func area(_ pooling: ViewPooling, _ studies: [Int64]) -> Double? {
      ChestXRayEvaluation(
        scores: Tensor([0.2, 0.9, 0.6, 0.6, 0.3] as [Float], shape: [5, 1]),
        labels: Tensor([1, 1, 0, 0, 0] as [Float], shape: [5, 1]), studies: Tensor(studies),
        tasks: [.edema], pooling: pooling
      ).meanAUROC
    }
    #expect(area(.max, [0, 0, 1, 1, 2]) == 1)
    #expect(area(.mean, [0, 0, 1, 1, 2]) == 0.5)
    #expect(area(.max, [0, 1, 2, 3, 4]) == 0.5)
  }
}
