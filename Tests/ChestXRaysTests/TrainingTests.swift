import ChestXRays
import Foundation
import Levin
import Testing

/// Trainings on the miniature.
@Suite struct TrainingTests {
  struct Facts: Decodable {
    let losses: [Double]
    /// The number of steps for which PyTorch agrees with itself if weights differ in their last bit.
    let agreed: Int
  }

  @Test func lossesOfASmallDenseNetAreThoseOfPyTorch() throws {
    let facts = try Golden.load("training", as: Facts.self)
    #expect(facts.agreed >= 40)
    let list = try CheXpert.images(root: Miniature.root, part: .train)
    let dataset = ChestXRayDataset(
      list,
      transform: Compose(
        Resize(.exactly(height: 64, width: 64)), ToRGB(), ToTensor(),
        Normalize(mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])))
    let batches = Array(DataLoader(dataset, batchSize: 16, dropLast: true))
    seedEverything(1)
    let model = DenseNet(growthRate: 8, blockConfig: [2, 2], numInitFeatures: 16)
    model.classifier = Sequential(Linear(32, 5), Sigmoid())
    let loss = MaskedBCELoss()
    let optimizer = Adam(model.parameters, learningRate: 1e-4)
    for step in 0..<facts.agreed {
      let batch = batches[step % batches.count]
      let value = loss(model(batch.images), batch.labels)
      optimizer.zeroGradients()
      value.backward()
      optimizer.step()
      let expected = facts.losses[step]
      #expect(abs(value.item() - expected) <= 1e-4 * expected, "step \(step)")
    }
  }

  @Test func weightsAreReadFromAFileOfTorchvision() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/densenet121.safetensors"
      let other = densenet121()
      try other.saveWeights(to: path)
      let module = Init.skipping { CheXpertModule(.init { $0.weights = path }) }
      try module.setup(stage: .fit)
      let (own, loaded) = (module.stateDictionary, other.stateDictionary)
      let values = Dictionary(uniqueKeysWithValues: own.map { ($0.name, $0.tensor) })
      for (name, tensor) in loaded where name.hasPrefix("features.") {
        let found = try #require(values["model." + name])
        #expect(
          found.to(.float32).scalars(as: Float.self) == tensor.to(.float32).scalars(as: Float.self),
          "\(name)")
      }
      #expect(values["model.classifier.0.weight"]?.shape == [5, 1024])

      let missing = Init.skipping {
        CheXpertModule(.init { $0.weights = folder + "/none.pth" })
      }
      #expect(message { try missing.setup(stage: .fit) }.contains("'\(folder)/none.pth'"))
      #expect(message { try missing.setup(stage: .test) } == "")
    }
  }

  @Test func oldNamesBecomeTodays() {
    #expect(
      DenseNet.renamed("denseblock1.denselayer2.norm.1.weight")
        == "denseblock1.denselayer2.norm1.weight")
    #expect(DenseNet.renamed("transition1.norm.weight") == "transition1.norm.weight")
    #expect(DenseNet.renamed("conv0.weight") == "conv0.weight")
  }
}
