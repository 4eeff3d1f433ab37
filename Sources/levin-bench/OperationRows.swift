import Levin

/// Operations measured one by one; `scripts/bench.d/peers/torch_operations.py` has the same rows in PyTorch.
struct OperationRow {
  let name: String
  let body: () -> Void

  init(_ name: String, _ body: @escaping () -> Tensor) {
    self.name = name
    self.body = { _ = body() }
  }
}

extension OperationRow {
  /// Elementwise operations, reductions, comparisons and running sums of square matrices with `size` rows, contiguous
  /// and as transposed views.
  static func elementwise(size: Int) -> [OperationRow] {
    let (a, b) = (Tensor.rand([size, size]) - 0.5, Tensor.rand([size, size]) - 0.5)
    let (one, two) = (a + 0, b + 0)
    let ways = [
      ("", a, b), ("transposed ", a.transposed(), b),
      ("both transposed ", one.transposed(), two.transposed()),
    ]
    return ways.flatMap { way, a, b in
      let mask = a .< b
      var rows = [
        OperationRow("\(way)a + b") { a + b },
        OperationRow("\(way)a * b") { a * b },
        OperationRow("\(way)a < b") { a .< b },
        OperationRow("\(way)where") { Tensor.where(mask, a, b) },
      ]
      guard way != "both transposed " else { return rows }
      let row = b[0]
      rows += [
        OperationRow("\(way)a + row") { a + row },
        OperationRow("\(way)a * 2") { a * 2 },
        OperationRow("\(way)exp") { a.exp() },
        OperationRow("\(way)tanh") { a.tanh() },
        OperationRow("\(way)sigmoid") { a.sigmoid() },
        OperationRow("\(way)erf") { a.erf() },
        OperationRow("\(way)relu") { a.relu() },
        OperationRow("\(way)GELU, composed") {
          a * 0.5 * ((a * 0.707_106_781_186_547_6).erf() + 1)
        },
        OperationRow("\(way)to float64") { a.to(.float64) },
        OperationRow("\(way)copy") { (a + 0).contiguous() },
        OperationRow("\(way)sum") { a.sum() },
        OperationRow("\(way)sum of axis 0") { a.sum(dimension: 0) },
        OperationRow("\(way)sum of axis 1") { a.sum(dimension: 1) },
        OperationRow("\(way)maximum of axis 0") { a.maximum(dimensions: [0]) },
        OperationRow("\(way)maximum of axis 1") { a.maximum(dimensions: [1]) },
        OperationRow("\(way)argmax of axis 0") { a.argmax(dimension: 0) },
        OperationRow("\(way)argmax of axis 1") { a.argmax(dimension: 1) },
        OperationRow("\(way)softmax of axis 0") { a.softmax(dimension: 0) },
        OperationRow("\(way)softmax of axis 1") { a.softmax(dimension: 1) },
        OperationRow("\(way)log-softmax of axis 1") { a.logSoftmax(dimension: 1) },
        OperationRow("\(way)running sum of axis 0") { a.cumulativeSum(0) },
        OperationRow("\(way)running sum of axis 1") { a.cumulativeSum(1) },
      ]
      return rows
    }
  }

  /// Products of matrices: square, skinny, batched, transposed.
  static func products(_ dtype: DType) -> [OperationRow] {
    let shapes: [(m: Int, k: Int, n: Int)] =
      [64, 128, 256, 512, 1024, 2048].map { ($0, $0, $0) }
      + [
        (1, 1024, 1024), (1024, 1024, 1), (2048, 16, 2048), (16, 2048, 2048), (2048, 2048, 16),
        (64, 784, 128),
      ]
    func random(_ shape: Shape) -> Tensor { Tensor.rand(shape, dtype: dtype) - 0.5 }
    var rows = shapes.map { shape in
      let (a, b) = (random([shape.m, shape.k]), random([shape.k, shape.n]))
      return OperationRow("\(shape.m)×\(shape.k)×\(shape.n)") { a.matmul(b) }
    }
    let (a, b) = (random([512, 512]), random([512, 512]))
    rows += [
      OperationRow("512×512×512, A transposed") { a.transposed().matmul(b) },
      OperationRow("512×512×512, B transposed") { a.matmul(b.transposed()) },
      OperationRow("512×512×512, both transposed") { a.transposed().matmul(b.transposed()) },
    ]
    let (many, others) = (random([64, 128, 128]), random([64, 128, 128]))
    rows += [
      OperationRow("64 of 128×128×128") { many.matmul(others) },
      OperationRow("64 of 128×128×128, B transposed") { many.matmul(others.transposed(-1, -2)) },
    ]
    return rows
  }

  /// Sorting and indexing of a million elements.
  static func indexing() -> [OperationRow] {
    let count = 1 << 20
    let values = Tensor.rand([count])
    let order = Tensor.randperm(count)
    let rows = values.reshaped(to: [1 << 14, 64])
    let numbers = Tensor.randint(0..<(1 << 14), [1 << 14])
    let zeros = Tensor.zeros([count])
    return [
      OperationRow("sort") { values.sorted().values },
      OperationRow("sort of rows of 64") { rows.sorted().values },
      OperationRow("sort of int64") { order.sorted().values },
      OperationRow("top 100") { values.topK(100).values },
      OperationRow("top 8 of rows of 64") { rows.topK(8).values },
      OperationRow("gather") { values.gathered(0, order) },
      OperationRow("scatter-add") { zeros.scatterAdded(0, order, values) },
      OperationRow("index-select of elements") { values.indexSelected(0, order) },
      OperationRow("index-select of rows of 64") { rows.indexSelected(0, numbers) },
    ]
  }

  /// Random numbers, 16 million of each kind.
  static func random() -> [OperationRow] {
    let count = 1 << 24
    let generator = Generator(seed: 0)
    return [
      OperationRow("rand") { Tensor.rand([count], generator: generator) },
      OperationRow("randn") { Tensor.randn([count], generator: generator) },
      OperationRow("randperm") { Tensor.randperm(count, generator: generator) },
    ]
  }

  static func group(_ name: String) -> [OperationRow]? {
    switch name {
    case "large": elementwise(size: 4096)
    case "4096": elementwise(size: 64)
    case "64": elementwise(size: 8)
    case "float32": products(.float32)
    case "float64": products(.float64)
    case "indexing": indexing()
    case "random": random()
    case "convolutions": convolutions()
    case "layers": layers()
    case "steps": steps()
    case "metrics": metrics()
    case "optimizers": optimizers()
    default: nil
    }
  }

  /// The seconds of one call, measured `count` times; short calls are repeated between two readings of the clock, and
  /// one of several seconds is measured once.
  func seconds(count: Int) -> [Double] {
    body()
    let once = elapsed(body)
    if once > 2 { return [once] }
    let turns = Int(max(1, min(10_000, 300e-6 / max(once, 1e-9))))
    return sampled(count) { elapsed { for _ in 0..<turns { body() } } / Double(turns) }
  }
}
