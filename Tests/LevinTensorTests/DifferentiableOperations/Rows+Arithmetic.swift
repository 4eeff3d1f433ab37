import LevinTensor

// Operators, and functions of two tensors.

extension DifferentiableOperation {
  static let arithmetic: [Row] = [
    Row("+", [[2, 3], [3]]) { $0[0] + $0[1] },
    Row("+", [[3]]) { $0[0] + 2 },
    Row("-", [[2, 1], [1, 3]]) { $0[0] - $0[1] },
    Row("-", [[3]]) { -(2 - $0[0]) },
    Row("*", [[2, 3], [2, 1]]) { $0[0] * $0[1] },
    Row("/", [[2, 3], []]) { $0[0] / $0[1] },
    Row("/", [[3]]) { 2 / $0[0] },
    Row("+=", [[2, 3], [3]]) {
      var x = $0[0] * 1
      x += $0[1]
      return x
    },
    Row("-=", [[3], [3]]) {
      var x = $0[0] * 1
      x -= $0[1]
      return x
    },
    Row("*=", [[3], [3]]) {
      var x = $0[0] * 1
      x *= $0[1]
      return x
    },
    Row("/=", [[3], [3]]) {
      var x = $0[0] * 1
      x /= $0[1]
      return x
    },
    Row("divided(by:rounding:)", [[3], [3]]) { $0[0].divided(by: $0[1], rounding: .floor) },
    Row("divided(by:rounding:)", [[3], [3]]) { $0[0].divided(by: $0[1], rounding: .truncate) },
    Row("remainder(dividingBy:)", [[3], [3]]) { $0[0].remainder(dividingBy: $0[1]) },
    Row("remainder(dividingBy:)", [[3]]) { $0[0].remainder(dividingBy: 0.4) },
    Row("remainder(_:dividingBy:)", [[3]]) { Tensor.remainder(2.3, dividingBy: $0[0]) },
    Row("power(_:)", [[2, 2], [2]]) { $0[0].power($0[1]) },
    Row("power(_:)", [[3]]) { $0[0].power(2.5) },
    Row("power(_:_:)", [[3]]) { Tensor.power(1.5, $0[0]) },
    Row("logAddExp(_:)", [[3], [3]]) { $0[0].logAddExp($0[1].flipped(0) * 1.1) },
    Row("logAddExp2(_:)", [[3], [3]]) { $0[0].logAddExp2($0[1].flipped(0) * 1.1) },
    Row("xlogy(_:)", [[3], [3]]) { $0[0].xlogy($0[1]) },
    Row("xlog1py(_:)", [[3], [3]]) { $0[0].xlog1py($0[1]) },
    Row("hypot(_:)", [[3], [3]]) { $0[0].hypot($0[1]) },
    Row("copySign(_:)", [[3], [3]]) { $0[0].copySign(-$0[1]).squared() },
    Row("fmax(_:_:)", [[3], [3]]) { Tensor.fmax($0[0], $0[1] * 1.1).squared() },
    Row("fmod(_:)", [[3], [3]]) { ($0[0] * 3.3).fmod($0[1]).squared() },
    Row("addingProduct(of:and:value:)", [[3], [3], [3]]) {
      $0[0].addingProduct(of: $0[1], and: $0[2], value: 0.5)
    },
    Row("addingQuotient(of:and:value:)", [[3], [3], [3]]) {
      $0[0].addingQuotient(of: $0[1], and: $0[2], value: 0.5)
    },
    Row("fmin(_:_:)", [[3], [3]]) { Tensor.fmin($0[0], $0[1] * 1.1).squared() },
    Row("heaviside(_:)", [[3], [3]]) { ($0[0] - 1).heaviside($0[1]).squared() },
  ]
}
