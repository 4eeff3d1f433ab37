import Foundation
import Levin
import Testing

extension TrainerTests {
  @Suite struct LoggerTests {
    /// Logs a tensor and then overwrites the tensor that it was made from.
    final class Everything: BoringModule, Configurable {
      struct Hyperparameters: HyperparameterSet {
        var width = 4
        var name = "tiny"
        var fast = true
        var folder = "here"
        init() {}
        func validate() throws {}
        static var settings: Set<String> { ["folder"] }
      }
      let hyperparameters: Hyperparameters
      required init(_ hyperparameters: Hyperparameters = .init()) {
        self.hyperparameters = hyperparameters
      }

      override func onTrainStart() throws {
        logger.addScalar("scalar", Tensor(Float(0.5)))
        logger.addImage("chw", floats([0, 1], [1, 1, 2]))
        logger.addText("text", "said at step 0")
        logger.addImage("hwc", floats([0, 0.5, 1, 1, 0, 0], [1, 2, 3]), layout: .hwc)
        logger.addImages("batch", floats([Float](repeating: 1, count: 24), [2, 3, 2, 2]))
        logger.addImageWithBoxes(
          "boxes", floats([Float](repeating: 0, count: 300), [3, 10, 10]),
          boxes: floats([1, 1, 8, 8], [1, 4]))
        logger.addHistogram("histogram", floats([1, 2, 2, 3], [4]), bins: .edges([0, 2, 4]))
        logger.addFigure("figure", Figure(.lines([.init("a", [1, 3, 2])]), title: "A plot"))
        logger.addPRCurve("pr", labels: floats([0, 1], [2]), predictions: floats([0.2, 0.8], [2]))
        logger.addAudio("audio", floats([0, 1, -1], [3]), sampleRate: 8000)
        logger.addMesh("mesh", vertices: floats([0, 0, 0, 1, 1, 1], [1, 2, 3]))
        logger.addEmbedding(
          "points", floats([1, 2, 3, 4], [2, 2]), metadata: [["a"], ["b"]],
          labelImages: floats([Float](repeating: 1, count: 24), [2, 3, 2, 2]))
        let weight = layer.weight.value
        logger.addHistogram("before", weight, bins: .count(1))
        layer.weight.assign(weight * 0)
      }
    }

    private func values(of root: String) throws -> [String: SummaryValue] {
      let folder = root + "/lightning_logs/version_0"
      var found: [String: SummaryValue] = [:]
      for name in names(in: folder) where name.contains("tfevents") {
        let reader = try EventFileReader(path: folder + "/" + name)
        while case .event(let event, _)? = try reader.next() {
          guard case .summary(let values) = event.content else { continue }
          for value in values { found[value.tag] = value }
        }
      }
      return found
    }

