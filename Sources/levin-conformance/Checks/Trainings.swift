import LevinConfiguration
import LevinOptimizers
import LevinTensor

/// A training of PyTorch's suite of optimizers: five steps twice, as scripts/golden/conformance_optimizers.py writes
/// it.
struct Training {
  /// A tensor of PyTorch's: in float64, with its dtype in the training, and the deviation of that one.
  private struct Expected {
    let value: Tensor
    let dtype: DType
    let deviation: Double
    /// As PyTorch had it, but for rounding.
    var own: Tensor { value.to(dtype) }
  }

  let name: String
  private let arguments: ConfigValue
  private let start: [Tensor]
  private let input: Tensor
  private let stages: [[String: Expected]]
  private static let steps = 5

  init(_ json: [String: Any], on device: Device) throws {
    guard let optimizer = json["optimizer"] as? String, let options = json["options"] as? [[Any]],
      let start = json["start"] as? [Any], let input = json["input"],
      let stages = json["stages"] as? [[String: [String: Any]]]
    else { throw CaseError("a training that lacks a part") }
    func tensor(_ json: Any) throws -> Tensor {
      guard let tensor = try Value(json).tensors.first else { throw CaseError("no tensor") }
      return tensor.to(device)
    }
    name = optimizer
    arguments = .object(
      try options.map { pair in
        guard pair.count == 2, let name = pair[0] as? String else { throw CaseError("a keyword") }
        return .init(name, try ConfigValue(Value(pair[1])))
      })
    self.start = try start.map(tensor)
    self.input = try tensor(input)
    self.stages = try stages.map {
      try $0.mapValues { json in
        guard let value = json["value"], let name = json["type"] as? String,
          let dtype = DType(torchName: name), let deviation = json["dev"] as? Double
        else { throw CaseError("an expected tensor that lacks a part") }
        return Expected(value: try tensor(value), dtype: dtype, deviation: deviation)
      }
    }
  }

  /// Trains from the start, and once more from PyTorch's state in the middle; returns the first difference, or nil.
  func difference() throws -> String? {
    let run = try begin()
    for (number, stage) in stages.enumerated() {
      train(run.parameters, run.optimizer)
      let steps = (number + 1) * Self.steps
      let found = tensors(run.parameters, run.optimizer)
      if let difference = difference(found, stage, run.optimizer, after: steps) {
        return "after \(steps) steps: \(difference)"
      }
    }
    let resumed = try begin(from: stages[0].mapValues(\.own))
    train(resumed.parameters, resumed.optimizer)
    return difference(
      tensors(resumed.parameters, resumed.optimizer), stages[1], resumed.optimizer,
      after: 2 * Self.steps
    ).map { "from PyTorch's state: \($0)" }
  }

  /// Parameters and state five steps later.
  func advanced(from saved: [String: Tensor]? = nil) throws -> [String: Tensor] {
    let (parameters, optimizer) = try begin(from: saved)
    train(parameters, optimizer)
    return tensors(parameters, optimizer)
  }

  /// The parameters and the optimizer at the start, or as they were saved.
  private func begin(
    from saved: [String: Tensor]? = nil
  ) throws -> (parameters: [Parameter], optimizer: Optimizer) {
    guard let row = optimizers.first(where: { $0.name == name }) else {
      throw CaseError("not offered")
    }
    let parameters = start.indices.map { Parameter(saved?["\($0)"] ?? start[$0]) }
    let optimizer = try row.make(parameters, arguments)
    if let saved { try optimizer.loadState(saved.filter { $0.key.contains(".") }) }
    return (parameters, optimizer)
  }

  /// The parameters under their indices, and the state.
  private func tensors(_ parameters: [Parameter], _ optimizer: Optimizer) -> [String: Tensor] {
    var result = optimizer.state.filter { !$0.key.hasPrefix("param_groups.") }
    for (index, parameter) in parameters.enumerated() {
      result["\(index)"] = parameter.value.detached()
    }
    return result
  }

  private func train(_ parameters: [Parameter], _ optimizer: Optimizer) {
    for _ in 0..<Self.steps {
      optimizer.step {
        optimizer.zeroGradients()
        var output = parameters[0].value.matmul(input)
        if parameters.count > 1 { output = output + parameters[1].value }
        let loss = output.squared().sum()
        loss.backward()
        return loss
      }
    }
  }

  private func difference(
    _ found: [String: Tensor], _ stage: [String: Expected], _ optimizer: Optimizer, after steps: Int
  ) -> String? {
    let names = (Set(found.keys).subtracting(stage.keys), Set(stage.keys).subtracting(found.keys))
    if let name = names.0.min() { return "\(name), which PyTorch does not have" }
    if let name = names.1.min() { return "\(name) is missing" }
    for (name, expected) in stage.sorted(by: { $0.key < $1.key }) {
      guard let result = found[name] else { continue }
      if result.shape != expected.value.shape {
        return "\(name): shape \(result.shape) for \(expected.value.shape)"
      }
      let (a, b) = (numbers(result), numbers(expected.value))
      var allowed = max(tolerance * (b.map(abs).max() ?? 0), 4 * expected.deviation)
      // Muon's steps are rounded to bfloat16.
      if self.name == "Muon", !name.contains(".") {
        allowed = 0.02 * optimizer.learningRate * Double(steps)
      }
      for (place, (x, y)) in zip(a, b).enumerated() where !(abs(x - y) <= allowed) {
        return "\(name), element \(place): \(x) for \(y), allowed \(allowed)"
      }
    }
    return nil
  }

  private func numbers(_ tensor: Tensor) -> [Double] {
    tensor.detached().to(.cpu).to(.float64).scalars(as: Double.self)
  }

  /// How much of the largest number of an entry may differ.
  private var tolerance: Double {
    switch name {
    case "LBFGS": 1e-9
    case "Muon": 1e-3
    default: start[0].dtype == .float64 ? 1e-12 : 1e-6
    }
  }
}

/// Replays the trainings from `first` on, and prints one line with the result of each.
func replayTrainings(_ file: CaseFile, from first: Int, on device: Device) throws {
  for index in first..<file.count {
    do {
      let difference = try Training(file.json(index), on: device).difference()
      printLine(difference.map { "failed \($0)" } ?? "passed")
    } catch {
      printLine("failed \(error)")
    }
  }
}

/// The results of the trainings, for each optimizer.
func replayOptimizers(_ file: CaseFile, on device: Device) throws -> [EntryResult] {
  var results = optimizers.map {
    EntryResult(entry: Entry(name: $0.name, variant: "", scope: "optim_db"))
  }
  for (index, outcome) in try outcomes(of: file, on: device).enumerated() {
    let name = try file.json(index)["optimizer"] as? String ?? ""
    if !results.contains(where: { $0.entry.name == name }) {
      results.append(EntryResult(entry: Entry(name: name, variant: "", scope: "optim_db")))
    }
    guard let place = results.firstIndex(where: { $0.entry.name == name }) else { continue }
    results[place].add(outcome, number: index + 1)
  }
  for index in results.indices where results[index].cases == 0 {
    results[index].difference = "no cases"
  }
  return results
}
