import Foundation
import LevinTensorBoard
import Testing

/// Files of torch, tensorboardX, Lightning and TensorFlow, compared with what the stock protos read in them.
@Suite struct ReadingGoldenTests {
  static func expected() throws -> JSON {
    try JSONDecoder().decode(
      JSON.self, from: Data(contentsOf: URL(filePath: goldenEvents + "/expected.json")))
  }

  @Test func everyRecordOfEveryWriter() throws {
    let files = try #require(Self.expected()["files"]).members
    #expect(files.count == 11)
    for (name, records) in files {
      let (found, reader) = try items(goldenEvents + "/" + name)
      #expect(reader.tail == .clean, "\(name)")
      let events = found.map { item in
        switch item {
        case .event(let event, let offset): JSON(event, offset: offset)
        case .damage(let damage): JSON.string("\(damage)")
        }
      }
      let difference = Self.withoutWhatIsNotHeld(records).difference(from: .array(events))
      #expect(difference == nil, "\(name)")
    }
  }

  /// A histogram's last edge is replaced by the maximum.
  static func withoutWhatIsNotHeld(_ json: JSON) -> JSON {
    switch json {
    case .array(let elements): return .array(elements.map(withoutWhatIsNotHeld))
    case .object(var members):
      if case .array(let limits)? = members["limits"] {
        members["limits"] = .array(Array(limits.dropLast()))
      }
      return .object(members.mapValues(withoutWhatIsNotHeld))
    default: return json
    }
  }

  /// The curves of a run are what the full decoder finds, point by point.
  @Test func curvesAgreeWithTheFullDecoder() throws {
    for folder in ["torch", "tensorboardX", "tensorflow", "lightning/version_0"] {
      let run = try Run(directory: goldenEvents + "/" + folder)
      #expect(run.problems.isEmpty)
      var curves: [String: ScalarSeries] = [:]
      for file in run.files {
        for case .event(let event, _) in try items(file.path).items {
          guard case .summary(let values) = event.content else { continue }
          for value in values {
            let number: Double
            switch value.content {
            case .scalar(let float): number = Double(float)
            case .tensor(let tensor) where run.scalars(value.tag) != nil:
              number = try #require(tensor.scalar)
            default: continue
            }
            curves[value.tag, default: ScalarSeries()].steps.append(event.step)
            curves[value.tag]?.values.append(number)
            curves[value.tag]?.wallTimes.append(event.wallTime)
          }
        }
      }
      #expect(curves.count >= 2)
      for (tag, curve) in curves {
        let read = try #require(run.scalars(tag), "\(folder) \(tag)")
        #expect(read.steps == curve.steps)
        #expect(read.wallTimes == curve.wallTimes)
        #expect(read.values.map(\.bitPattern) == curve.values.map(\.bitPattern))
      }
    }
  }

  @Test func threeEncodingsOfScalars() throws {
    let torch = try Run(directory: goldenEvents + "/torch")
    #expect(torch.scalars("train/loss")?.values.prefix(2) == [2.5, 1.25])
    #expect(torch.scalars("val/acc")?.values.prefix(2) == [0.5, 0.75])
    #expect(torch.scalars("exact")?.values.prefix(2) == [1.0 / 3, 0.25])
    let odd = try #require(torch.scalars("odd"))
    #expect(odd.values[0].isNaN && odd.values[1] == .infinity && odd.values[2] == -1.5)
    #expect(odd.steps == [0, 1, -7])
    #expect(torch.scalars("späße/日本")?.steps == [1 << 40])
    let tensorflow = try Run(directory: goldenEvents + "/tensorflow")
    #expect(tensorflow.scalars("epoch_loss")?.count == 6)
    #expect(tensorflow.scalars("double")?.values == [1.0 / 3, 0.1])
    #expect(tensorflow.scalars("both/b")?.values == [3])
    let loss = try #require(tensorflow.tags.first { $0.name == "epoch_loss" })
    #expect(loss.metadata.displayName == "Loss")
    #expect(loss.metadata.description == "falls")
  }