    @Test func aStepLogsTensorsOfEveryKind() async throws {
      try await withTemporaryFolder { root in
        let logger = TensorBoardLogger(saveDir: root, defaultHPMetric: true)
        try await Trainer.quiet(maxEpochs: 1, root: root, logger: logger)
          .fit(Everything(), dataModule: BoringData())
        let found = try values(of: root)
        let plugins = found.compactMapValues { $0.metadata?.pluginName }
        #expect(plugins["pr"] == "pr_curves")
        #expect(plugins["mesh_VERTEX"] == "mesh")
        #expect(found["scalar"]?.content == .scalar(0.5))
        #expect(found["hp_metric"]?.content == .scalar(-1))
        for part in ["experiment", "session_start_info", "session_end_info"] {
          #expect(plugins["_hparams_/" + part] == "hparams")
        }
        func size(_ tag: String) -> [Int] {
          if case .image(let image)? = found[tag]?.content {
            [image.width, image.height]
          } else {
            []
          }
        }
        #expect(size("chw") == [2, 1])
        #expect(plugins["text/text_summary"] == "text")
        #expect(size("hwc") == [2, 1])
        #expect(size("batch") == [4, 2])
        #expect(size("boxes") == [10, 10])
        #expect(size("figure") == [640, 480])
        guard case .histogram(let histogram)? = found["histogram"]?.content,
          case .histogram(let before)? = found["before"]?.content
        else {
          Issue.record("no histogram")
          return
        }
        #expect(histogram.buckets.map(\.count).filter { $0 > 0 } == [1, 3])
        #expect(before.minimum < before.maximum)  // the weights before they were overwritten
        let folder = root + "/lightning_logs/version_0"
        #expect(
          try String(contentsOfFile: folder + "/00000/points/metadata.tsv", encoding: .utf8)
            == "a\nb\n")
        #expect(
          try String(contentsOfFile: folder + "/hparams.yaml", encoding: .utf8)
            == "fast: true\nfolder: here\nname: tiny\nwidth: 4\n")
        #expect(
          try Run(directory: folder).hyperparameters?.values.map(\.name).sorted()
            == ["fast", "name", "width"])
      }
    }

    @Test func aSettingThatIsNoValueIsAnError() async throws {
      final class Misspelt: BoringModule, Configurable {
        struct Hyperparameters: HyperparameterSet {
          var numWorkers = 0
          static var settings: Set<String> { ["num_worker"] }
        }
        let hyperparameters = Hyperparameters()
        init(_ hyperparameters: Hyperparameters) {}
      }
      try await withTemporaryFolder { root in
        let error = await #expect(throws: ConfigError.self) {
          try await Trainer.quiet(root: root).fit(Misspelt(.init()), dataModule: BoringData())
        }
        #expect(
          error?.description
            == "Hyperparameters.settings: found 'num_worker'; expected one of num_workers")
      }
    }

    /// In single precision 0.7 × 10 is 7, in double precision it is below; PyTorch's writer counts in
    /// the predictions' own.
    @Test func curvesAreCountedInThePrecisionOfTheirPredictions() async throws {
      try await withTemporaryFolder { root in
        let writer = try SummaryWriter(directory: root)
        let predictions = floats([0.7, 1.000_000_1, 0.2, 0.9], [4])
        let labels = floats([1, 1, 0.25, 0], [4])
        writer.addPRCurve("single", labels: labels, predictions: predictions, thresholdCount: 11)
        writer.addPRCurve(
          "double", labels: labels, predictions: predictions.to(.float64), thresholdCount: 11)
        writer.addPRCurves(
          "classes", labels: floats([1, 1, 0, 0], [4]),
          predictions: predictions.reshaped(to: [4, 1]), thresholdCount: 11)
        try writer.close()
        func truePositives(_ tag: String) throws -> [Double] {
          let run = try Run(directory: root)
          let path = try #require(try Run.eventFiles(in: run.directory).first)
          let reader = try EventFileReader(path: path)
          while case .event(let event, _)? = try reader.next() {
            guard case .summary(let values) = event.content, values.first?.tag == tag,
              case .tensor(let tensor)? = values.first?.content,
              case .numbers(let numbers) = tensor.values
            else { continue }
            return Array(numbers.prefix(11))
          }
          return []
        }
        #expect(
          try truePositives("single")
            == [2.25, 2.25, 2.25, 2, 2, 2, 2, 2, 1, 1, 1])
        #expect(
          try truePositives("double")
            == [2.25, 2.25, 2.25, 2, 2, 2, 2, 1, 1, 1, 1])
        #expect(try truePositives("classes/class_0") == [2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 0])
      }
    }

    /// As PyTorch's writer lays them out; each pixel encodes its clip and time.
    @Test(arguments: [
      (1, [2]), (2, [2, 4]), (3, [2, 4, 6, 0]), (4, [2, 4, 6, 8]), (5, [2, 4, 6, 8, 10, 0, 0, 0]),
    ])
    func clipsRunSideBySide(clips: Int, lastFrame: [UInt8]) async throws {
      try await withTemporaryFolder { root in
        let writer = try SummaryWriter(directory: root)
        let pixels = (0..<clips * 2).map { UInt8($0 + 1) }
        writer.addVideo("v", Tensor(pixels, shape: [clips, 2, 1, 1, 1]))
        try writer.close()
        let image = try #require(try Run(directory: root).images("v").first?.value)
        let rows = clips > 3 ? 2 : 1
        #expect(image.width == lastFrame.count / rows)
        #expect(image.height == rows)
        // Colours of a frame's own table: the last one's begins behind its sizes and flags.
        let frame = try #require(image.encoded.lastIndex(of: 0x2C))
        let table = image.encoded[(frame + 10)...]
        let colors = Set(lastFrame).sorted()
        let found = colors.indices.map { table[table.startIndex + 3 * $0] }
        #expect(found == colors)
      }
    }

    @Test func aGraphHasScopesShapesAndEdges() {
      final class Residual: Layer {
        let inner = Linear(3, 3)
        override func forward(_ input: Tensor) -> Tensor { input + inner(input).relu() }
      }
      let model = Sequential(Linear(4, 3), ReLU(), Residual())
      let input = Tensor.zeros([2, 4])
      let nodes = GraphSummary(tracing: model, input: input) { model(input) }.nodes
      #expect(
        nodes.map(\.name) == [
          "input/input", "Sequential/Linear[0]/weight/weight", "Sequential/Linear[0]/bias/bias",
          "Sequential/Linear[0]/linear", "Sequential/ReLU[1]/relu",
          "Sequential/Residual[2]/Linear[inner]/weight/weight",
          "Sequential/Residual[2]/Linear[inner]/bias/bias",
          "Sequential/Residual[2]/Linear[inner]/linear", "Sequential/Residual[2]/relu",
          "Sequential/Residual[2]/add", "output/output",
        ])
      #expect(nodes[3].inputs == [nodes[0].name, nodes[1].name, nodes[2].name])
      #expect(nodes[4].inputs == ["Sequential/Linear[0]/linear"])
      #expect(nodes[3].outputShape == [2, 3])
      #expect(nodes[1].outputShape == [3, 4])
      #expect(nodes[3].dtype == .float32)
      #expect(nodes[8].inputs == [nodes[7].name])
      #expect(nodes[9].inputs == [nodes[4].name, nodes[8].name])
      #expect(nodes[10].inputs == [nodes[9].name])
    }

    /// Computations of a model outside its layers are in the model's box, an operation of several parts is one node,
    /// and a layer that is called twice has two nodes.
    @Test func aGraphHasTheOperationsBetweenLayers() {
      final class Net: Module {
        let first = Linear(4, 4)
        let loss = CrossEntropyLoss()
        let scale = Parameter(.ones([4]))
        func logits(_ x: Tensor) -> Tensor {
          call { (first(first(x)) * scale.value * 2).softmax(dimension: 1) }
        }
      }
      let model = Net()
      let (input, targets) = (Tensor.zeros([2, 4]), Tensor([0, 1] as [Int64]))
      let nodes = GraphSummary(tracing: model, input: input) {
        model.loss(model.logits(input), targets)
      }.nodes
      #expect(
        nodes.map(\.name) == [
          "input/input", "Net/Linear[first]/weight/weight", "Net/Linear[first]/bias/bias",
          "Net/Linear[first]/linear", "Net/Linear[first]/linear_1", "Net/scale/scale",
          "Net/multiply", "Net/multiply_1", "Net/softmax",
          "Net/CrossEntropyLoss[loss]/crossEntropy", "output/output",
        ])
      #expect(nodes[4].inputs == [nodes[3].name, nodes[1].name, nodes[2].name])
      #expect(nodes[6].inputs == [nodes[4].name, nodes[5].name])
      #expect(nodes[7].inputs == [nodes[6].name])
      #expect(nodes[8].attributes == "dimension: 1")
      #expect(nodes[9].inputs == [nodes[8].name])
      #expect(nodes[10].outputShape == [])
    }

    @Test func withoutAskingNoHPMetricStandsBesideTheHyperparameters() async throws {
      try await withTemporaryFolder { root in
        try await Trainer.quiet(maxEpochs: 1, root: root)
          .fit(Everything(), dataModule: BoringData())
        let found = try values(of: root)
        #expect(found["_hparams_/session_start_info"] != nil)
        #expect(found["_hparams_/experiment"] == nil)
        #expect(found["hp_metric"] == nil)
      }
    }
  }
}

private func floats(_ values: [Float], _ shape: Shape) -> Tensor { Tensor(values, shape: shape) }
