import Foundation
import LevinConfiguration
import LevinFormats
import LevinOptimizers
import LevinTensor
import Testing

/// A training of the golden data: an optimizer of PyTorch with options of its own, a problem, and what came of it.
struct Training: Decodable, Sendable, CustomTestStringConvertible {
  struct Numbers: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
  }
  let optimizer: String
  let options: Options
  let problem: String
  let steps: Int
  let after: [[[Double]]]
  let single: [[Double]]?
  let state: [String: Numbers]
  let spread: Double

  /// Options as a tree with Levin's names.
  struct Options: Decodable, Sendable {
    let text: String
    init(from decoder: any Decoder) throws {
      let values = try decoder.singleValueContainer().decode([String: Value].self)
      text = values.sorted { $0.key < $1.key }.map { key, value in
        "\(Self.names[key] ?? key): \(value)"
      }.joined(separator: "\n")
    }
    private static let names = [
      "lr": "learning_rate", "eps": "epsilon", "d": "clipping_threshold",
      "lr_decay": "learning_rate_decay", "lambd": "decay", "t0": "averaging_start",
      "ns_steps": "iterations", "ns_coefficients": "coefficients", "adjust_lr_fn": "adjustment",
      "max_iter": "max_iterations", "tolerance_grad": "tolerance_gradient",
      "line_search_fn": "line_search",
    ]
  }

  indirect enum Value: Decodable, CustomStringConvertible {
    case null, bool(Bool), number(Double), word(String), list([Value])
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let value = try? container.decode(Bool.self) {
        self = .bool(value)
      } else if let value = try? container.decode(Double.self) {
        self = .number(value)
      } else if let value = try? container.decode(String.self) {
        self = .word(value)
      } else {
        self = .list(try container.decode([Value].self))
      }
    }
    var description: String {
      switch self {
      case .null: "null"
      case .bool(let value): "\(value)"
      case .number(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
      case .word(let value): value
      case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
      }
    }
  }

  var testDescription: String {
    "\(optimizer), \(problem): \(options.text.replacing("\n", with: ", "))"
  }

  static func golden<T: Decodable>(_ name: String, as type: T.Type = T.self) -> T {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/optimizers/\(name).json.gz")
    do {
      let bytes = try Gzip.inflate(
        Array(Data(contentsOf: file)), path: file.path, limit: 1 << 24)
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch { fatalError("\(file.path): \(error)") }
  }

  static let all: [Training] = golden("trainings")

  /// Whether `scripts/test --long` runs, which takes all trainings to the end.
  static let isLong = ProcessInfo.processInfo.environment["LEVIN_LONG"] == "1"

  /// The trainings of the first problem, all of them in a long run.
  static let some = all.filter { isLong || $0.problem == "regression" }

  /// Whether it is the first training of its optimizer and problem.
  var isFirst: Bool {
    Self.all.first { $0.optimizer == optimizer && $0.problem == problem }?.options.text
      == options.text
  }
}

/// Numbers that PyTorch's side makes in the same way.
private func wave(_ shape: Shape, _ step: Double, _ shift: Double) -> Tensor {
  Tensor((0..<shape.elementCount).map { sin(step * Double($0) + shift) }, shape: shape)
}

/// A training while it runs.
struct Problem {
  let parameters: [Parameter]
  let loss: () -> Tensor

  init(_ name: String, _ dtype: DType, on device: Device = .cpu) {
    func wave(_ shape: Shape, _ step: Double, _ shift: Double) -> Tensor {
      LevinOptimizersTests.wave(shape, step, shift).to(dtype).to(device)
    }
    let isRegression = name == "regression"
    let shapes: [Shape] = isRegression ? [[2, 3]] : [[4, 3], [4, 1], [2, 4]]
    let parameters = shapes.enumerated().map { Parameter(wave($1, 0.8, 0.5 + Double($0))) }
    self.parameters = parameters
    if isRegression {
      let (x, y) = (wave([6, 3], 0.7, 0.1), wave([6, 2], 1.3, 0.4))
      loss = { (x.matmul(parameters[0].value.transposed()) - y).squared().mean() }
    } else {
      let (x, y) = (wave([3, 5], 0.9, 0.2), wave([2, 5], 1.1, 0.3))
      loss = {
        let hidden = (parameters[0].value.matmul(x) + parameters[1].value).tanh()
        return (parameters[2].value.matmul(hidden) - y).squared().mean()
      }
    }
  }

  func step(_ optimizer: Optimizer) {
    optimizer.step {
      optimizer.zeroGradients()
      let loss = loss()
      loss.backward()
      return loss
    }
  }

  var values: [[Double]] {
    parameters.map { $0.value.detached().to(.cpu).to(.float64).scalars(as: Double.self) }
  }
}

/// An optimizer of PyTorch's name with options as a command line would give them.
func makeOptimizer(_ name: String, _ parameters: [Parameter], _ text: String) throws -> Optimizer {
  func make<Options>(
    _ type: (some TypedOptimizer<Options>).Type, _ initialize: ([Parameter], Options) -> Optimizer
  ) throws -> Optimizer {
    let schema = ConfigSchema(of: Options.self)
    var errors: [ConfigError] = []
    let changes = try YAMLNode.parse(text, file: "options").flatMap {
      schema.checked($0, at: "", in: "options", errors: &errors)
    }
    #expect(errors.isEmpty, "\(errors)")
    #expect(Set(schema.defaults.members.map(\.key)) == Set(Options.help.keys), "help of \(name)")
    let tree = changes.map { schema.defaults.merging($0) } ?? schema.defaults
    return initialize(parameters, try Options(decoding: tree))
  }
  return switch name {
  case "Adadelta": try make(Adadelta.self, Adadelta.init)
  case "Adafactor": try make(Adafactor.self, Adafactor.init)
  case "Adagrad": try make(Adagrad.self, Adagrad.init)
  case "Adam": try make(Adam.self, Adam.init)
  case "Adamax": try make(Adamax.self, Adamax.init)
  case "AdamW": try make(AdamW.self, AdamW.init)
  case "ASGD": try make(ASGD.self, ASGD.init)
  case "LBFGS": try make(LBFGS.self, LBFGS.init)
  case "Muon": try make(Muon.self, Muon.init)
  case "NAdam": try make(NAdam.self, NAdam.init)
  case "RAdam": try make(RAdam.self, RAdam.init)
  case "RMSprop": try make(RMSprop.self, RMSprop.init)
  case "Rprop": try make(Rprop.self, Rprop.init)
  case "SGD": try make(SGD.self, SGD.init)
  default: try #require(nil, "no such optimizer: \(name)")
  }
}