  @Test func hyperparameters() throws {
    let expected = try #require(Self.expected()["hyperparameters"]).members
    #expect(expected.count >= 3)
    for (folder, values) in expected {
      let run = try Run(directory: goldenEvents + "/" + folder)
      let found = try #require(run.hyperparameters)
      #expect(found.values.count == values.members.count)
      for (name, value) in found.values {
        let expected = try #require(values[name])
        switch value {
        case .number(let number): #expect(expected["number_value"]?.double == number)
        case .string(let text): #expect(expected["string_value"] == .string(text))
        case .bool(let flag): #expect(expected["bool_value"] == .bool(flag))
        }
      }
    }
  }

  @Test func graphs() throws {
    let expected = try #require(Self.expected()["graphs"]).members
    #expect(!expected.isEmpty)
    for (folder, nodes) in expected {
      let graph = try #require(try Run(directory: goldenEvents + "/" + folder).graph())
      let found = graph.nodes.map { node in
        JSON.object([
          "name": .string(node.name), "op": .string(node.operation),
          "inputs": .array(node.inputs.map { .string($0) }), "device": .string(node.device),
        ])
      }
      #expect(nodes.difference(from: .array(found)) == nil)
    }
  }

  @Test func textsPicturesHistogramsAndSounds() throws {
    let torch = try Run(directory: goldenEvents + "/torch")
    let preds = try torch.texts("preds/text_summary")
    #expect(preds.map(\.step) == [2, 3])
    #expect(preds[0].value.text == "tensor([7, 2, 1, 0])")
    #expect(try torch.texts("preds/text_summary", last: 1) == [preds[1]])
    #expect(try torch.images("picture").map(\.value.width) == [8])
    #expect(try torch.images("several").map(\.value.width) == [16])
    let weights = try torch.histograms("weights")
    #expect(weights.map(\.value.count) == [41, 41])
    #expect(weights[0].value.buckets.first?.left == -8)
    #expect(weights[0].value.buckets.last?.right == 27)
    #expect(weights[0].value.buckets.reduce(0) { $0 + $1.count } == 41)
    #expect(try torch.sounds("tone").first?.value.sampleRate == 8000)
    #expect(try torch.tensors("tensor").first?.value.shape == [2, 3])

    let tensorflow = try Run(directory: goldenEvents + "/tensorflow")
    let notes = try tensorflow.texts("notes")
    #expect(notes.map(\.value.text) == ["plain **text**", "a\tb\n1\tü"])
    let pictures = try tensorflow.images("pictures")
    #expect(pictures.map(\.step) == [3, 3])
    #expect(pictures.allSatisfy { $0.value.format == .png && $0.value.height == 6 })
    let spread = try #require(try tensorflow.histograms("spread").first?.value)
    #expect(spread.buckets.map(\.count) == [3, 4, 1])
    #expect(spread.maximum == 2.5 && spread.minimum == -1 && spread.sum == nil)
  }

  @Test func kindsOfTags() throws {
    let run = try Run(directory: goldenEvents + "/torch")
    let kinds = Dictionary(uniqueKeysWithValues: run.tags.map { ($0.name, $0.kind) })
    #expect(kinds["train/loss"] == .scalar)
    #expect(kinds["val/acc"] == .scalar)
    #expect(kinds["picture"] == .image)
    #expect(kinds["preds/text_summary"] == .text)
    #expect(kinds["pr"] == .precisionRecallCurve)
    #expect(kinds["mesh_VERTEX"] == .mesh)
    #expect(kinds["custom_scalars__config__"] == .customScalarLayout)
    #expect(kinds["__run_graph__"] == .graph)
    #expect(kinds["tensor"] == .tensor(plugin: "tensor"))
  }
}
