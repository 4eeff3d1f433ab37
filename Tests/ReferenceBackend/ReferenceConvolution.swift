import CLevinKernels
package import LevinTensor

extension ReferenceBackend {
  package func convolve(
    _ x: Operand, _ weight: Operand, bias: Operand?, _ geometry: ConvolutionGeometry,
    into result: Operand
  ) {
    let (inputs, weights) = (x.elements, weight.elements)
    var sums = zeros(of: result)
    forEachTerm(geometry, x.shape, weight.shape, result.shape) { x, w, y in
      sums[y] = value(.add, sums[y], value(.multiply, inputs[x], weights[w]))
    }
    result.store(adding(bias, to: sums, of: result.shape))
  }

  package func convolveInputGradient(
    _ gradient: Operand, _ weight: Operand, bias: Operand?, _ geometry: ConvolutionGeometry,
    into result: Operand
  ) {
    let (outputs, weights) = (gradient.elements, weight.elements)
    var sums = zeros(of: result)
    forEachTerm(geometry, result.shape, weight.shape, gradient.shape) { x, w, y in
      sums[x] = value(.add, sums[x], value(.multiply, outputs[y], weights[w]))
    }
    result.store(adding(bias, to: sums, of: result.shape))
  }

  package func convolveWeightGradient(
    _ gradient: Operand, _ x: Operand, _ geometry: ConvolutionGeometry, into result: Operand
  ) {
    let (outputs, inputs) = (gradient.elements, x.elements)
    var sums = zeros(of: result)
    forEachTerm(geometry, x.shape, result.shape, gradient.shape) { x, w, y in
      sums[w] = value(.add, sums[w], value(.multiply, outputs[y], inputs[x]))
    }
    result.store(sums)
  }

  /// Calls `body` once for each product, with the row-major indices of an element of the input, one of the weight,
  /// and the one of the output to which their product is added.
  private func forEachTerm(
    _ geometry: ConvolutionGeometry, _ x: Shape, _ weight: Shape, _ y: Shape,
    _ body: (_ x: Int, _ w: Int, _ y: Int) -> Void
  ) {
    let (outputs, windows) = (indices(y.dropFirst(2)), indices(weight.dropFirst(2)))
    for n in 0..<y[0] {
      for o in 0..<y[1] {
        let group = o / (y[1] / geometry.groups)
        for (t, output) in outputs.enumerated() {
          for (k, window) in windows.enumerated() {
            var (place, isInside) = (0, true)
            for d in output.indices {
              let i =
                output[d] * geometry.stride[d] + window[d] * geometry.dilation[d]
                - geometry.padding[d]
              isInside = isInside && 0..<x[d + 2] ~= i
              place = place * x[d + 2] + i
            }
            guard isInside else { continue }
            for i in 0..<weight[1] {
              let channel = group * weight[1] + i
              body(
                (n * x[1] + channel) * x.dropFirst(2).reduce(1, *) + place,
                (o * weight[1] + i) * windows.count + k, (n * y[1] + o) * outputs.count + t)
            }
          }
        }
      }
    }
  }

  private func zeros(of result: Operand) -> [Element] {
    [Element](
      repeating: result.dtype.isFloatingPoint ? .float(0) : .integer(0),
      count: result.shape.elementCount)
  }

  /// Sums `[batch, channels, …]` plus one number per channel.
  private func adding(_ bias: Operand?, to sums: [Element], of shape: Shape) -> [Element] {
    guard let terms = bias?.elements else { return sums }
    let points = shape.dropFirst(2).reduce(1, *)
    return sums.enumerated().map { value(.add, $1, terms[$0 / points % shape[1]]) }
  }
}

/// All indices of an array of these sizes, in row-major order.
func indices(_ sizes: some Sequence<Int>) -> [[Int]] {
  sizes.reduce([[]]) { indices, size in indices.flatMap { index in (0..<size).map { index + [$0] } }
  }
}
